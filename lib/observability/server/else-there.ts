import 'server-only';
import { eq } from 'drizzle-orm';
import type { DbOrTx } from '@/lib/auth/context';
import { sightings } from '@/lib/db/schema';

/**
 * Something else than a deployment was seen on its target: told as drift since then (epoch milliseconds), or another
 * commit since it went live. As it was last seen; a target that nobody can look at has none.
 */
export async function readElseThere(
  db: DbOrTx,
  { targetId, sha, liveAt }: { targetId: string; sha: string; liveAt: Date },
): Promise<{ since: number | null } | null> {
  const [seen] = await db.select().from(sightings).where(eq(sightings.targetId, targetId));
  if (!seen) return null;
  if (seen.driftSince !== null) return { since: seen.driftSince.getTime() };
  const since = seen.lookedAt !== null && seen.lookedAt >= liveAt;
  // Commit ids may be seen shortened.
  return since && seen.sha !== null && !sha.startsWith(seen.sha) ? { since: null } : null;
}

export async function isElseThere(...asked: Parameters<typeof readElseThere>): Promise<boolean> {
  return (await readElseThere(...asked)) !== null;
}
