import { expect, test } from 'vitest';
import { inspect } from '@/lib/extensions/server/inspect';
import { bufferSource } from '@/lib/extensions/server/zip-source';
import { SEED_PACKAGES } from './packages';

test('the example team’s packages are packages: each passes as what it says, one of them with a warning to look at', async () => {
  const seen = await Promise.all(SEED_PACKAGES.map(({ bytes }) => inspect(bufferSource(bytes))));
  const said = SEED_PACKAGES.map(({ version, targetPlatform, prerelease }) => ({
    version,
    targetPlatform,
    prerelease,
  }));
  expect(seen.map(({ facts }) => facts)).toEqual(said.map((each) => expect.objectContaining(each)));
  expect(seen.map(({ scan }) => scan)).toEqual(SEED_PACKAGES.map(() => 'passed'));
  const findings = seen.flatMap(({ facts, findings: all }) => all.map(({ code }) => [facts?.version, code]));
  expect(findings.every(([version]) => version === '0.10.0')).toBe(true);
  expect(findings.length).toBeGreaterThan(0);
});
