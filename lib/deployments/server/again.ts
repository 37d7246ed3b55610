import { eq } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { pins, releases } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { newId } from '@/lib/kernel/ids';
import { publish } from '@/lib/realtime/publish';
import { eligibility } from '../model/eligibility';
import { RollBackInput, type Triggered } from '../model/schemas';
import { isTerminal } from '../model/status';
import { actorId, requireAllowed } from './access';
import { deploymentFacts, mayEverything } from './gate';
import { findByKey, requestDeployment } from './request';
import { type DeploymentRow, type LoadedTarget, requireDeployment, requireTarget } from './rows';
import { prepare } from './trigger';

async function load(ctx: ServiceContext, deploymentId: string): Promise<{ row: DeploymentRow; loaded: LoadedTarget }> {
  const row = await requireDeployment(ctx.db, deploymentId);
  return { row, loaded: await requireTarget(ctx.db, row.targetId) };
}

/** The same commit, ref and inputs once more, as a new deployment with today's settings. */
export async function redeploy(
  ctx: ServiceContext,
  input: { deploymentId: string; idempotencyKey: string },
): Promise<Triggered> {
  const { row, loaded } = await load(ctx, input.deploymentId);
  requirePermission(ctx.actor, 'deployment.request', loaded.environment.slug);
  const repeated = await findByKey(ctx, row.targetId, input.idempotencyKey);
  if (repeated) return repeated;
  const prepared = await prepare(ctx, loaded, {
    revision: revisionOf(row),
    values: row.inputs,
    kind: 'deploy',
    config: loaded.target.config,
  });
  return requestDeployment(ctx, {
    ...prepared,
    loaded,
    kind: 'deploy',
    reason: `Again, as #${row.number}.`,
    idempotencyKey: input.idempotencyKey,
    source: row,
  });
}

/** Re-runs the failed jobs of the provider's own run: a new deployment, because an ended one stays ended. */
export async function retryDeployment(
  ctx: ServiceContext,
  input: { deploymentId: string; idempotencyKey?: string | undefined },
): Promise<Triggered> {
  const { row, loaded } = await load(ctx, input.deploymentId);
  requirePermission(ctx.actor, 'deployment.retry', loaded.environment.slug);
  const { provider } = await ctx.openConnection(loaded.connection.id);
  const idempotencyKey = input.idempotencyKey ?? `retry:${row.id}:${row.remoteAttempt}`;
  const repeated = await findByKey(ctx, row.targetId, idempotencyKey);
  if (repeated && (input.idempotencyKey || !neverRan(await requireDeployment(ctx.db, repeated.deploymentId))))
    return repeated;
  // The re-run that was asked for earlier ended before it was sent: it is that one's turn again.
  if (repeated) return retryDeployment(ctx, { deploymentId: repeated.deploymentId });
  requireAllowed(eligibility(await deploymentFacts(ctx.db, row, loaded, provider), mayEverything).retry);
  if (row.connectionId !== loaded.connection.id)
    throw new ServiceError(
      'precondition',
      'other_connection',
      'The target uses another connection since, which does not know that run. Deploy the same commit again instead.',
    );
  if (!row.remoteId)
    throw new ServiceError(
      'precondition',
      'no_run',
      'The provider never started a run for it. Deploy the same commit again instead.',
    );
  return requestDeployment(ctx, {
    loaded,
    provider,
    kind: 'retry',
    revision: revisionOf(row),
    inputs: row.inputs,
    config: row.config,
    dispatch: row.dispatch,
    head: await releaseOf(ctx, row),
    reason: `Failed jobs of #${row.number} again.`,
    idempotencyKey,
    source: row,
    remote: {
      id: row.remoteId,
      attempt: neverRan(row) ? row.remoteAttempt : row.remoteAttempt + 1,
      url: row.remoteUrl,
    },
  });
}

/** A re-run carries the attempt it asks for from its first moment; only `startedAt` says that the provider took it. */
function neverRan(row: DeploymentRow): boolean {
  return row.kind === 'retry' && row.startedAt === null && isTerminal(row.status);
}

/** A new deployment of an earlier success, and a pin with author and reason that holds the target there. */
export async function rollBack(ctx: ServiceContext, raw: RollBackInput): Promise<Triggered> {
  const input = RollBackInput.parse(raw);
  const { row, loaded } = await load(ctx, input.toDeploymentId);
  requirePermission(ctx.actor, 'deployment.rollback', loaded.environment.slug);
  if (row.targetId !== input.targetId)
    throw new ServiceError(
      'invalid',
      'other_target',
      'That deployment belongs to another target; choose one of this target.',
    );
  const repeated = await findByKey(ctx, row.targetId, input.idempotencyKey);
  if (repeated) return repeated;
  const { provider } = await ctx.openConnection(loaded.connection.id);
  requireAllowed(eligibility(await deploymentFacts(ctx.db, row, loaded, provider), mayEverything).rollBack);
  // As it was then, unless the target has moved to another account, to which the settings of then mean nothing.
  const config = row.connectionId === loaded.connection.id ? row.config : loaded.target.config;
  const prepared = await prepare(ctx, loaded, {
    revision: revisionOf(row),
    values: row.inputs,
    kind: 'rollback',
    config,
  });
  return requestDeployment(ctx, {
    ...prepared,
    loaded,
    kind: 'rollback',
    reason: input.reason,
    idempotencyKey: input.idempotencyKey,
    source: row,
    alongside: async (tx, deploymentId) => {
      await tx.insert(pins).values({
        id: newId('pin'),
        targetId: row.targetId,
        kind: 'rollback',
        reason: input.reason,
        createdBy: actorId(ctx) ?? 'system',
        createdByName: ctx.actor.name,
        deploymentId,
      });
      await publish(tx, {
        topic: 'pin',
        kind: 'pinned',
        targetId: row.targetId,
        deploymentId,
        actorName: ctx.actor.name,
        data: { reason: input.reason },
      });
    },
  });
}

function revisionOf({ ref, refKind, sha }: DeploymentRow) {
  return { ref, refKind, sha };
}

async function releaseOf(ctx: ServiceContext, row: DeploymentRow): Promise<{ message: string; author: string }> {
  const [release] = await ctx.db.select().from(releases).where(eq(releases.id, row.releaseId));
  return release ?? { message: '', author: '' };
}
