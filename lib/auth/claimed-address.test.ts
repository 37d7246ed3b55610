import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ignoreClaimedAddresses } from './claimed-address';

let server: Server;
let seen: unknown;

beforeAll(async () => {
  server = createServer((request, response) => {
    seen = request.headers['x-forwarded-for'];
    response.end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => {
  server.close();
});

function ask(): Promise<Response> {
  const { port } = server.address() as AddressInfo;
  return fetch(`http://127.0.0.1:${port}/`, { headers: { 'x-forwarded-for': '203.0.113.7' } });
}

test('what a caller claims about its address counts behind a trusted proxy only', async () => {
  ignoreClaimedAddresses(1);
  await ask();
  expect(seen).toBe('203.0.113.7');
  ignoreClaimedAddresses(0);
  await ask();
  expect(seen).toBeUndefined();
});
