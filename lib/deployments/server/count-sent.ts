import { and, eq, lt, ne } from 'drizzle-orm';
import type { DbOrTx } from '@/lib/auth/context';
import { attempts } from '@/lib/db/schema';
import type { AttemptRow, DeploymentRow } from './rows';

/**
 * How many requests (before this attempt) left, or may have: a refused one was not taken, or waited for a place and never
 * left.
 */
export function countSent(db: DbOrTx, deploymentId: string, before?: Pick<AttemptRow, 'number'>): Promise<number> {
  const its = and(eq(attempts.deploymentId, deploymentId), before && lt(attempts.number, before.number));
  return db.$count(attempts, and(its, ne(attempts.state, 'refused')));
}

/** It was claimed, and nothing of it is at its provider, nor may be: every request of it was refused. */
export async function isUntaken(db: DbOrTx, { id, status }: Pick<DeploymentRow, 'id' | 'status'>): Promise<boolean> {
  if (status !== 'submitting') return false;
  return (await countSent(db, id)) === 0;
}
