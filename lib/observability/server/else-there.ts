import 'server-only';
import { eq } from 'drizzle-orm';
import type { DbOrTx } from '@/lib/auth/context';
import { sightings } from '@/lib/db/schema';

/**
 * Something else than a deployment was seen on its target since its success was read, since until then the one before may
 * still have answered: told as drift since then (epoch milliseconds), or another commit. As it was last seen; a target that
 * nobody can look at has none.
 */
export async function readElseThere(
  db: DbOrTx,
  { targetId, sha, finishedAt }: { targetId: string; sha: string; finishedAt: Date | null },
): Promise<{ since: number | null } | null> {
  const [seen] = await db.select().from(sightings).where(eq(sightings.targetId, targetId));
  if (!seen) return null;
  const isBefore = seen.lookedAt !== null && finishedAt !== null && seen.lookedAt < finishedAt;
  if (isBefore) return null;
  if (seen.driftSince !== null) return { since: seen.driftSince.getTime() };
  if (seen.lookedAt === null || finishedAt === null) return null;
  // Commit ids may be seen shortened.
  return seen.sha !== null && !sha.startsWith(seen.sha) ? { since: null } : null;
}

export async function isElseThere(...asked: Parameters<typeof readElseThere>): Promise<boolean> {
  return (await readElseThere(...asked)) !== null;
}
