import 'server-only';
import { createHmac, hkdfSync } from 'node:crypto';
import { connectionSettings } from './settings';
import type { KeyRing } from './vault';

/**
 * HMAC-SHA-256 under a key of this installation's own, in hexadecimal: tells same from different here and nothing to
 * whoever guesses elsewhere. Another key for each `purpose`; it changes when `AETHERSTACK_KEK` does.
 */
export function keyedDigest(purpose: string, text: string, keys: KeyRing = connectionSettings().keys): string {
  const key = Buffer.from(hkdfSync('sha256', keys.current.key, Buffer.alloc(0), `aetherstack/${purpose}/v1`, 32));
  return createHmac('sha256', key).update(text).digest('hex');
}
