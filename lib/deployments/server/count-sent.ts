import { and, desc, eq, lt, ne } from 'drizzle-orm';
import type { DbOrTx } from '@/lib/auth/context';
import { attempts } from '@/lib/db/schema';
import type { AttemptRow, DeploymentRow } from './rows';

/** How many requests before this attempt left, or may have: a refused one was not taken, or waited for a place and never left. */
export function countSent(db: DbOrTx, deploymentId: string, { number }: Pick<AttemptRow, 'number'>): Promise<number> {
  const before = and(eq(attempts.deploymentId, deploymentId), lt(attempts.number, number));
  return db.$count(attempts, and(before, ne(attempts.state, 'refused')));
}

/** It was claimed, and nothing of it is at its provider, nor may be: the newest request was refused. */
export async function isUnsent(db: DbOrTx, { id, status }: Pick<DeploymentRow, 'id' | 'status'>): Promise<boolean> {
  if (status !== 'submitting') return false;
  const its = db.select({ state: attempts.state }).from(attempts).where(eq(attempts.deploymentId, id));
  const [newest] = await its.orderBy(desc(attempts.number)).limit(1);
  return newest?.state === 'refused';
}
