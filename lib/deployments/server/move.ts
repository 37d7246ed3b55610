import { and, eq, sql } from 'drizzle-orm';
import { emitAudit } from '@/lib/audit/emit';
import type { ServiceContext, Tx } from '@/lib/auth/context';
import { deployments } from '@/lib/db/schema';
import { wakeAll } from '@/lib/gates/server/wake-held';
import { publish } from '@/lib/realtime/publish';
import { DEADLINE_MS, type DeploymentEvent, transition } from '../model/machine';
import { isTerminal, STATUS_VIEW } from '../model/status';
import { keepFailure } from './keep-failure';
import { settleOwnPin } from './own-pin';
import { type DeploymentRow, StaleDeployment, slugOf } from './rows';
import { nextQueued } from './turn';

type Patch = Partial<Omit<typeof deployments.$inferInsert, 'id' | 'status' | 'version'>>;

export interface Move {
  patch?: Patch;
  /** Extra facts for the timeline; names and digests only. */
  data?: Record<string, unknown>;
  sentence?: string;
  /** Instead of the usual time for the new status. */
  deadlineSeconds?: number;
}

/**
 * The one writer of `status`: state, event, audit, notification and follow-up job are one transaction.
 * Returns null when the machine does not allow the event; throws `StaleDeployment` when another writer was first.
 */
export async function move(
  tx: Tx,
  ctx: ServiceContext,
  row: DeploymentRow,
  event: DeploymentEvent,
  change: Move = {},
): Promise<DeploymentRow | null> {
  const to = transition(row.status, event);
  if (!to) return null;
  const ended = isTerminal(to);
  const deadline = sql`now() + make_interval(secs => ${change.deadlineSeconds ?? DEADLINE_MS[ended ? 'queued' : to] / 1000})`;
  // People are waited for, not polled: what comes next for a request is its deadline.
  const nextLook = to === 'awaiting_approval' ? deadline : sql`now()`;
  const [updated] = await tx
    .update(deployments)
    .set({
      waitingFor: null,
      failureCode: null,
      ...change.patch,
      status: to,
      version: row.version + 1,
      statusSince: sql`now()`,
      deadlineAt: ended ? null : deadline,
      nextCheckAt: ended ? null : nextLook,
      finishedAt: ended ? sql`now()` : null,
      ...(ended ? { attention: null, attentionSince: null } : {}),
    })
    .where(and(eq(deployments.id, row.id), eq(deployments.status, row.status), eq(deployments.version, row.version)))
    .returning();
  if (!updated) throw new StaleDeployment(row.id);
  await record(tx, ctx, row, updated, event, change);
  if (ended) await keepFailure(tx, updated);
  if (ended) await settleOwnPin(tx, ctx, row, updated);
  await wakeAfter(tx, ctx, updated);
  return updated;
}

async function record(
  tx: Tx,
  ctx: ServiceContext,
  from: DeploymentRow,
  to: DeploymentRow,
  event: DeploymentEvent,
  change: Move,
): Promise<void> {
  const sentence = change.sentence ?? STATUS_VIEW[to.status].says;
  await publish(tx, {
    topic: 'deployment',
    kind: event,
    deploymentId: to.id,
    targetId: to.targetId,
    fromStatus: from.status,
    toStatus: to.status,
    actorName: ctx.actor.name,
    data: { sentence, ...change.data },
  });
  await emitAudit(tx, ctx, {
    action: `deployment.${event}`,
    resource: { kind: 'deployment', id: to.id },
    environment: await slugOf(tx, to),
    outcome: to.status === 'failed' || to.status === 'errored' || to.status === 'timed_out' ? 'failed' : 'done',
    ...(to.failureCode ? { code: to.failureCode } : {}),
    sentence: `#${to.number}: ${STATUS_VIEW[from.status].label} → ${STATUS_VIEW[to.status].label}. ${sentence}`,
    data: { from: from.status, to: to.status, sha: to.sha, remoteId: to.remoteId },
  });
}

const EVER = '-infinity';

/** What has ended, waits, or waits for people frees its target: the next one gets its turn in the same commit. */
async function wakeAfter(tx: Tx, ctx: ServiceContext, row: DeploymentRow): Promise<void> {
  const ended = isTerminal(row.status);
  const frees = ended || row.status === 'queued' || row.status === 'awaiting_approval';
  const next = frees ? await nextQueued(tx, row.targetId) : null;
  // In a freeze it is the turn of what was let through, which may stand behind others.
  const first = next?.freezeOverride === null ? await nextQueued(tx, row.targetId, { overriddenSince: EVER }) : null;
  await wakeAll(tx, ctx, [...(ended ? [] : [row.id]), ...[next, first].flatMap((each) => each?.id ?? [])]);
}

/** Writes facts that do not move the status; publishes only what a person would see change. */
export async function note(
  tx: Tx,
  ctx: ServiceContext,
  row: DeploymentRow,
  patch: Patch,
  nextCheckSeconds: number,
): Promise<void> {
  if (isTerminal(row.status)) throw new StaleDeployment(row.id);
  const [updated] = await tx
    .update(deployments)
    .set({ ...patch, nextCheckAt: sql`now() + make_interval(secs => ${nextCheckSeconds})` })
    .where(and(eq(deployments.id, row.id), eq(deployments.status, row.status), eq(deployments.version, row.version)))
    .returning();
  if (!updated) throw new StaleDeployment(row.id);
  const visible = (['waitingFor', 'rawPhase', 'troubleSentence', 'attention', 'remoteUrl'] as const).some(
    (key) => updated[key] !== row[key],
  );
  if (updated.attention && !row.attention) await publish(tx, { ...progress(updated, ctx), ...NEEDS_PERSON });
  else if (visible) await publish(tx, progress(updated, ctx));
}

/** Seconds to the next look when something is noted about what waits: at once in the queue, at its own time with people. */
export function ownPace(row: Pick<DeploymentRow, 'status' | 'nextCheckAt'>, now: number): number {
  if (row.status === 'queued') return 0;
  return row.nextCheckAt ? Math.max(1, (row.nextCheckAt.getTime() - now) / 1000) : 60;
}

const NEEDS_PERSON = {
  kind: 'needs_person',
  data: { sentence: 'Nobody can tell from here whether the run started: a person has to look and say so.' },
};

export function progress(row: DeploymentRow, ctx: ServiceContext) {
  return {
    topic: 'deployment',
    kind: 'progress',
    deploymentId: row.id,
    targetId: row.targetId,
    actorName: ctx.actor.name,
  } as const;
}
