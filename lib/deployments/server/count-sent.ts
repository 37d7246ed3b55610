import { and, eq, lt, ne } from 'drizzle-orm';
import type { DbOrTx } from '@/lib/auth/context';
import { attempts } from '@/lib/db/schema';
import type { AttemptRow } from './rows';

/** How many requests before this attempt left, or may have: a refused one was not taken, or waited for a place and never left. */
export function countSent(db: DbOrTx, deploymentId: string, { number }: Pick<AttemptRow, 'number'>): Promise<number> {
  const before = and(eq(attempts.deploymentId, deploymentId), lt(attempts.number, number));
  return db.$count(attempts, and(before, ne(attempts.state, 'refused')));
}
