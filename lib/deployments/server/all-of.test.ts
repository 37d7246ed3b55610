import { expect, test } from 'vitest';
import { ServiceError } from '@/lib/kernel/errors';
import { ProviderError } from '@/lib/providers/port';
import { allOf } from './all-of';

const trouble = new ProviderError('unavailable', 'unreachable', 'It cannot be reached.');
const limit = new ProviderError('rateLimited', 'rate_limited', 'The limit is used up.');
const newer = new ServiceError('precondition', 'newer_there', 'Something newer is live.');
const changed = new ProviderError('rejected', 'ref_changed', 'The branch moved.');
const at = <T>(turns: number, said: () => T): Promise<T> =>
  turns === 0 ? Promise.resolve().then(said) : Promise.resolve().then(() => at(turns - 1, said));
const thrown = (error: Error) => () => {
  throw error;
};

test('all that they come to, in their order', async () => {
  expect(
    await allOf(
      at(3, () => 'late'),
      at(0, () => 2),
      null,
    ),
  ).toEqual(['late', 2, null]);
});

test.each([
  [[newer, changed], newer],
  [[changed, newer], changed],
  [[trouble, changed], changed],
  [[changed, trouble], changed],
  [[limit, trouble, newer], newer],
  [[limit, trouble], limit],
])('of several that refuse the same one is told, whichever came first (%#)', async (errors, told) => {
  for (const late of errors.keys()) {
    const parts = errors.map((error, index) => at(index === late ? 5 : 0, thrown(error)));
    await expect(allOf(...parts)).rejects.toBe(told);
  }
});
