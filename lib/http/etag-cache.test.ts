import { expect, it } from 'vitest';
import { EtagCache } from './etag-cache';
import { httpMemoryFor } from './memory';

const answer = (size: number) => ({ etag: '"x"', body: new Uint8Array(size), headers: [] as [string, string][] });

it('keeps the most recently used within its entries', () => {
  const cache = new EtagCache(2, 1_000);
  cache.set('a', answer(1));
  cache.set('b', answer(1));
  cache.get('a');
  cache.set('c', answer(1));
  expect([cache.get('a'), cache.get('b'), cache.get('c')].map((each) => each !== undefined)).toEqual([
    true,
    false,
    true,
  ]);
});

it('stays within its bytes whatever is stored, replaced or too large', () => {
  const cache = new EtagCache(100, 1_000);
  for (let i = 0; i < 50; i++) cache.set(`k${i % 7}`, answer((i * 137) % 700));
  expect(cache.bytes).toBeLessThanOrEqual(1_000);
  const before = cache.size;
  cache.set('huge', answer(1_001));
  expect([cache.get('huge'), cache.size]).toEqual([undefined, before]);
});

it('remembers at most 500 connections', () => {
  const first = httpMemoryFor('conn_0', 'x');
  for (let i = 1; i <= 500; i++) httpMemoryFor(`conn_${i}`, 'x');
  expect(httpMemoryFor('conn_500', 'x')).toBe(httpMemoryFor('conn_500', 'x'));
  expect(httpMemoryFor('conn_0', 'x')).not.toBe(first);
});

it('forgets pauses of a connection whose credential is another one now', () => {
  const before = httpMemoryFor('conn_new', 'old');
  before.blocks.set('*', Number.POSITIVE_INFINITY);
  expect(httpMemoryFor('conn_new', 'old')).toBe(before);
  expect(httpMemoryFor('conn_new', 'new').blocks.size).toBe(0);
});
