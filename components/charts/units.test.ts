import { describe, expect, test } from 'vitest';
import { extentOf, valueText } from './units';

describe('a value is as short as an axis needs it', () => {
  test.each([
    [0, '0 %'],
    [0.001, '< 0.01 %'],
    [0.04, '0.04 %'],
    [4.13, '4.1 %'],
    [98.94, '98.9 %'],
    [99.93, '99.93 %'],
    [99.999, '99.99 %'],
    [100, '100 %'],
  ])('and %f % is neither nothing nor all unless it is', (value, text) => {
    expect(valueText(value, 'percent')).toBe(text);
  });

  test('two steps of an axis never read the same', () => {
    expect([0, 500, 1_000, 1_500, 2_000, 65_000].map((value) => valueText(value, 'ms'))).toEqual([
      ...['0 s', '500 ms', '1 s', '1.5 s', '2 s', '1 m 5 s'],
    ]);
    expect([0.001, 0.04, 12.34].map((value) => valueText(value, 'per_second'))).toEqual([
      '< 0.01/s',
      '0.04/s',
      '12.3/s',
    ]);
  });
});

test('an axis holds what is drawn and what is usual, and gaps are no zero', () => {
  const points = [
    [0, 99],
    [1, null],
    [2, 98],
  ] as const;
  expect(extentOf([points, []], 97.5, undefined)).toEqual({ least: 97.5, greatest: 99 });
  expect(extentOf([[[0, null]]])).toEqual({ least: 0, greatest: 0 });
});
