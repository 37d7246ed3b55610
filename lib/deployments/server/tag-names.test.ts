import { expect, it } from 'vitest';
import type { TagPage } from '@/lib/providers/port';
import type { Shelf } from './read-images';
import { tagNames } from './tag-names';

let serial = 0;
function shelf(page: (asked: number) => TagPage) {
  let asked = 0;
  const images = { tags: async () => page(++asked) };
  const context = { origin: `https://registry-${++serial}.example`, now: () => 0 };
  return { shelf: { images, context, source: { repository: 'acme/api' } } as unknown as Shelf, asked: () => asked };
}
const many = (count: number, from = 0) => Array.from({ length: count }, (_, index) => `t${from + index}`);

it('no more than 3,000 tags are kept, also of a registry that gives all of them at once', async () => {
  const all = shelf(() => ({ names: many(500_000), next: null }));
  const { names, cut } = await tagNames(all.shelf, 'con_1');
  expect([names.length, cut, all.asked()]).toEqual([3_000, true, 1]);
});

it('pages are read until there is no next one or there are 3,000 tags', async () => {
  const short = shelf((asked) => ({ names: [`1.${asked}`], next: asked < 3 ? 'x' : null }));
  expect(await tagNames(short.shelf, 'con_1')).toEqual({ names: ['1.3', '1.2', '1.1'], cut: false });
  const long = shelf((asked) => ({ names: many(1_500, asked * 1_500), next: 'x' }));
  expect(await tagNames(long.shelf, 'con_1')).toMatchObject({ cut: true, names: { length: 3_000 } });
  expect(long.asked()).toBe(2);
});

it('the same list is answered in the order of its use without asking again', async () => {
  const one = shelf(() => ({ names: ['nightly', '1.9.0', '1.10.0', 'latest'], next: null }));
  const first = await tagNames(one.shelf, 'con_1');
  expect(first.names).toEqual(['latest', '1.10.0', '1.9.0', 'nightly']);
  expect((await tagNames(one.shelf, 'con_1')).names).toBe(first.names);
  expect(one.asked()).toBe(1);
});
