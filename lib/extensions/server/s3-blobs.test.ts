import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type S3Stand, s3Stand } from '../testing/s3-stand';

let stand: S3Stand;
beforeAll(async () => {
  stand = await s3Stand();
});
afterAll(() => stand.close());

const digestOf = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

test.each([
  ['a small one, at once', 1_000],
  ['a large one, in parts', 17 * 1_048_576],
])('%s: written, found, read whole and in part, removed', async (_name, size) => {
  const bytes = Buffer.alloc(size, 'package ');
  const id = digestOf(bytes);
  const blobs = stand.blobs();
  expect(await blobs.size(id)).toBeNull();
  await blobs.put(id, Readable.from([bytes.subarray(0, 300), bytes.subarray(300)]), size);
  expect([...stand.objects.keys()]).toEqual([`/packages/vsix/${id}`]);
  expect(await blobs.size(id)).toBe(size);
  const some = await blobs.open(id, { start: 4, end: 9 });
  expect(some?.size).toBe(size);
  expect(await buffer(some?.stream ?? Readable.from([]))).toEqual(bytes.subarray(4, 10));
  const whole = await blobs.open(id);
  expect(whole?.size).toBe(size);
  expect((await buffer(whole?.stream ?? Readable.from([]))).equals(bytes)).toBe(true);
  await blobs.remove(id);
  expect(await blobs.open(id)).toBeNull();
});

test('other bytes than the digest says are not left there, and half an upload is given up', async () => {
  const bytes = Buffer.alloc(9 * 1_048_576, 'x');
  await expect(stand.blobs().put('0'.repeat(64), bytes, bytes.byteLength)).rejects.toThrow('not what its digest says');
  expect([stand.objects.size, stand.parts.size]).toEqual([0, 0]);
});

test('a wrong key and a store in trouble are said in a sentence, without the key', async () => {
  const wrong = await stand
    .blobs('another-secret-of-this-test')
    .size('1'.repeat(64))
    .catch((error: Error) => error.message);
  expect(wrong).toContain('answered 403');
  expect(wrong).not.toContain('another-secret');
  stand.fail('GET');
  await expect(stand.blobs().open('1'.repeat(64), { start: 0, end: 1 })).rejects.toMatchObject({
    code: 'package_store_refused',
    kind: 'unavailable',
  });
  stand.fail('');
});
