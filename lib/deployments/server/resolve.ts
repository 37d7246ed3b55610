import { and, eq, ne, sql } from 'drizzle-orm';
import { emitAudit } from '@/lib/audit/emit';
import type { ServiceContext, Tx } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { attempts, deployments } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { capability, type RemoteRef } from '@/lib/providers/port';
import { isRun } from '../model/dispatch';
import type { Publish } from '../model/publish';
import { ResolveInput } from '../model/schemas';
import type { Serve } from '../model/serve';
import { acceptIn } from './accept';
import { heldBack } from './clearance';
import { canFind, findRun } from './find-run';
import { resolveQueued } from './look-first';
import { isStillAsked, settledMeanwhile } from './meanwhile';
import { move } from './move';
import { findPublished } from './publish';
import {
  type AttemptRow,
  type DeploymentRow,
  environmentSlugOf,
  loadDeployment,
  lockDeployment,
  requireDeployment,
} from './rows';
import { findServed } from './serve';
import { sendAgain } from './settle';
import { starterOf } from './starter';
import { latestAttempt } from './submit';

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
  const said: Said = async (tx, followed) => {
    const did = followed ? 'adopt' : input.decision;
    const says =
      did === input.decision
        ? DECISION_SAYS[did]
        : `It was to be sent again, but run ${followed?.id} was there after all: it is followed and nothing was sent again.`;
    await emitAudit(tx, ctx, {
      action: `deployment.resolve.${did}`,
      resource: { kind: 'deployment', id: row.id },
      environment,
      outcome: 'done',
      sentence: `#${row.number}: ${says} ${input.reason}`,
      data: { attempt: attempt?.number ?? null, remoteId: followed?.id ?? null, asked: input.decision },
    });
  };
  if (waits) await resolveWaiting(ctx, row, input, said);
  else if (attempt) await DECIDE[input.decision]({ ctx, row, attempt, input, said });
  return { settled: true };
}

/** Written in the commit of what is done, with the run that is followed now, if any. */
type Said = (tx: Tx, followed: RemoteRef | null) => Promise<void>;

