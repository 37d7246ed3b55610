import 'server-only';
import { eq } from 'drizzle-orm';
import type { DbOrTx } from '@/lib/auth/context';
import { sightings } from '@/lib/db/schema';

/**
 * Something else than a deployment was seen on its target: told as drift, or another commit since it went live. As it was
 * last seen; a target that nobody can look at has none.
 */
export async function isElseThere(
  db: DbOrTx,
  { targetId, sha, liveAt }: { targetId: string; sha: string; liveAt: Date },
): Promise<boolean> {
  const [seen] = await db.select().from(sightings).where(eq(sightings.targetId, targetId));
  if (!seen) return false;
  if (seen.driftSince !== null) return true;
  const since = seen.lookedAt !== null && seen.lookedAt >= liveAt;
  // Commit ids may be seen shortened.
  return since && seen.sha !== null && !sha.startsWith(seen.sha);
}
