import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { inspect } from '@/lib/extensions/server/inspect';
import { bufferSource } from '@/lib/extensions/server/zip-source';
import { sampleVsix } from '@/lib/extensions/testing/sample-vsix';
import { runs } from './catalog';
import { generatePackage } from './generated-packages';
import { BAD_PACKAGES } from './packages';

const look = (bytes: Buffer) => inspect(bufferSource(bytes));

describe('D4: packages of extensions', () => {
  test('a good one passes, with nothing to say against it', async () => {
    const { scan, facts, findings, files } = await look(sampleVsix());
    expect({ scan, findings }).toEqual({ scan: 'passed', findings: [] });
    expect(facts).toEqual({
      publisher: 'acme',
      name: 'demo',
      version: '1.0.0',
      targetPlatform: 'universal',
      prerelease: false,
      engine: '^1.90.0',
    });
    expect(files).toHaveLength(5);
  });

  test.each(BAD_PACKAGES.map((each) => [each.name, each] as const))('%s', async (_name, { code, level, make }) => {
    const { scan, findings } = await look(make());
    expect(findings.map((each) => each.code)).toContain(code);
    expect(scan).toBe(level === 'warn' ? 'passed' : 'refused');
  });
});

/** Read once more by nothing of ours but the rules that a disk has: what passed may be unpacked anywhere. */
function unsafe(paths: readonly string[]): string[] {
  const keys = paths.map((each) => each.normalize('NFKC').toLowerCase());
  return paths.filter((each, at) => {
    const resolved = path.posix.normalize(each);
    return (
      resolved !== each ||
      each.startsWith('/') ||
      each.startsWith('..') ||
      /[\\:\0]/.test(each) ||
      keys.indexOf(keys[at] ?? '') !== at
    );
  });
}

describe('D4: generated packages', () => {
  test(`${runs('D4').toLocaleString('en')} with a structure that lies: none gets through that should not, and each ends soon`, {
    timeout: 20_000 * (runs('D4') / 20_000) + 60_000,
  }, async () => {
    const first = Number(process.env.AETHERSTACK_SEED ?? Date.now() % 1_000_000_000);
    const wrong: string[] = [];
    const seen = { passed: 0, refused: 0, unknown: 0 };
    for (let seed = first; seed < first + runs('D4') && wrong.length < 5; seed++) {
      const { bytes, harmful } = generatePackage(seed);
      const begun = performance.now();
      const { scan, files, findings, facts } = await look(bytes);
      const tooLong = performance.now() - begun > 5_000;
      seen[scan] += 1;
      const bad = scan === 'passed' && (harmful || facts === null || unsafe(files.map((each) => each.path)).length > 0);
      const unsaid = scan !== 'passed' && findings.length === 0;
      if (bad || unsaid || tooLong || scan === 'unknown')
        wrong.push(`seed ${seed}: ${scan} ${findings[0]?.code ?? ''}`);
    }
    expect(wrong).toEqual([]);
    // Both ways are really taken.
    expect(Math.min(seen.passed, seen.refused)).toBeGreaterThan(runs('D4') / 50);
  });
});
