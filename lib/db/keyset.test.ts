import { describe, expect, test } from 'vitest';
import { moment } from '@/lib/kernel/moment';
import { cursorAt, placeAt } from './keyset';

const NUMBER = /^\d{1,15}$/;

describe('a place in a list', () => {
  test('is read as it was written, to the microsecond', () => {
    const place = { at: '2026-02-28T23:59:59.123456Z', id: '7' };
    expect(placeAt(cursorAt(place), NUMBER)).toEqual(place);
  });

  test.each([
    ...['', '~', '7', '2026-02-28T23:59:59.123456Z', '2026-02-28T23:59:59.123Z~7', '2026-02-28T23:59:59.123456Z~x'],
    ...['2026-02-30T00:00:00.000000Z~1', '2026-02-28T24:00:00.000000Z~1', '0000-01-01T00:00:00.000000Z~1'],
    ...['1969-12-31T23:59:59.000000Z~1', '2026-02-28T23:59:59.123456Z~7~7', '2026-02-28T23:59:59.123456Z~7\n'],
  ])('%j is none', (cursor) => {
    expect(() => placeAt(cursor, NUMBER)).toThrow(expect.objectContaining({ code: 'cursor_invalid' }));
  });
});

describe('a moment that comes in', () => {
  test.each([
    ['2026-01-31T08:00:00Z', true],
    ['2026-01-31T08:00:00.123+14:00', true],
    ['1970-01-01T00:00:00Z', true],
    ['9999-12-31T23:59:59.999Z', true],
    ['9999-12-31T23:59:59-23:59', false],
    ['1969-12-31T23:59:59Z', false],
    ['1970-01-01T00:00:00+01:00', false],
    ['0000-01-01T00:00:00Z', false],
    ['2026-02-30T00:00:00Z', false],
    ['tomorrow', false],
  ])('%s: %s', (text, good) => {
    expect(moment.safeParse(text).success).toBe(good);
  });
});
