import { eq } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { announcements, deployments } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { describeError, log } from '@/lib/kernel/log';
import { ProviderError } from '@/lib/providers/port';
import { publish } from '@/lib/realtime/publish';
import { nextTrySeconds, STALE_TRIES } from '../model/tell';
import { type AnnouncementRow, ClaimLost, claim, discover, giveUp, release, wake } from './claims';
import { tell } from './tell';

/** At once and for each pass, so that what is told never takes the place of what is deployed. */
const AT_ONCE = 4;
/** A provider that says "later" is believed for so long. */
const LONGEST_WAIT_SECONDS = 3_600;

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

async function recordTrouble(ctx: ServiceContext, row: AnnouncementRow, error: unknown): Promise<void> {
  // What this pass itself made before the trouble is there to be made true as well.
  const [now] = await ctx.db.select().from(announcements).where(eq(announcements.deploymentId, row.deploymentId));
  const { seconds, ...trouble } = troubleOf(
    { ...row, remoteId: now?.remoteId ?? null, marked: now?.marked ?? null },
    error,
  );
  await release(ctx.db, row, trouble, seconds);
}

function troubleOf(row: AnnouncementRow, error: unknown) {
  const { deploymentId, tries } = row;
  if (error instanceof ServiceError && isShown(row)) return later(row, false, said(error.code, error.sentence));
  if (error instanceof ServiceError)
    return { state: 'refused' as const, seconds: null, ...said(error.code, error.sentence) };
  if (!(error instanceof ProviderError)) {
    log.error('a deployment could not be announced', { deploymentId, tries, ...describeError(error) });
    return later(row, false, said('console_bug', 'This console stumbled over it; its log says where. Report it.'));
  }
  const words = said(error.code, error.message);
  if (error.kind === 'rateLimited') {
    const seconds = Math.min(LONGEST_WAIT_SECONDS, Math.max(5, Math.ceil((error.retryAfterMs ?? 60_000) / 1_000)));
    // Waiting one's turn is no failure.
    return { tries: tries - 1, seconds, ...words };
  }
  const isFinal = error.kind === 'auth' || error.kind === 'notFound' || error.kind === 'rejected';
  const mayPass = error.code === 'conflict' || (error.code === 'credential_refused' && isShown(row));
  if (isFinal && !mayPass) return { state: 'refused' as const, seconds: null, ...words };
  return later(row, error.ambiguous, words);
}

const isShown = ({ remoteId, marked }: AnnouncementRow) => remoteId !== null || marked !== null;

/** What is there already would go on saying what is true no more: it is tried each hour for a week. */
function later(row: AnnouncementRow, ambiguous: boolean, words: ReturnType<typeof said>) {
  const { tries } = row;
  const isStale = isShown(row) && tries < STALE_TRIES;
  const seconds = nextTrySeconds(tries, { ambiguous }) ?? (isStale ? LONGEST_WAIT_SECONDS : null);
  return seconds === null ? { state: 'dead' as const, seconds, ...words } : { seconds, ...words };
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
