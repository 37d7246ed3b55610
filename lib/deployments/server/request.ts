import { createHash } from 'node:crypto';
import { and, eq, inArray } from 'drizzle-orm';
import { emitAudit } from '@/lib/audit/emit';
import type { ServiceContext, Tx } from '@/lib/auth/context';
import { isUniqueViolation } from '@/lib/db/errors';
import { deployments, releases, targets } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { failpoint } from '@/lib/kernel/failpoint';
import { newId } from '@/lib/kernel/ids';
import type { AnyProvider, Commit, InputValue, Revision } from '@/lib/providers/port';
import { publish } from '@/lib/realtime/publish';
import { DEADLINE_MS } from '../model/machine';
import type { Triggered } from '../model/schemas';
import { ACTIVE_STATUSES } from '../model/status';
import { actorId } from './access';
import { requireGate } from './gate';
import { type DeploymentRow, type LoadedTarget, requireTarget } from './rows';

export interface NewDeployment {
  loaded: LoadedTarget;
  provider: AnyProvider;
  kind: 'deploy' | 'rollback' | 'retry';
  revision: Revision;
  inputs: Record<string, InputValue>;
  dispatch: DeploymentRow['dispatch'];
  /** The settings that inputs and dispatch were checked against. */
  config: DeploymentRow['config'];
  head: Pick<Commit, 'message' | 'author'>;
  reason: string;
  idempotencyKey: string;
  source?: DeploymentRow;
  /** A re-run works on the provider's existing run. */
  remote?: { id: string; attempt: number; url: string | null };
  /** Runs in the same transaction, e.g. to pin the target. */
  alongside?: (tx: Tx, deploymentId: string) => Promise<void>;
}

/** The deployment that an earlier submit of the same click made, if any. Cheap; asked before the provider is. */
export async function findByKey(
  ctx: ServiceContext,
  targetId: string,
  idempotencyKey: string,
): Promise<Triggered | null> {
  const [row] = await ctx.db.select().from(deployments).where(eq(deployments.idempotencyKey, idempotencyKey));
  if (!row) return null;
  if (row.targetId !== targetId) throw keyReused();
  return { deploymentId: row.id, number: row.number, outcome: 'repeated' };
}

/**
 * Writes the intent: one row per click, however often it arrives and from however many people.
 * The target's row lock orders clicks; the gate is asked again under it.
 */
export async function requestDeployment(ctx: ServiceContext, wanted: NewDeployment): Promise<Triggered> {
  try {
    const triggered = await ctx.db.transaction((tx) => insert(tx, ctx, wanted));
    await failpoint('after-intent-commit');
    return triggered;
  } catch (error) {
    if (!isUniqueViolation(error, 'deployments_idempotency_key')) throw error;
    const first = await findByKey(ctx, wanted.loaded.target.id, wanted.idempotencyKey);
    if (first) return first;
    throw error;
  }
}

async function insert(tx: Tx, ctx: ServiceContext, wanted: NewDeployment): Promise<Triggered> {
  const targetId = wanted.loaded.target.id;
  await tx.select({ id: targets.id }).from(targets).where(eq(targets.id, targetId)).for('update');
  const digest = contentDigest(wanted);
  const [same] = await tx
    .select()
    .from(deployments)
    .where(and(eq(deployments.contentDigest, digest), inArray(deployments.status, [...ACTIVE_STATUSES])));
  const [repeated] = await tx.select().from(deployments).where(eq(deployments.idempotencyKey, wanted.idempotencyKey));
  if (repeated && repeated.targetId !== targetId) throw keyReused();
  if (repeated) return { deploymentId: repeated.id, number: repeated.number, outcome: 'repeated' };
  if (same) return { deploymentId: same.id, number: same.number, outcome: 'joined' };
  const loaded = await requireTarget(tx, targetId);
  await requireGate(tx, loaded, wanted.provider, wanted.kind);
  const releaseId = await upsertRelease(tx, wanted);
  const id = newId('dep', ctx.clock.now());
  const row = await insertRow(tx, ctx, wanted, { id, digest, releaseId, loaded });
  await wanted.alongside?.(tx, id);
  await publishIntent(tx, ctx, row, loaded);
  await ctx.queue.wakeDeployment(tx, id);
  await failpoint('before-intent-commit');
  return { deploymentId: id, number: row.number, outcome: 'created' };
}

