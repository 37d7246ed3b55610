import { and, eq, ne, sql } from 'drizzle-orm';
import { emitAudit } from '@/lib/audit/emit';
import type { ServiceContext } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { attempts, deployments } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { capability, type RemoteRef } from '@/lib/providers/port';
import { ResolveInput } from '../model/schemas';
import { heldBack } from './clearance';
import { resolveQueued } from './look-first';
import { move } from './move';
import { type AttemptRow, type DeploymentRow, environmentSlugOf, lockDeployment, requireDeployment } from './rows';
import { canFind, findRun, sendAgain } from './settle';
import { accept, latestAttempt } from './submit';

/** A person settles a deployment of which nobody knows whether its run started. */
export async function resolveUnknown(ctx: ServiceContext, raw: ResolveInput): Promise<{ settled: true }> {
  const input = ResolveInput.parse(raw);
  const row = await requireDeployment(ctx.db, input.deploymentId);
  const environment = (await environmentSlugOf(ctx, row.id)) ?? '';
  requirePermission(ctx.actor, 'deployment.resolve', environment);
  const attempt = await latestAttempt(ctx, row.id);
  const waits = row.status === 'queued';
  if (row.attention !== 'unknown_outcome' || !(attempt || waits))
    throw new ServiceError('precondition', 'not_unknown', 'Its outcome is known by now; there is nothing to settle.');
  let followed: RemoteRef | null = null;
  if (waits) followed = await resolveWaiting(ctx, row, input);
  else if (attempt) followed = await DECIDE[input.decision](ctx, row, attempt, input);
  const did = followed ? 'adopt' : input.decision;
  const says =
    did === input.decision
      ? DECISION_SAYS[did]
      : `It was to be sent again, but run ${followed?.id} was there after all: it is followed and nothing was sent again.`;
  await emitAudit(ctx.db, ctx, {
    action: `deployment.resolve.${did}`,
    resource: { kind: 'deployment', id: row.id },
    environment,
    outcome: 'done',
    sentence: `#${row.number}: ${says} ${input.reason}`,
    data: { attempt: attempt?.number ?? null, remoteId: followed?.id ?? null, asked: input.decision },
  });
  return { settled: true };
}

/** One run is one deployment: neither another's run nor, for a re-run, the attempt before it. */
async function requireFree(ctx: ServiceContext, row: DeploymentRow, ref: RemoteRef): Promise<void> {
  if (ref.attempt < row.remoteAttempt)
    throw new ServiceError(
      'precondition',
      'not_started',
      `Run ${ref.id} has not been started again: its attempt ${row.remoteAttempt} does not exist. Send it again instead.`,
    );
  const [owner] = await ctx.db
    .select({ number: deployments.number })
    .from(deployments)
    .where(
      and(
        eq(deployments.connectionId, row.connectionId),
        eq(deployments.remoteId, ref.id),
        eq(deployments.remoteAttempt, ref.attempt),
        ne(deployments.id, row.id),
      ),
    )
    .limit(1);
  if (owner)
    throw new ServiceError(
      'precondition',
      'run_taken',
      `Run ${ref.id} belongs to deployment #${owner.number}. Check the run id.`,
    );
}

/** It waits in the queue, and a time that this database lost may have sent it. */
async function resolveWaiting(ctx: ServiceContext, row: DeploymentRow, input: ResolveInput): Promise<RemoteRef | null> {
  if (input.decision === 'adopt')
    return resolveQueued(ctx, row, { how: 'adopt', ref: await adoptable(ctx, row, input) });
  return resolveQueued(ctx, row, { how: input.decision, reason: input.reason });
}

const DECISION_SAYS = { send_again: 'Send it again:', adopt: 'It is this run:', give_up: 'Give it up:' } as const;

/** Answers the run that is followed now, if any. */
type Decide = (
  ctx: ServiceContext,
  row: DeploymentRow,
  attempt: AttemptRow,
  input: ResolveInput,
) => Promise<RemoteRef | null>;

const DECIDE: Record<ResolveInput['decision'], Decide> = {
  send_again: async (ctx, row, attempt) => {
    // The run may have been listed since the person looked; whatever can be found is never sent twice.
    const found = canFind(row) ? await findRun(ctx, row) : null;
    if (found) {
      await accept(ctx, row.id, found.attemptId, found.ref);
      return found.ref;
    }
    const held = await heldBack(ctx.db, row);
    if (held) throw new ServiceError('precondition', held.code, held.sentence);
    const unsent = await sendAgain(ctx, row, attempt);
    if (unsent) throw new ServiceError('precondition', unsent.code, unsent.sentence);
    return null;
  },
  adopt: async (ctx, row, attempt, input) => {
    const ref = await adoptable(ctx, row, input);
    await accept(ctx, row.id, attempt.id, ref);
    return ref;
  },
  give_up: async (ctx, row, _attempt, input) => {
    await ctx.db.transaction(async (tx) => {
      const fresh = await lockDeployment(tx, row.id);
      if (!fresh) return;
      await tx
        .update(attempts)
        .set({ answeredAt: sql`now()`, error: 'given_up' })
        .where(eq(attempts.deploymentId, row.id));
      await move(tx, ctx, fresh, 'abandon', {
        patch: { failureCode: 'given_up', failureSentence: `${ctx.actor.name} gave it up: ${input.reason}` },
        sentence: input.reason,
      });
    });
    return null;
  },
};

/** The run that a person named, once it is known to exist, to be free and to be of this commit. */
async function adoptable(ctx: ServiceContext, row: DeploymentRow, input: ResolveInput): Promise<RemoteRef> {
  if (!input.remoteId)
    throw new ServiceError(
      'invalid',
      'no_run_id',
      'Enter the run id; it is the number at the end of the run’s address.',
      { remoteId: 'Enter the run id.' },
    );
  const { provider, context } = await ctx.openConnection(row.connectionId);
  const seen = await capability(provider, 'status').observe(context, row.config, {
    id: input.remoteId,
    attempt: row.remoteAttempt,
    url: '',
  });
  await requireFree(ctx, row, seen.ref);
  if (seen.sha && seen.sha !== row.sha && row.dispatch.shaInput === null) {
    throw new ServiceError(
      'precondition',
      'wrong_commit',
      `Run ${input.remoteId} is of ${seen.sha.slice(0, 7)}, not of ${row.sha.slice(0, 7)}. Check the run id.`,
    );
  }
  return seen.ref;
}
