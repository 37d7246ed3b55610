import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { describeError, log } from '@/lib/kernel/log';

/** What a server says, or its machine for it, while it starts, stops or restarts: SQLSTATE class 57P, and Node's own code. */
const COMES_UP = new Set(['57P01', '57P02', '57P03', 'ECONNREFUSED', 'ECONNRESET']);
const PATIENCE_MS = 30_000;
const PAUSE_MS = 500;

/** A connection that is cut before it stands has no code, only a sentence. */
function comesUp(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return 'code' in error ? COMES_UP.has(String(error.code)) : error.message === 'Connection terminated unexpectedly';
}

/**
 * A connected client, the caller's to end. A server that is about to come up is waited for, 30 s at most: both are often
 * started together. Throws what `connect` threw, at once for anything else.
 */
export async function connectWhenUp(config: pg.ClientConfig, patienceMs = PATIENCE_MS): Promise<pg.Client> {
  const until = performance.now() + patienceMs;
  for (let tries = 1; ; tries++) {
    const client = new pg.Client(config);
    // A connection that is cut while it is made says so twice, the second time to nobody.
    client.on('error', () => {});
    try {
      await client.connect();
      return client;
    } catch (error) {
      // Not waited for: on a connection that never stood it may not come back.
      void client.end().catch(() => {});
      if (!comesUp(error) || performance.now() > until) throw error;
      if (tries === 1) log.warn('waiting for the database', describeError(error));
      await wait(PAUSE_MS);
    }
  }
}
