import { createHmac } from 'node:crypto';
import type { HookSample } from '../port';

const hmac = (raw: Uint8Array, secret: string, algorithm = 'sha256') =>
  createHmac(algorithm, secret).update(raw).digest('hex');
const json = (value: unknown) => Buffer.from(JSON.stringify(value));
const text = (value: string) => Buffer.from(value);
const run = (over: Record<string, unknown> = {}) => ({
  action: 'completed',
  workflow_run: { id: 1000, status: 'completed', conclusion: 'success' },
  repository: { full_name: 'acme/app' },
  ...over,
});

/** A genuine delivery, and what is odd in this vendor's own way. */
export const sample: HookSample = {
  body: run(),
  headers: (deliveryId) => ({
    'x-github-event': 'workflow_run',
    'x-github-delivery': deliveryId,
    'content-type': 'application/json',
  }),
  sign: (raw, secret) => `sha256=${hmac(raw, secret)}`,
  signatures: [
    { name: 'another prefix', header: (raw, secret) => `sha512=${hmac(raw, secret)}` },
    { name: 'no prefix', header: hmac },
    { name: 'SHA-1', header: (raw, secret) => `sha1=${hmac(raw, secret, 'sha1')}` },
  ],
  bodies: [
    { name: 'a NUL in a name', body: () => json(run({ repository: { full_name: 'acme/\u0000app' } })), status: 400 },
    { name: 'a NUL in the action', body: () => json(run({ action: 'completed\u0000' })), status: 400 },
    {
      name: 'a key twice',
      body: () => text('{"action":"a","action":"completed","workflow_run":{"id":1},"repository":{"full_name":"a/b"}}'),
      status: 202,
    },
    {
      name: 'a number beyond all',
      body: () => text('{"workflow_run":{"id":1e400},"repository":{"full_name":"a/b"}}'),
      status: 400,
    },
    {
      name: 'an id beyond 2^53',
      body: () => text('{"workflow_run":{"id":9007199254740993},"repository":{"full_name":"a/b"}}'),
      status: 400,
    },
    { name: 'an id that is negative', body: () => json(run({ workflow_run: { id: -1 } })), status: 400 },
    { name: 'an id of 5,000 digits', body: () => json(run({ workflow_run: { id: '9'.repeat(5_000) } })), status: 400 },
    {
      name: 'half of a pair',
      body: () => text('{"workflow_run":{"id":1},"repository":{"full_name":"a/\\ud800"}}'),
      status: 400,
    },
    {
      name: 'an event name that is none',
      body: () => json(run()),
      headers: { 'x-github-event': '../workflow_run' },
      status: 400,
    },
    {
      name: 'an event that nobody knows',
      body: () => json({}),
      headers: { 'x-github-event': 'of_the_future' },
      status: 202,
    },
    {
      name: 'a delivery id with a quote',
      body: () => json(run()),
      headers: { 'x-github-delivery': "1' or '1'='1" },
      status: 400,
    },
    { name: 'a run without a repository', body: () => json(run({ repository: null })), status: 400 },
    {
      name: 'a repository that was deleted',
      body: () => json(run({ repository: { full_name: 'gone/gone' } })),
      status: 202,
    },
    { name: 'an installation that nobody has', body: () => json(run({ installation: { id: 999_999 } })), status: 202 },
  ],
};
