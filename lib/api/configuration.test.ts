import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type ApiWorld, apiWorld, stubServerEnv } from './testing/api-world';

let world: ApiWorld;
beforeAll(async () => {
  world = await apiWorld();
  stubServerEnv(world);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await world.close();
});

test('a value that is sent over HTTP is in no table, and the kept digest of its request cannot be guessed at', async () => {
  const token = await world.token();
  const path = '/environments/staging/configuration';
  const value = 'pin-4711-pin';
  const body = JSON.stringify({ kind: 'secret', name: 'API_KEY', places: ['x'], value, shown: 'd'.repeat(64) });
  const key = 'a-key-of-its-own';
  const send = (text: string) => world.call(`POST ${path}`, { token, key, body: text });
  const first = await send(body);
  expect(first.status).toBe(409);
  expect(await first.text()).not.toContain(value);
  expect((await send(body)).headers.get('idempotency-replayed')).toBe('true');
  expect((await send(body.replace('4711', '4712'))).status, 'another value is another request').toBe(422);
  const rows = await world.database.pool.query<{ line: string }>(
    'select idempotency_keys::text as line from idempotency_keys union all select audit::text from audit',
  );
  const dump = rows.rows.map(({ line }) => line).join('\n');
  expect(dump).toContain('a-key-of-its-own');
  expect(dump).not.toContain(value);
  const plain = createHash('sha256')
    .update(JSON.stringify(['POST', `/api/v1${path}`, body]))
    .digest('hex');
  expect(dump).not.toContain(plain);
});
