import 'server-only';
import { asc, isNotNull, sql } from 'drizzle-orm';
import type { Db, Tx } from '@/lib/db/client';
import { attempts, deployments } from '@/lib/db/schema';
import { once } from './demo';

/**
 * The pasts of the example team, its website and its galleries are written one after the other, each under numbers of its own.
 * Numbers them anew from 1 in the order in which they were asked for, as a real past has them. Once, and only while nobody
 * has deployed anything: a number that a person has read stays what it is. Answers whether it did.
 */
export async function numberByTime(db: Db): Promise<boolean> {
  return (await once(db, 'demo.numbers', renumber)) ?? false;
}

async function renumber(tx: Tx): Promise<boolean> {
  // The column is the database's own: it takes no number, only the next one. The lock keeps out whoever would take that.
  await tx.execute(sql`lock table ${deployments} in access exclusive mode`);
  const [sent, asked] = [await tx.$count(attempts), await tx.$count(deployments, isNotNull(deployments.requestedById))];
  if (sent + asked > 0) return false;
  const rows = await tx
    .select({ id: deployments.id })
    .from(deployments)
    .orderBy(asc(deployments.requestedAt), asc(deployments.number));
  // Out of the way first: two may not have one number, not even for a moment.
  await tx.execute(sql`update ${deployments} set number = default`);
  // Unlike `setval` this is taken back with the transaction.
  await tx.execute(sql`alter table ${deployments} alter column number restart with 1`);
  for (const { id } of rows) await tx.execute(sql`update ${deployments} set number = default where id = ${id}`);
  return true;
}
