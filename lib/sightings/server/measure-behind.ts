import { eq, sql } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { deployments, sightings, targets } from '@/lib/db/schema';
import { settingsOf } from '@/lib/deployments/server/read-composer';
import { ServiceError } from '@/lib/kernel/errors';
import { ProviderError } from '@/lib/providers/port';

/** About a quarter of an hour, so that targets which were first asked together do not stay together. */
const AGAIN = sql`(interval '12 minutes' + random() * interval '6 minutes')`;

/**
 * Writes down how many commits of its branch a target has not, for everybody who reads the estate. Asked out of the budget
 * for looks: a quarter of an hour apart while the same is live, and counted only when live or branch is another. Trouble
 * leaves it as it was; what cannot be counted is not known (null). It counts for the commit it was counted for, no other.
 */
export async function measureBehind(ctx: ServiceContext, targetId: string): Promise<void> {
  const asked = await take(ctx, targetId);
  if (!asked) return;
  const { connectionId, config, live } = asked;
  const write = (seen: Seen) => ctx.db.update(sightings).set(seen).where(eq(sightings.targetId, targetId));
  try {
    const { provider, context } = await ctx.openConnection(connectionId, 'survey');
    const { source } = provider.methods;
    if (!source) return;
    const { sha: branchSha } = await source.resolve(context, config, settingsOf(config).defaultRef);
    if (branchSha === asked.branchSha && asked.behindOf === live) return;
    const same = branchSha === live;
    const behind = same ? 0 : (await source.compare(context, config, live, branchSha, 'count')).totalIncluded;
    await write({ branchSha, behind, behindOf: live });
  } catch (error) {
    if (!(error instanceof ProviderError || error instanceof ServiceError)) throw error;
    // Not trouble but an answer: without it, what is live would count as never asked about, and be asked at each look.
    const uncounted = error instanceof ProviderError && (error.kind === 'notFound' || error.kind === 'rejected');
    if (uncounted) await write({ branchSha: null, behind: null, behindOf: live });
  }
}

type Seen = Pick<typeof sightings.$inferSelect, 'branchSha' | 'behind' | 'behindOf'>;

/** One statement, so that of several processes one asks. Null: asked lately, or nothing is live. */
async function take(ctx: ServiceContext, targetId: string) {
  const [taken] = await ctx.db
    .update(sightings)
    .set({ behindAskedAt: sql`now()` })
    .from(targets)
    .innerJoin(deployments, eq(deployments.id, targets.currentDeploymentId))
    .where(
      sql`${sightings.targetId} = ${targetId} and ${targets.id} = ${targetId}
        and (${sightings.behindAskedAt} is null or ${sightings.behindAskedAt} < now() - ${AGAIN}
          or ${sightings.behindOf} is distinct from ${deployments.sha})`,
    )
    .returning({
      connectionId: targets.connectionId,
      config: targets.config,
      live: deployments.sha,
      branchSha: sightings.branchSha,
      behindOf: sightings.behindOf,
    });
  return taken ?? null;
}
