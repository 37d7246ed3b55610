import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ServerEnv } from '@/lib/env/server';
import type { Blobs } from '@/lib/extensions/server';
import { packageStore } from '@/lib/extensions/server/package-store';

/** A server that others wrote, which checks the signature of each request; by the console's own guarded fetch. */
interface S3Server {
  run(): Promise<AddressInfo>;
  close(): Promise<void>;
}
type Make = new (options: Record<string, unknown>) => S3Server;

let folder: string;
let server: S3Server;
let endpoint: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'clients-s3-'));
  const home = process.env.CLIENT_S3;
  if (!home) throw new Error('CLIENT_S3 is not set: run npm run test:clients.');
  const Server = createRequire(import.meta.url)(home) as Make;
  const where = { address: '127.0.0.1', port: 0, directory: folder, silent: true };
  server = new Server({ ...where, configureBuckets: [{ name: 'packages' }] });
  endpoint = `http://127.0.0.1:${(await server.run()).port}`;
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

function store(secret = 'S3RVER', bucket = 'packages'): Blobs {
  const keys = { AETHERSTACK_S3_ACCESS_KEY_ID: 'S3RVER', AETHERSTACK_S3_SECRET_ACCESS_KEY: secret };
  const place = { AETHERSTACK_S3_ENDPOINT: endpoint, AETHERSTACK_S3_BUCKET: bucket, AETHERSTACK_S3_PREFIX: 'vsix/' };
  const env = { ...keys, ...place, AETHERSTACK_S3_REGION: 'us-east-1' } as unknown as ServerEnv;
  return packageStore(env, { privateOrigins: [endpoint], allowLoopback: true });
}

const digestOf = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

test.each([
  ['at once', 70_000],
  ['in parts', 21 * 1_048_576],
])('a package goes into a bucket %s, comes out whole and in part, and is removed', async (_, size) => {
  const bytes = randomBytes(size);
  const id = digestOf(bytes);
  const blobs = store();
  expect([await blobs.size(id), await blobs.open(id)]).toEqual([null, null]);
  await blobs.put(id, Readable.from([bytes.subarray(0, 1_000), bytes.subarray(1_000)]), size);
  expect(await blobs.size(id)).toBe(size);
  const whole = await blobs.open(id);
  expect(whole?.size).toBe(size);
  expect(digestOf(await buffer(whole?.stream ?? Readable.from([])))).toBe(id);
  const part = await blobs.open(id, { start: 10, end: 65_000 });
  expect(part?.size).toBe(size);
  expect(await buffer(part?.stream ?? Readable.from([]))).toEqual(bytes.subarray(10, 65_001));
  // The same once more changes nothing.
  await blobs.put(id, bytes, size);
  await blobs.remove(id);
  expect(await blobs.size(id)).toBeNull();
  await blobs.remove(id);
});

test('other bytes than the digest says leave nothing there', async () => {
  const bytes = randomBytes(9 * 1_048_576);
  await expect(store().put('0'.repeat(64), bytes, bytes.byteLength)).rejects.toThrow('not what its digest says');
  expect(await store().size('0'.repeat(64))).toBeNull();
});

test('a wrong secret and a bucket that is not there are refused, and said', async () => {
  const refused = { code: 'package_store_refused', kind: 'unavailable' };
  await expect(store('another-secret').size('1'.repeat(64))).rejects.toMatchObject(refused);
  const bytes = Buffer.from('x');
  const put = store('S3RVER', 'elsewhere').put(digestOf(bytes), bytes, 1);
  await expect(put).rejects.toMatchObject(refused);
});
