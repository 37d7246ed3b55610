import { expect, test } from 'vitest';
import { said } from './signal-words';

test.each([
  [0, '0'],
  [0.004, '< 0.01'],
  [0.0051, '0.01'],
  [4.126, '4.13'],
  [99, '99'],
  [99.29, '99.29'],
  [99.997, '99.99'],
  [100, '100'],
  [123.4, '123'],
])('%d is said as %s: what is not 0 or 100 is not called so', (value, text) => {
  expect(said(value)).toBe(text);
});
