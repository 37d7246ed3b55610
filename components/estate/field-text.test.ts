import { describe, expect, it } from 'vitest';
import { slug } from '@/lib/components/model/schemas';
import { errorOf, linesOf, numberFrom, slugFrom } from './field-text';

describe('a short name from a long one', () => {
  it.each([
    ['Web App', 'web-app'],
    ['  API — v2 ', 'api-v2'],
    ['Über Dienst', 'uber-dienst'],
    ['2nd service', 'nd-service'],
    ['a'.repeat(60), 'a'.repeat(40)],
    [`${'a'.repeat(39)} b`, 'a'.repeat(39)],
  ])('%s', (name, expected) => {
    expect(slugFrom(name)).toBe(expected);
    expect(slug.safeParse(slugFrom(name)).success).toBe(true);
  });

  it.each(['', '123', '日本'])('is left to the person for %j', (name) => {
    expect(slugFrom(name)).toBe('');
  });
});

describe('field text', () => {
  it('finds the error of a field and of an entry inside it', () => {
    expect(errorOf({ 'paths.2': 'Too long.' }, 'paths')).toBe('Too long.');
    expect(errorOf({ path: 'Wrong.', pathsX: 'No.' }, 'paths')).toBeUndefined();
  });

  it('reads one folder a line and an empty number as none', () => {
    expect(linesOf(' a \n\n b/c\r\n')).toEqual(['a', 'b/c']);
    expect(numberFrom('')).toBeNaN();
    expect(numberFrom(' 7 ')).toBe(7);
  });
});
