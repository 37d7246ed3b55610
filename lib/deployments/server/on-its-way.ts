import { sql } from 'drizzle-orm';
import type { DbOrTx } from '@/lib/auth/context';
import { deployments } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import type { DeploymentStatus } from '../model/status';
import { goesBackSql } from './hold';

/** What has been sent there, or goes back already; what only waits stays behind the pin of a roll-back. By its number. */
export async function readOnItsWay(db: DbOrTx, targetId: string, but = ''): Promise<number | null> {
  return (await findOnItsWay(db, targetId, but))?.number ?? null;
}

/** The first of them: what has been sent goes before what only waits, and what people may still refuse comes last. */
export async function findOnItsWay(db: DbOrTx, targetId: string, but = '') {
  const isSent = sql`status in ('submitting','building','deploying','verifying','cancelling')`;
  const { rows } = await db.execute<{ id: string; number: number; sha: string; status: DeploymentStatus }>(sql`
    select id, number::float8 as number, sha, status from ${deployments} where target_id = ${targetId} and id <> ${but}
      and (${isSent} or (status in ('queued','awaiting_approval') and ${goesBackSql(sql`${deployments}`)}))
    order by (${isSent}) desc, status = 'awaiting_approval', deployments.number limit 1`);
  return rows[0] ? { ...rows[0], number: Number(rows[0].number) } : null;
}

/** Its code: whoever goes back by itself waits for that. */
export const ON_ITS_WAY = 'on_its_way';

/** Under the lock of the target: nothing was sent there meanwhile, a fix say, that a roll-back behind it would take away. */
export async function requireNothingOnItsWay(db: DbOrTx, targetId: string, but: string): Promise<void> {
  const number = await readOnItsWay(db, targetId, but);
  if (number === null) return;
  throw new ServiceError(
    'conflict',
    ON_ITS_WAY,
    `#${number} is on its way there, so nothing is rolled back by itself meanwhile.`,
  );
}
