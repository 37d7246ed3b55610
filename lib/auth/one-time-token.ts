import { createHash, randomBytes } from 'node:crypto';
import { looksSecret } from '@/lib/kernel/redact';

/** 256 bits; short enough for a link. Drawn again, once in a thousand, where a log would not know it for a secret. */
export function newOneTimeToken(): string {
  for (;;) {
    const token = randomBytes(32).toString('base64url');
    if (looksSecret(token)) return token;
  }
}

/** What is kept of a one-time token. It is random, so a plain hash is enough. */
export function hashOneTimeToken(token: string): string {
  return createHash('sha256').update(token.trim()).digest('hex');
}
