import { sql } from 'drizzle-orm';
import type { Db } from '@/lib/db/client';
import { type Consumer, isAutomatic } from '../model/consumer';
import { pruneWriteMinutes } from './write-minute';

interface Counts {
  charged: number;
  free: number;
  held: number;
}

interface Counted extends Counts {
  connectionId: string;
  consumer: Consumer;
}

const KEEP_DAYS = 8;

/** Counts requests in memory and writes them down in batches, so that a look at a run does not cost a write. */
export class UsageMeter {
  #counts = new Map<string, Counted>();

  count(connectionId: string, consumer: Consumer, what: keyof Counts): void {
    const key = `${connectionId}\n${consumer}`;
    const known = this.#counts.get(key) ?? { connectionId, consumer, charged: 0, free: 0, held: 0 };
    known[what] += 1;
    this.#counts.set(key, known);
  }

  /** Charged to what the console does by itself and not yet written down. */
  pendingAutomatic(connectionId: string): number {
    let sum = 0;
    for (const each of this.#counts.values()) {
      if (each.connectionId === connectionId && isAutomatic(each.consumer)) sum += each.charged;
    }
    return sum;
  }

  /** Charged to one consumer and not yet written down. */
  pendingOf(connectionId: string, consumer: Consumer): number {
    return this.#counts.get(`${connectionId}\n${consumer}`)?.charged ?? 0;
  }

  /** Writes down what was counted since; when that fails it is kept for the next time. The database's clock says the hour. */
  async flush(db: Db): Promise<number> {
    const batch = [...this.#counts.values()];
    if (batch.length === 0) return 0;
    this.#counts = new Map();
    try {
      await db.execute(sql`
        with batch as (
          select c.id, u.consumer, u.charged, u.free, u.held
          from jsonb_to_recordset(${JSON.stringify(batch)}::jsonb)
            as u("connectionId" text, consumer text, charged int, free int, held int)
          join connections c on c.id = u."connectionId"),
        hourly as (
          insert into quota_usage (connection_id, hour, consumer, charged, free, held)
          select id, date_trunc('hour', now(), 'UTC'), consumer, charged, free, held from batch order by 1, 3
          on conflict (connection_id, hour, consumer) do update set
            charged = quota_usage.charged + excluded.charged,
            free = quota_usage.free + excluded.free,
            held = quota_usage.held + excluded.held)
        insert into request_totals (connection_id, charged, free, held)
        select id, sum(charged), sum(free), sum(held) from batch group by id order by id
        on conflict (connection_id) do update set
          charged = request_totals.charged + excluded.charged,
          free = request_totals.free + excluded.free,
          held = request_totals.held + excluded.held`);
      return batch.length;
    } catch (error) {
      for (const each of batch) this.#add(each);
      throw error;
    }
  }

  #add(counted: Counted): void {
    const key = `${counted.connectionId}\n${counted.consumer}`;
    const known = this.#counts.get(key);
    if (!known) this.#counts.set(key, counted);
    else for (const what of ['charged', 'free', 'held'] as const) known[what] += counted[what];
  }
}

/** Drops figures older than eight days. Returns how many rows. */
export async function pruneUsage(db: Db): Promise<number> {
  const gone = await db.execute(sql`delete from quota_usage where hour < now() - make_interval(days => ${KEEP_DAYS})`);
  await pruneWriteMinutes(db);
  return gone.rowCount ?? 0;
}