/** One run is one deployment: neither another's run nor, for a re-run, the attempt before it. */
async function requireFree(ctx: ServiceContext, row: DeploymentRow, ref: RemoteRef): Promise<void> {
  if (ref.attempt < row.remoteAttempt)
    throw new ServiceError(
      'precondition',
      'not_started',
      `Run ${ref.id} has not been started again: its attempt ${row.remoteAttempt} does not exist. Send it again instead.`,
    );
  const starter = row.dispatch.publish?.by?.connectionId ?? row.connectionId;
  const [owner] = await ctx.db
    .select({ number: deployments.number })
    .from(deployments)
    .where(
      and(
        sql`coalesce(${deployments.dispatch}->'publish'->'by'->>'connectionId', ${deployments.connectionId}) = ${starter}`,
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
async function resolveWaiting(ctx: ServiceContext, row: DeploymentRow, input: ResolveInput, said: Said): Promise<void> {
  if (input.decision === 'adopt')
    return resolveQueued(ctx, row, { how: 'adopt', ref: await adoptable(ctx, row, input) }, said);
  return resolveQueued(ctx, row, { how: input.decision, reason: input.reason }, said);
}

const DECISION_SAYS = { send_again: 'Send it again:', adopt: 'It is this run:', give_up: 'Give it up:' } as const;

interface Question {
  ctx: ServiceContext;
  row: DeploymentRow;
  attempt: AttemptRow;
  input: ResolveInput;
  said: Said;
}

const DECIDE: Record<ResolveInput['decision'], (question: Question) => Promise<void>> = {
  send_again: async (question) => {
    const { ctx, row, attempt, said } = question;
    // The run may have been listed since the person looked; whatever can be found is never sent twice.
    const found = canFind(row) ? await findRun(ctx, row) : null;
    if (found) return follow(question, found.attemptId, found.ref);
    const held = await heldBack(ctx.db, row);
    if (held) throw new ServiceError('precondition', held.code, held.sentence);
    const unsent = await sendAgain(ctx, row, attempt, (tx) => said(tx, null));
    if (unsent) throw new ServiceError('precondition', unsent.code, unsent.sentence);
  },
  adopt: async (question) => {
    const ref = await adoptable(question.ctx, question.row, question.input);
    return follow(question, question.attempt.id, ref);
  },
  give_up: async ({ ctx, row, input, said }) => {
    await ctx.db.transaction(async (tx) => {
      const fresh = await lockDeployment(tx, row.id);
      if (!isStillAsked(fresh, row)) throw settledMeanwhile(fresh);
      await tx
        .update(attempts)
        .set({ answeredAt: sql`now()`, error: 'given_up' })
        .where(eq(attempts.deploymentId, row.id));
      await move(tx, ctx, fresh, 'abandon', {
        patch: { failureCode: 'given_up', failureSentence: `${ctx.actor.name} gave it up: ${input.reason}` },
        sentence: input.reason,
      });
      await said(tx, null);
    });
  },
};

/** Refused unless the run is followed from here on; that a late run was seen is kept all the same. */
async function follow({ ctx, row, said }: Question, attemptId: string, ref: RemoteRef): Promise<void> {
  const ended = await ctx.db.transaction(async (tx) => {
    const fresh = await lockDeployment(tx, row.id);
    // Somebody else's word was to send it again, and that request is on its way.
    if (fresh?.status === 'submitting' && fresh.attention === null)
      throw settledMeanwhile(fresh, isRun(fresh.dispatch, ref.id) ? ref.id : null);
    const became = await acceptIn(tx, ctx, row.id, attemptId, ref);
    if (became === 'followed') return said(tx, ref);
    const now = await loadDeployment(tx, row.id);
    if (became !== 'ended') throw settledMeanwhile(now);
    return now;
  });
  if (ended) throw settledMeanwhile(ended);
}

/** A build that only had to be served is the one that was asked for, and other deployments may have it too. */
async function served(ctx: ServiceContext, row: DeploymentRow, serve: Serve, named: string | undefined) {
  const refuse = (code: string, sentence: string) => new ServiceError('precondition', code, sentence);
  if (named !== undefined && named !== serve.remoteId)
    throw refuse('other_build', `This deployment serves the build ${serve.remoteId} and no other. Leave the id out.`);
  const open = await ctx.openConnection(row.connectionId);
  const ref = await findServed(open, row, serve);
  if (ref) return ref;
  const { label } = open.provider.manifest;
  throw refuse('not_served', `${label} does not serve the build ${serve.remoteId} now. Send it again, or give it up.`);
}

/** A version at a gallery has no run: it is there with this content, or it is not. */
async function published(ctx: ServiceContext, row: DeploymentRow, publish: Publish) {
  const open = await ctx.openConnection(row.connectionId);
  const ref = await findPublished(open, row, publish);
  if (ref) return ref;
  const sentence = `${open.provider.manifest.label} does not show ${publish.publisher}.${publish.name} ${publish.version} with this content. Send it again, or give it up.`;
  throw new ServiceError('precondition', 'not_there', sentence);
}

/** The run that a person named, once it is known to exist, to be free and to be of this commit. */
async function adoptable(ctx: ServiceContext, row: DeploymentRow, input: ResolveInput): Promise<RemoteRef> {
  const { serve, publish } = row.dispatch;
  if (serve) return served(ctx, row, serve, input.remoteId);
  if (publish && !publish.by) return published(ctx, row, publish);
  if (!input.remoteId)
    throw new ServiceError('invalid', 'no_run_id', 'Enter the run id; it is at the end of the run’s address.', {
      remoteId: 'Enter the run id.',
    });
  if (row.kind === 'retry' && input.remoteId !== row.remoteId) {
    const sentence = `A re-run keeps its run’s id: this is run ${row.remoteId}, attempt ${row.remoteAttempt}, and no other.`;
    throw new ServiceError('precondition', 'other_run', sentence);
  }
  const { open, config } = await starterOf(ctx, row);
  const seen = await capability(open.provider, 'status').observe(open.context, config, {
    id: input.remoteId,
    attempt: row.remoteAttempt,
    url: '',
  });
  await requireFree(ctx, row, seen.ref);
  // A workflow that publishes is told the commit, and runs at the head of its branch.
  if (seen.sha && seen.sha !== row.sha && row.dispatch.shaInput === null && !publish) {
    throw new ServiceError(
      'precondition',
      'wrong_commit',
      `Run ${input.remoteId} is of ${seen.sha.slice(0, 7)}, not of ${row.sha.slice(0, 7)}. Check the run id.`,
    );
  }
  return seen.ref;
}
