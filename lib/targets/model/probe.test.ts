import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitsProbe, Probe, readProbe, shownUrl } from './probe';

const SHA = '0123456789abcdef0123456789abcdef01234567';
const bySha = { field: 'build.sha', says: 'sha' } as const;
const byText = { field: null, says: 'sha' } as const;
const byVersion = { field: 'version', says: 'version' } as const;

describe('an answer of a probe', () => {
  test.each([
    [bySha, `{"build":{"sha":"${SHA}"}}`, SHA],
    [bySha, `{"build":{"sha":" ${SHA.slice(0, 7).toUpperCase()} "}}`, SHA.slice(0, 7)],
    [byText, `${SHA.slice(0, 12)}\n`, SHA.slice(0, 12)],
    [byText, `"${SHA}"`, SHA],
    [byVersion, '{"version":"v1.4.2"}', 'v1.4.2'],
    [byVersion, '{"version":7}', '7'],
  ])('%j of %s is %s', (probe, text, value) => {
    expect(readProbe(probe, text)).toEqual({ kind: 'says', value });
  });

  test.each([
    [bySha, ''],
    [bySha, '<html>Sign in</html>'],
    [bySha, '{"build":null}'],
    [bySha, '{"build":{"sha":true}}'],
    [bySha, '{"build":{"sha":"0123456789abcdef0123456789abcdef012345678"}}'],
    [bySha, '{"build":{"sha":"012345"}}'],
    [{ field: '__proto__.sha', says: 'sha' } as const, '{}'],
    [{ field: 'constructor.name', says: 'version' } as const, '{}'],
    [byText, '<html>ok</html>'],
    [byText, 'healthy'],
    [byVersion, '{"version":"two words"}'],
    [byVersion, '{"version":""}'],
  ])('%j of %s is trouble, which says why', (probe, text) => {
    expect(readProbe(probe, text)).toMatchObject({ kind: 'trouble', sentence: expect.stringMatching(/^\S.{10,}$/) });
  });

  test('is never taken for a commit of which it shows fewer than seven digits or others', () => {
    const wanted = { sha: SHA, version: '1.4.2' };
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), fc.constantFrom(bySha, byText), (text, probe) => {
        const body = probe.field ? JSON.stringify({ build: { sha: text } }) : text;
        const answer = readProbe(probe, body);
        if (answer.kind === 'says' && fitsProbe(probe, answer.value, wanted))
          expect(answer.value.length >= 7 && SHA.startsWith(answer.value)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
    for (let digits = 1; digits <= 40; digits++) {
      const said = readProbe(byText, SHA.slice(0, digits));
      expect(said.kind === 'says' && fitsProbe(byText, said.value, wanted)).toBe(digits >= 7);
    }
  });

  test('with a version fits that very version, with or without its v', () => {
    const wanted = { sha: SHA, version: '1.4.2' };
    expect(['1.4.2', 'v1.4.2', '1.4.20', '1.4', 'V1.4.2'].map((value) => fitsProbe(byVersion, value, wanted))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
    expect(fitsProbe(byVersion, '1.4.2', { sha: SHA, version: null })).toBe(false);
  });
});

test.each(['file:///etc/passwd', 'ftp://a.example/v', 'a.example/version', 'javascript:alert(1)', ''])(
  'the address %j is refused with a sentence',
  (url) => {
    const parsed = Probe.safeParse({ url });
    expect(parsed.error?.issues[0]?.message).toMatch(/^Enter an address/);
  },
);

test('credentials do not belong into the address, and its query is not shown', () => {
  const parsed = Probe.safeParse({ url: 'https://ada:secret@api.example.com/version' });
  expect(parsed.error?.issues[0]?.message).toBe('Leave the name and the password out of the address.');
  expect(shownUrl('https://api.example.com/version?key=secret#x')).toBe('https://api.example.com/version');
});
