import { expect, test } from 'vitest';
import { subscribeInput } from './schemas';

test('a pattern with many stars is kept as the one that it means, as in the grants of members', () => {
  const form = { name: 'Ops', kind: 'webhook', url: 'https://a.dev/x', events: ['*'] };
  expect(subscribeInput.parse({ ...form, environmentPattern: '**' }).environmentPattern).toBe('*');
  expect(subscribeInput.parse({ ...form, environmentPattern: 'prod-***' }).environmentPattern).toBe('prod-*');
  expect(subscribeInput.parse(form).environmentPattern).toBe('*');
});
