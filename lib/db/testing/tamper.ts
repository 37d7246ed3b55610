import { sql } from 'drizzle-orm';
import type { Db, Tx } from '@/lib/db/client';

/** What a superuser can do: triggers and foreign keys sleep in this transaction. */
export function tamper<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  return db.transaction(async (tx) => {
    await tx.execute(sql`set local session_replication_role = replica`);
    return await work(tx);
  });
}
