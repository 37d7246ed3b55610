import { eq } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { announcements, deployments } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { describeError, log } from '@/lib/kernel/log';
import { ProviderError } from '@/lib/providers/port';
import { publish } from '@/lib/realtime/publish';
import { isLimited, outcomeOf } from '../model/outcome';
import { type AnnouncementRow, ClaimLost, claim, discover, giveUp, release, wake } from './claims';
import { tell } from './tell';
import { troubleOf } from './way';

/** At once and for each pass, so that what is told never takes the place of what is deployed. */
const AT_ONCE = 4;

/**
 * Tells providers what became of deployments, from our own tables alone, so that it may be killed anywhere. No deployment
 * waits for it or fails through it. Any number of processes may do this at once. Returns how many were looked at.
 */
export async function tellDue(ctx: ServiceContext): Promise<number> {
  await discover(ctx);
  await wake(ctx);
  await giveUp(ctx);
  const claimed = await claim(ctx, AT_ONCE);
  await Promise.all(claimed.map((row) => tellOne(ctx, row)));
  return claimed.length;
}

async function tellOne(ctx: ServiceContext, row: AnnouncementRow): Promise<void> {
  try {
    await tell(ctx, row);
  } catch (error) {
    if (error instanceof ClaimLost) return;
    await recordTrouble(ctx, row, error);
  }
  await showChange(ctx, row);
}

/** What kept a whole pass from being made; what a provider answered to one way is in the row already. */
async function recordTrouble(ctx: ServiceContext, row: AnnouncementRow, error: unknown): Promise<void> {
  // What this pass itself made before the trouble is there to be made true as well.
  const [now] = await ctx.db.select().from(announcements).where(eq(announcements.deploymentId, row.deploymentId));
  const { remoteId, markName, askedAt } = now ?? row;
  const { trouble, ...words } = wordsOf(row, error);
  const shown = remoteId !== null || markName !== null || askedAt !== null;
  const { state, seconds, failed } = outcomeOf([{ shown, trouble }], { tries: row.tries, last: false });
  const held = isLimited({ trouble }) ? { tried: null } : {};
  await release(ctx.db, row, { state, tries: failed ? row.tries : row.tries - 1, ...words, ...held }, seconds);
}

function wordsOf({ deploymentId, tries }: AnnouncementRow, error: unknown) {
  if (error instanceof ServiceError)
    return { trouble: { kind: 'refused' } as const, ...said(error.code, error.sentence) };
  if (error instanceof ProviderError) return troubleOf(error);
  log.error('a deployment could not be announced', { deploymentId, tries, ...describeError(error) });
  const trouble = { kind: 'passing', ambiguous: false } as const;
  return { trouble, ...said('console_bug', 'This console stumbled over it; its log says where. Report it.') };
}

const said = (code: string, sentence: string) => ({ code, sentence: sentence.slice(0, 500) });

/** Whoever has the deployment's page open sees it; the timeline does not grow. */
async function showChange(ctx: ServiceContext, before: AnnouncementRow): Promise<void> {
  const [now] = await ctx.db
    .select({ row: announcements, targetId: deployments.targetId })
    .from(announcements)
    .innerJoin(deployments, eq(deployments.id, announcements.deploymentId))
    .where(eq(announcements.deploymentId, before.deploymentId));
  if (!now) return;
  const keys = ['said', 'marked', 'state', 'sentence', 'markSentence', 'remoteUrl'] as const;
  if (keys.every((key) => now.row[key] === before[key])) return;
  await publish(ctx.db, {
    topic: 'deployment',
    kind: 'progress',
    deploymentId: before.deploymentId,
    targetId: now.targetId,
    actorName: ctx.actor.name,
  });
}
