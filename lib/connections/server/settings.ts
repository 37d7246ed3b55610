import 'server-only';
import { serverEnv } from '@/lib/env/server';
import { createKeyRing, type KeyRing } from './vault';

export interface ConnectionSettings {
  keys: KeyRing;
  /** Plain http to this machine, for simulators. */
  allowLoopbackHttp: boolean;
  /** Exact origins that may be on a private network; none when left out. */
  privateOrigins?: readonly string[] | undefined;
}

let once: ConnectionSettings | undefined;

/** From the environment, read once. */
export function connectionSettings(): ConnectionSettings {
  if (!once) {
    const env = serverEnv();
    once = {
      keys: createKeyRing(env.AETHERSTACK_KEK, env.AETHERSTACK_KEK_PREVIOUS),
      allowLoopbackHttp: env.AETHERSTACK_MODE === 'sandbox' || process.env.NODE_ENV === 'test',
      privateOrigins: env.AETHERSTACK_PRIVATE_ORIGINS,
    };
  }
  return once;
}
