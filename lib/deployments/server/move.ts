import { and, asc, eq, isNotNull, isNull, or, sql } from 'drizzle-orm';
import { emitAudit } from '@/lib/audit/emit';
import type { ServiceContext, Tx } from '@/lib/auth/context';
import { deployments, environments, pins } from '@/lib/db/schema';
import { openPins } from '@/lib/gates/server/holds';
import { publish } from '@/lib/realtime/publish';
import { DEADLINE_MS, type DeploymentEvent, transition } from '../model/machine';
import { isTerminal, STATUS_VIEW } from '../model/status';
import { type DeploymentRow, StaleDeployment } from './rows';

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
  if (ended && to !== 'succeeded') await dropOwnPin(tx, ctx, updated);
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
    environment: await environmentSlug(tx, to),
    outcome: to.status === 'failed' || to.status === 'errored' || to.status === 'timed_out' ? 'failed' : 'done',
    ...(to.failureCode ? { code: to.failureCode } : {}),
    sentence: `#${to.number}: ${STATUS_VIEW[from.status].label} → ${STATUS_VIEW[to.status].label}. ${sentence}`,
    data: { from: from.status, to: to.status, sha: to.sha, remoteId: to.remoteId },
  });
}

/** Whoever may read the audit log of one environment reads what became of its deployments, too. */
async function environmentSlug(tx: Tx, row: DeploymentRow): Promise<string | null> {
  const found = await tx.query.environments.findFirst({
    where: eq(environments.id, row.environmentId),
    columns: { slug: true },
  });
  return found?.slug ?? null;
}

/** What never got live holds nothing in place: the pin of a roll-back goes with it, and the timeline says so. */
async function dropOwnPin(tx: Tx, ctx: ServiceContext, row: DeploymentRow): Promise<void> {
  const reason = `#${row.number} never got live, so its hold is lifted: what waits for this target goes on.`;
  const dropped = await tx
    .update(pins)
    .set({ liftedAt: sql`now()`, liftedBy: 'AetherStack', liftReason: reason })
    .where(and(eq(pins.deploymentId, row.id), isNull(pins.liftedAt)))
    .returning({ id: pins.id });
  if (dropped.length === 0) return;
  const { id: deploymentId, targetId } = row;
  const data = { sentence: reason };
  await publish(tx, { topic: 'pin', kind: 'lifted', deploymentId, targetId, actorName: ctx.actor.name, data });
  await emitAudit(tx, ctx, {
    action: 'pin.lift',
    resource: { kind: 'pin', id: dropped[0]?.id ?? null },
    environment: await environmentSlug(tx, row),
    outcome: 'done',
    sentence: reason,
  });
}

/** An ended deployment frees its target: the next in the queue gets its turn in the same commit. */
async function wakeAfter(tx: Tx, ctx: ServiceContext, row: DeploymentRow): Promise<void> {
  if (!isTerminal(row.status)) return ctx.queue.wakeDeployment(tx, row.id);
  const next = await nextQueued(tx, row.targetId);
  if (next) await ctx.queue.wakeDeployment(tx, next.id);
}

/**
 * Whose turn it is. What a roll-back holds back steps aside for the roll-back itself, or both would wait for ever; in a
 * freeze the ones that an administrator lets through come first.
 */
export async function nextQueued(tx: Tx, targetId: string, only: { throughFreeze?: boolean } = {}) {
  const held = sql`select from ${pins} where ${and(eq(pins.kind, 'rollback'), eq(pins.targetId, targetId), openPins())}`;
  // A re-run passes with the very commit that is held; see the gate `pin`.
  const heldHere = sql`${held} and (select h.sha from ${deployments} h where h.id = ${pins.deploymentId}) = ${deployments.sha}`;
  const passes = or(
    sql`not exists (${held})`,
    eq(deployments.kind, 'rollback'),
    and(eq(deployments.kind, 'retry'), sql`exists (${heldHere})`),
  );
  const [next] = await tx
    .select()
    .from(deployments)
    .where(
      and(
        eq(deployments.targetId, targetId),
        eq(deployments.status, 'queued'),
        passes,
        only.throughFreeze ? isNotNull(deployments.freezeOverride) : undefined,
      ),
    )
    .orderBy(asc(deployments.number))
    .limit(1);
  return next ?? null;
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
