import { expect, test } from 'vitest';
import { targetInSlugs, withLabel } from './label';

test('a target’s own label stands behind the name, and one that has none is named as before', () => {
  expect(withLabel('Production', 'Open VSX')).toBe('Production (Open VSX)');
  expect(withLabel('Production', '')).toBe('Production');
  expect(targetInSlugs('extension', 'production', 'Open VSX')).toBe('extension/production:Open VSX');
  expect(targetInSlugs('docs', 'production', '')).toBe('docs/production');
});
