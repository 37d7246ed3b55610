import { sql } from 'drizzle-orm';
import type { DbOrTx } from '@/lib/db/client';
import { events } from '@/lib/db/schema';
import type { LiveEvent } from './protocol';

export const CHANNEL = 'aetherstack';

export interface NewEvent {
  topic: LiveEvent['topic'];
  kind: string;
  deploymentId?: string | null;
  targetId?: string | null;
  fromStatus?: string | null;
  toStatus?: string | null;
  actorName: string;
  data?: Record<string, unknown>;
}

/** Writes the event and notifies in the caller's transaction: listeners wake exactly when it commits. */
export async function publish(tx: DbOrTx, event: NewEvent): Promise<void> {
  await tx.insert(events).values(event);
  await tx.execute(sql`select pg_notify(${CHANNEL}, '')`);
}
