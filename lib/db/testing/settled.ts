import { setTimeout as wait } from 'node:timers/promises';
import type { Database } from '../client';

/**
 * Until everything that was committed here so far is old enough for the feed. Its horizon is that of the whole server, so
 * a transaction of another test's database holds it back, too.
 */
export async function settled({ pool }: Pick<Database, 'pool'>): Promise<void> {
  const { rows } = await pool.query<{ xid: string }>('select pg_current_xact_id()::text as xid');
  const isOld = async () => {
    const asked = 'select $1::xid8 < pg_snapshot_xmin(pg_current_snapshot()) as old';
    return (await pool.query<{ old: boolean }>(asked, [rows[0]?.xid])).rows[0]?.old === true;
  };
  while (!(await isOld())) await wait(5);
}