async function insertRow(
  tx: Tx,
  ctx: ServiceContext,
  wanted: NewDeployment,
  facts: { id: string; digest: string; releaseId: string; loaded: LoadedTarget },
): Promise<DeploymentRow> {
  const { target, component, environment } = facts.loaded;
  const { connection } = wanted.loaded;
  const now = new Date(ctx.clock.now());
  const [row] = await tx
    .insert(deployments)
    .values({
      id: facts.id,
      targetId: target.id,
      componentId: component.id,
      environmentId: environment.id,
      connectionId: connection.id,
      providerId: connection.providerId,
      releaseId: facts.releaseId,
      kind: wanted.kind,
      sourceDeploymentId: wanted.source?.id ?? null,
      previousDeploymentId: target.currentDeploymentId,
      status: 'queued',
      idempotencyKey: wanted.idempotencyKey,
      contentDigest: facts.digest,
      ref: wanted.revision.ref,
      refKind: wanted.revision.refKind,
      sha: wanted.revision.sha,
      inputs: wanted.inputs,
      config: wanted.config,
      dispatch: wanted.dispatch,
      reason: wanted.reason,
      requestedById: actorId(ctx),
      requestedByName: ctx.actor.name,
      deadlineAt: new Date(now.getTime() + DEADLINE_MS.queued),
      nextCheckAt: now,
      remoteId: wanted.remote?.id ?? null,
      remoteAttempt: wanted.remote?.attempt ?? 1,
      remoteUrl: wanted.remote?.url ?? null,
    })
    .returning();
  if (!row) throw new Error('The deployment was not written.');
  return row;
}

async function upsertRelease(tx: Tx, wanted: NewDeployment): Promise<string> {
  const { revision, head } = wanted;
  const values = {
    id: newId('rel'),
    componentId: wanted.loaded.component.id,
    version: revision.refKind === 'tag' ? revision.ref : revision.sha.slice(0, 7),
    sha: revision.sha,
    ref: revision.ref,
    message: head.message.slice(0, 2000),
    author: head.author,
  };
  await tx.insert(releases).values(values).onConflictDoNothing();
  const [row] = await tx
    .select({ id: releases.id })
    .from(releases)
    .where(and(eq(releases.componentId, values.componentId), eq(releases.sha, values.sha)));
  if (!row) throw new Error('The release was not written.');
  return row.id;
}

const KIND_SAYS = { deploy: 'Deploy', rollback: 'Roll back', retry: 'Re-run failed jobs of' } as const;

async function publishIntent(tx: Tx, ctx: ServiceContext, row: DeploymentRow, loaded: LoadedTarget): Promise<void> {
  const sentence = `${KIND_SAYS[row.kind]} ${loaded.component.name} to ${loaded.environment.name}: ${row.ref} at ${row.sha.slice(0, 7)}.${row.reason ? ` ${row.reason}` : ''}`;
  await publish(tx, {
    topic: 'deployment',
    kind: 'requested',
    deploymentId: row.id,
    targetId: row.targetId,
    toStatus: row.status,
    actorName: ctx.actor.name,
    data: { sentence },
  });
  await emitAudit(tx, ctx, {
    action: `deployment.request.${row.kind}`,
    resource: { kind: 'deployment', id: row.id },
    environment: loaded.environment.slug,
    outcome: 'done',
    sentence: `#${row.number}: ${sentence}`,
    data: {
      target: loaded.target.id,
      sha: row.sha,
      ref: row.ref,
      inputNames: Object.keys(row.inputs),
      digest: row.contentDigest,
    },
  });
}

/** What "the same deployment" means: target, verb (a roll-back also holds), commit, ref, inputs, settings, attempt. */
function contentDigest(wanted: NewDeployment): string {
  const { loaded, revision, inputs, remote } = wanted;
  const sorted = Object.fromEntries(Object.entries(inputs).sort(([a], [b]) => (a < b ? -1 : 1)));
  const content = [loaded.target.id, wanted.kind, revision.ref, revision.sha, sorted, wanted.config, remote ?? null];
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}

function keyReused(): ServiceError {
  return new ServiceError(
    'conflict',
    'key_reused',
    'This idempotency key was used for another target. Use a new key for each click.',
  );
}
