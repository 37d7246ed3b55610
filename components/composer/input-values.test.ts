import { describe, expect, test } from 'vitest';
import type { FormField } from '@/lib/providers/port';
import { openFields, problemsOf, remembered, shownValues } from './input-values';

const level: FormField = {
  name: 'level',
  type: 'choice',
  description: '',
  required: true,
  default: 'info',
  options: ['info', 'debug'],
};
const count: FormField = { name: 'count', type: 'number', description: '', required: true, default: null, options: [] };
const dry: FormField = { name: 'dry', type: 'boolean', description: '', required: false, default: null, options: [] };

describe('values of the form', () => {
  test('typed comes before last time, last time before the default', () => {
    expect(shownValues([level, count, dry], { level: 'debug', count: 3 }, { count: '5' })).toEqual({
      level: 'debug',
      count: '5',
      dry: false,
    });
  });

  test('last time is forgotten where it does not fit any more', () => {
    expect(remembered(level, { level: 'trace' })).toBeUndefined();
    expect(remembered(level, { level: 'info' })).toBeUndefined();
    expect(remembered(dry, { dry: true })).toBe(true);
  });

  test('a cleared field stays cleared', () => {
    expect(shownValues([count], { count: 3 }, { count: '' })).toEqual({ count: '' });
  });

  test('what the target fixes is not asked for', () => {
    expect(openFields([level, count], { level: 'info' })).toEqual([count]);
  });

  test('each field gets its own sentence', () => {
    expect(problemsOf([level, count], { level: 'nope', count: '' })).toEqual({
      level: 'Choose one of the options: info, debug.',
      count: 'This is required.',
    });
    expect(problemsOf([level, count], { level: 'debug', count: '5' })).toEqual({});
  });
});
