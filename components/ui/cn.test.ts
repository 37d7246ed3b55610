import { describe, expect, test } from 'vitest';
import { cn } from './cn';

describe('class names', () => {
  test('a later class wins over an earlier one of the same property, in its own variants only', () => {
    expect(cn('h-8 px-3 text-sm text-ink', 'h-9 px-4')).toBe('text-sm text-ink h-9 px-4');
    expect(cn('h-8 pointer-coarse:h-10', 'pointer-coarse:h-11')).toBe('h-8 pointer-coarse:h-11');
    expect(cn('[&_svg]:size-3.5', 'size-4')).toBe('[&_svg]:size-3.5 size-4');
    expect(cn('hidden', 'max-sm:hidden!')).toBe('hidden max-sm:hidden!');
  });

  test('a size and a colour of text are two properties, so are the family and the weight of a font', () => {
    expect(cn('text-sm text-ink-soft text-left', 'text-2xs')).toBe('text-ink-soft text-left text-2xs');
    expect(cn('text-sm', 'text-[0.92em]')).toBe('text-[0.92em]');
    expect(cn('font-mono font-medium', 'font-normal')).toBe('font-mono font-normal');
  });

  test('the whole voids its sides, a side leaves the whole', () => {
    expect(cn('px-2.5 pl-7 py-1', 'p-0')).toBe('p-0');
    expect(cn('p-3', 'pl-8')).toBe('p-3 pl-8');
    expect(cn('h-6 w-6', 'size-4')).toBe('size-4');
    expect(cn('rounded-b-none', 'rounded-lg')).toBe('rounded-lg');
    expect(cn('border border-line', 'border-b-0 border-warn/40')).toBe('border border-b-0 border-warn/40');
    expect(cn('-mt-0.5', 'mt-1')).toBe('mt-1');
  });

  test('what it does not know stays, and nothing becomes nothing', () => {
    expect(cn('tooltip', false, null, undefined, ['sr-only'])).toBe('tooltip sr-only');
    expect(cn(undefined)).toBe('');
  });
});
