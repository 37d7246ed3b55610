import { eq, sql } from 'drizzle-orm';
import type { ServiceContext, Tx } from '@/lib/auth/context';
import { sightings } from '@/lib/db/schema';
import { type Place, tellDrift } from './tell-drift';

/** What was found stood there before what is live now. */
const NOTHING_SEEN = {
  ...{ lookedAt: null, source: null, sha: null, version: null },
  ...{ remoteId: null, remoteUrl: null, byName: null, driftSince: null, driftSentence: null },
};

/**
 * For the transaction in which a deployment is proven live: what was found there before it is drift no more, and is not
 * held against it until the next look, which is made at once. After target and deployment in the order of locks.
 */
export async function endDrift(tx: Tx, ctx: ServiceContext, target: Place): Promise<void> {
  const here = eq(sightings.targetId, target.id);
  const [last] = await tx.select().from(sightings).where(here).for('update');
  if (!last?.driftSince) return;
  // The next look may find the very same there, which is then told as such.
  const driftBefore = last.sha ?? last.version;
  await tx
    .update(sightings)
    .set({ ...NOTHING_SEEN, driftBefore, nextLookAt: sql`now()` })
    .where(here);
  await tellDrift(tx, ctx, target, null);
}
