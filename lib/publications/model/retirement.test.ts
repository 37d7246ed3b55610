import { expect, test } from 'vitest';
import { daysUntil, daysWords, nearest, secretsIn, settingsWith } from './retirement';

test('days are counted as people count them, and what is over says so', () => {
  const words = (today: string) => daysWords(daysUntil('2026-12-01', today));
  expect(words('2026-11-27')).toBe('4 days left');
  expect(words('2026-11-30')).toBe('1 day left');
  expect(words('2026-12-01')).toBe('ended today');
  expect(words('2026-12-04')).toBe('ended 3 days ago');
});

test('the end that comes first counts, and no end is no number', () => {
  expect(nearest(['2027-03-01T08:00:00Z', '2026-12-01'], '2026-11-27')).toBe(4);
  expect(nearest([null, undefined], '2026-11-27')).toBeNull();
});

test('an end is told by the clock: a day that a credential lasts into counts, and from its moment on it is over', () => {
  const at = (end: string, now: string) => daysWords(nearest([end], now) ?? Number.NaN);
  const midnight = '2026-12-01T00:00:00.000Z';
  expect(at(midnight, '2026-11-28T07:00:00Z')).toBe('3 days left');
  expect(at(midnight, '2026-11-30T23:59:59Z')).toBe('1 day left');
  expect(at(midnight, '2026-12-01T00:00:00Z')).toBe('ended today');
  expect(at(midnight, '2026-12-02T07:00:00Z')).toBe('ended 1 day ago');
  expect(at('2026-12-24T20:00:00Z', '2026-12-24T10:00:00Z')).toBe('1 day left');
  expect(at('2026-12-24T20:00:00Z', '2026-12-24T21:00:00Z')).toBe('ended today');
});

/** As a workflow writes it. */
const use = (expression: string) => `$\{{ ${expression} }}`;

test('a workflow uses a secret however it writes it, and not one whose name only begins alike', () => {
  const names = ['VSCE_PAT', 'OVSX_PAT'];
  expect(secretsIn(`VSCE_PAT: ${use('secrets.VSCE_PAT')}`, names)).toEqual(['VSCE_PAT']);
  expect(secretsIn(`TOKEN: ${use("secrets['vsce_pat']")}\nB: ${use('secrets . OVSX_PAT')}`, names)).toEqual(names);
  expect(secretsIn(`A: ${use('secrets.VSCE_PATH')}\nVSCE_PAT: plain\n# OVSX_PAT`, names)).toEqual([]);
});

test('settings keep what they had and take the other way', () => {
  expect(JSON.parse(settingsWith('{"kind":"extension","marketplace":"pat"}', { marketplace: 'entra' }) ?? '')).toEqual({
    kind: 'extension',
    marketplace: 'entra',
  });
  expect([settingsWith('[]', {}), settingsWith('{', {})]).toEqual([null, null]);
});
