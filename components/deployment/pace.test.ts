import { describe, expect, test } from 'vitest';
import { paceInWords, paceOf } from './pace';

const usual = { p50Ms: 130_000, p90Ms: 180_000, sample: 20 };

describe('pace', () => {
  test('slower only beyond what nine of ten took, running or ended', () => {
    expect(paceOf(180_000, usual, false)).toBeNull();
    expect(paceOf(180_001, usual, false)).toBe('slower');
    expect(paceInWords(200_000, usual, true)).toBe('usually 2 m 10 s · slower than usual');
  });

  test('only a success is called fast', () => {
    expect(paceOf(1_000, usual, false)).toBeNull();
    expect(paceOf(60_000, usual, true)).toBe('faster');
  });

  test('without a history it says so', () => {
    expect(paceInWords(1_000, null, false)).toBe('no usual time yet');
  });
});
