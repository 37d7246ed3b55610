import 'server-only';
import { serverEnv } from '@/lib/env/server';
import { auditKeysOf } from './keys';
import type { Signer } from './sign-head';

let once: Signer | undefined;

/** Keys and anchor from the environment, read once, and what this process remembers of the chain. */
export function auditSigner(): Signer {
  if (!once) {
    const env = serverEnv();
    once = {
      keys: auditKeysOf(env),
      anchor: env.AETHERSTACK_AUDIT_ANCHOR,
      memory: { last: null, trouble: null },
    };
  }
  return once;
}
