import { createHash, createHmac } from 'node:crypto';
import type { HookSample } from '../port';

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const sha256 = (raw: Uint8Array) => createHash('sha256').update(raw).digest('hex');

/** A signature as Netlify writes it, with what is to be odd about it. */
export function jws(raw: Uint8Array, secret: string, head: object = {}, claims: object = {}): string {
  const signed = `${part({ alg: 'HS256', typ: 'JWT', ...head })}.${part({ iss: 'netlify', sha256: sha256(raw), ...claims })}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

const json = (value: unknown) => Buffer.from(JSON.stringify(value));
const deploy = (over: Record<string, unknown> = {}) => ({
  id: '6525c1f0a1b2c3d4e5f60718',
  site_id: 'fa4dd95a-994e-4f89-8a7a-2d9e9fc36a32',
  build_id: '6525c1f0a1b2c3d4e5f60716',
  state: 'ready',
  context: 'production',
  branch: 'main',
  title: null,
  ...over,
});

/** A genuine delivery, and what is odd in this vendor's own way. */
export const sample: HookSample = {
  body: deploy(),
  headers: () => ({ 'content-type': 'application/json', 'x-netlify-event': 'deploy_created' }),
  sign: (raw, secret) => jws(raw, secret),
  signatures: [
    { name: 'no algorithm', header: (raw, secret) => jws(raw, secret, { alg: 'none' }) },
    {
      name: 'no algorithm and no signature',
      header: (raw, secret) => jws(raw, secret, { alg: 'none' }).replace(/[^.]+$/, ''),
    },
    { name: 'another algorithm', header: (raw, secret) => jws(raw, secret, { alg: 'HS512' }) },
    { name: 'another issuer', header: (raw, secret) => jws(raw, secret, {}, { iss: 'somebody' }) },
    { name: 'no digest', header: (raw, secret) => jws(raw, secret, {}, { sha256: undefined }) },
    {
      name: 'the digest of other bytes',
      header: (raw, secret) => jws(raw, secret, {}, { sha256: sha256(Buffer.concat([raw, Buffer.from(' ')])) }),
    },
    {
      name: 'a bare HMAC of the body',
      header: (raw, secret) => createHmac('sha256', secret).update(raw).digest('hex'),
    },
  ],
  bodies: [
    { name: 'a NUL in the state', body: () => json(deploy({ state: 'ready\u0000' })), status: 400 },
    { name: 'a NUL in the context', body: () => json(deploy({ context: 'prod\u0000' })), status: 400 },
    { name: 'half of a pair', body: () => json(deploy({ context: '\ud800' })), status: 400 },
    { name: 'no id', body: () => json(deploy({ id: undefined })), status: 400 },
    { name: 'an id that is a number', body: () => json(deploy({ id: 7 })), status: 400 },
    { name: 'an id with a quote', body: () => json(deploy({ id: "1' or '1'='1" })), status: 400 },
    { name: 'an id of 5,000 letters', body: () => json(deploy({ id: 'd'.repeat(5_000) })), status: 400 },
    { name: 'a form that somebody filled in', body: () => json({ number: 5, data: { name: 'x' } }), status: 400 },
    { name: 'a state that nobody knows', body: () => json(deploy({ state: 'of_the_future' })), status: 202 },
    {
      name: 'an event name that is none',
      body: () => json(deploy()),
      headers: { 'x-netlify-event': '../deploy' },
      status: 202,
    },
  ],
};
