import { expect, test } from 'vitest';
import { withoutParameters } from './address';

test('what opened a form leaves the address, and nothing else does', () => {
  const href = 'https://deploy.team.dev/holds?add=lock&environment=env_1&month=2026-11#frz_1';
  expect(withoutParameters(href, ['add', 'environment'])).toBe('/holds?month=2026-11#frz_1');
  expect(withoutParameters('https://deploy.team.dev/holds?add=freeze', ['add'])).toBe('/holds');
});
