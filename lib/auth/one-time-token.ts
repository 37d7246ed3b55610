import { createHash, randomBytes } from 'node:crypto';

/** 256 bits; short enough for a link. */
export function newOneTimeToken(): string {
  return randomBytes(32).toString('base64url');
}

/** What is kept of a one-time token. It is random, so a plain hash is enough. */
export function hashOneTimeToken(token: string): string {
  return createHash('sha256').update(token.trim()).digest('hex');
}
