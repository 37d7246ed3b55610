// Who may ask. The file holds SHA-256 digests only; every comparison takes the same time.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { Refusal } from './refusal.mjs';

const RANK = { read: 0, upload: 1, deploy: 2 };
const LONGEST = 512;
const SHORTEST = 32;

/** 32 random bytes, with a prefix that secret scanners can find. */
export const newToken = () => `aas_${randomBytes(32).toString('base64url')}`;
export const digestOf = (token) => createHash('sha256').update(token).digest('hex');

/** The token's entry. Throws 401 for none or an unknown one. */
export function whoIs(tokens, authorization) {
  const presented = /^Bearer ([\x21-\x7e]+)$/.exec(authorization ?? '')?.[1] ?? '';
  const isShaped = presented.length >= SHORTEST && presented.length <= LONGEST;
  const digest = createHash('sha256')
    .update(isShaped ? presented : '')
    .digest();
  let found = null;
  // All of them, so that the time tells nothing about which.
  for (const token of tokens) if (timingSafeEqual(Buffer.from(token.sha256, 'hex'), digest)) found = token;
  if (found && isShaped) return found;
  throw new Refusal(
    401,
    'credential_refused',
    'This token is not known here. Send one of the agent’s as a bearer token.',
  );
}

/** Throws 403 when the token's role is not enough. */
export function requireRole({ name, role }, needed) {
  if (RANK[role] >= RANK[needed]) return;
  throw new Refusal(
    403,
    'missing_permission',
    `The token “${name}” may ${role} only; this needs a token with the role ${needed}.`,
  );
}
