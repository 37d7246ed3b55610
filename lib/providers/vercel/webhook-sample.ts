import { createHmac } from 'node:crypto';
import type { HookSample } from '../port';

const hmac = (raw: Uint8Array, secret: string, algorithm = 'sha1') =>
  createHmac(algorithm, secret).update(raw).digest('hex');
const json = (value: unknown) => Buffer.from(JSON.stringify(value));
const text = (value: string) => Buffer.from(value);
const event = (payload: Record<string, unknown> = {}, over: Record<string, unknown> = {}) => ({
  id: 'uev_2s8TnqGzPY4h1sUvJQ9dRk7b',
  type: 'deployment.succeeded',
  createdAt: 1_795_000_000_000,
  region: 'sfo1',
  payload: {
    deployment: { id: 'dpl_7fZ1TnqGzPY4h1sUvJQ9dRk7bXa2', meta: {}, name: 'website', url: 'website.vercel.app' },
    project: { id: 'prj_4h1sUvJQ9dRk7b' },
    target: 'production',
    ...payload,
  },
  ...over,
});
/** A genuine delivery, and what is odd in this vendor's own way. */
export const sample: HookSample = {
  body: event(),
  headers: () => ({ 'content-type': 'application/json' }),
  sign: (raw, secret) => hmac(raw, secret),
  signatures: [
    { name: 'SHA-256', header: (raw, secret) => hmac(raw, secret, 'sha256') },
    { name: 'a prefix', header: (raw, secret) => `sha1=${hmac(raw, secret)}` },
  ],
  bodies: [
    { name: 'a NUL in the type', body: () => json(event({}, { type: 'deployment.ready\u0000' })), status: 400 },
    { name: 'a NUL in the target', body: () => json(event({ target: 'pro\u0000duction' })), status: 400 },
    { name: 'half of a pair', body: () => json(event({ target: '\ud800' })), status: 400 },
    { name: 'no id', body: () => json(event({}, { id: undefined })), status: 400 },
    { name: 'an id that is a number', body: () => json(event({}, { id: 7 })), status: 400 },
    { name: 'an id with a quote', body: () => json(event({}, { id: "1' or '1'='1" })), status: 400 },
    { name: 'no payload', body: () => json(event({}, { payload: null })), status: 400 },
    { name: 'a deployment without an id', body: () => json(event({ deployment: {} })), status: 400 },
    { name: 'an event about no deployment', body: () => json(event({ deployment: null })), status: 400 },
    {
      name: 'an id of 5,000 letters',
      body: () => json(event({ deployment: { id: 'd'.repeat(5_000) } })),
      status: 400,
    },
    {
      name: 'the older form',
      body: () => json(event({ deployment: null, deploymentId: 'dpl_1' })),
      status: 202,
    },
    {
      name: 'an event that nobody knows',
      body: () => json({ id: 'uev_future', type: 'of.the.future', payload: {} }),
      status: 202,
    },
    {
      name: 'a key twice',
      body: () => text('{"id":"a","id":"uev_twice","type":"project.created","payload":{}}'),
      status: 202,
    },
  ],
};
