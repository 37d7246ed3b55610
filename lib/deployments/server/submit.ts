import { and, eq, sql } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { noteRefused } from '@/lib/connections/server';
import { attempts, deployments } from '@/lib/db/schema';
import { failpoint } from '@/lib/kernel/failpoint';
import { type AnyProvider, capability, ProviderError, type RemoteRef } from '@/lib/providers/port';
import { isTerminal } from '../model/status';
import { accept, isOneTooMany } from './accept';
import { type Claimed, type Leased, sendingUntil } from './claim';
import { askAboutNewForm, FORM_CHANGED } from './form-changed';
import { goesBack } from './hold';
import { type Lease, whileLeased } from './keep-lease';
import { move, note } from './move';
import { Overtaken, requireStillNewest } from './newest-there';
import { supersedeUnsent } from './overtaken';
import { branchOfOthers } from './own-branch';
import { leadsAway, OTHER_ENVIRONMENT } from './own-environment';
import { sendPublish } from './publish';
import { withNameOfNow } from './renamed-since';
import { requireUnmoved, tellMode } from './rendering';
import { type AttemptRow, type DeploymentRow, lockDeployment } from './rows';
import { callOff, seekLateRun } from './second-run';
import { sendServe } from './serve';
import { asProviderError, crowdOf, troublePatch } from './trouble';

/** Sends one request for a committed attempt and writes down what is known about the answer. */
export async function submit(ctx: ServiceContext, claimed: Claimed): Promise<void> {
  const { row, attempt } = claimed;
  await failpoint('after-claim-commit');
  try {
    const ref = await send(ctx, claimed);
    await failpoint('after-response');
    if (ref) await acceptOrCallOff(ctx, row, attempt, ref);
    else await unclear(ctx, row, attempt, null);
    await failpoint('after-run-id-commit');
  } catch (error) {
    if (error instanceof Overtaken) return supersedeUnsent(ctx, row, attempt, error);
    await afterError(ctx, row, attempt, asProviderError(error));
  }
}

async function acceptOrCallOff(ctx: ServiceContext, row: DeploymentRow, attempt: AttemptRow, ref: RemoteRef) {
  if (isOneTooMany(await accept(ctx, row.id, attempt.id, ref))) await callOff(ctx, row, ref);
}

/** What carries a package may take minutes, and everything else has to fit the lease as it is. */
function send(ctx: ServiceContext, claimed: Claimed): Promise<RemoteRef | null> {
  const carries = claimed.row.dispatch.publish !== undefined;
  return carries
    ? whileLeased(ctx, claimed, (lease) => sendOnce(ctx, claimed, lease))
    : sendOnce(ctx, claimed, claimed);
}

async function sendOnce(
  ctx: ServiceContext,
  { row, attempt }: Claimed,
  lease: Pick<Lease, 'sendBy'> & Partial<Lease>,
): Promise<RemoteRef | null> {
  const leased: Leased = (open) => {
    const { signal = open.signal } = lease;
    return { ...open, signal, fetch: sendingUntil(lease, open.fetch) };
  };
  const { provider, context: open } = await ctx.openConnection(row.connectionId);
  const context = leased(open);
  await requireUnmoved(ctx, row);
  await requireOwnEnvironment(ctx, row, provider);
  await requireStillNewest(ctx, { provider, context }, row);
  if (row.kind === 'retry') {
    const failed = { id: row.remoteId ?? '', attempt: row.remoteAttempt - 1, url: row.remoteUrl ?? '' };
    return capability(provider, 'retry').retry(context, row.config, failed);
  }
  if (row.dispatch.serve) return sendServe(ctx, { provider, context }, row, row.dispatch.serve);
  const { publish } = row.dispatch;
  if (publish) return sendPublish(ctx, { provider, context }, { row, attempt, leased }, publish);
  const revision = { ref: row.ref, refKind: row.refKind, sha: row.sha };
  const config = await withNameOfNow(ctx, { provider, context }, row);
  await tellMode({ provider, context }, row);
  return capability(provider, 'deploy').trigger(context, config, {
    marker: attempt.marker,
    revision,
    inputs: row.inputs,
    ...(row.rendering ? { rendering: row.rendering } : {}),
    // What people approved, and what its jobs' places were worked out from: another file is looked at first.
    formDigest: row.dispatch.form?.digest,
  });
}

/** What was asked for under other names, or before they were looked at, is not sent to where nobody asked the gates. */
async function requireOwnEnvironment(ctx: ServiceContext, row: DeploymentRow, provider: AnyProvider): Promise<void> {
  const kind = (await goesBack(ctx.db, row)) ? ('rollback' as const) : row.kind;
  const { serve, publish } = row.dispatch;
  const sentence =
    (await leadsAway(ctx.db, { ...row, kind }, provider)) ??
    (serve || publish ? null : await branchOfOthers(ctx.db, row));
  if (sentence) throw new ProviderError('rejected', OTHER_ENVIRONMENT, sentence);
}

/** False when others have settled the attempt meanwhile: this process stood still for longer than its lease. */
async function leaveUnknown(
  ctx: ServiceContext,
  deploymentId: string,
  attemptId: string,
  error: ProviderError | null,
): Promise<boolean> {
  return ctx.db.transaction(async (tx) => {
    const row = await lockDeployment(tx, deploymentId);
    const [mine] = await tx
      .update(attempts)
      .set({ state: 'unknown', answeredAt: sql`now()`, error: error?.code ?? null })
      .where(and(eq(attempts.id, attemptId), eq(attempts.state, 'sending')))
      .returning();
    if (!row || !mine || isTerminal(row.status)) return false;
    const waitingFor = error
      ? 'The provider did not answer clearly; looking for the run before anything is sent again.'
      : 'Accepted; waiting for the run to be listed.';
    await note(tx, ctx, row, { waitingFor, troubleSentence: error?.message ?? null }, 1);
    return true;
  });
}

/** Nobody else looks for this marker any more once the attempt is settled, so whoever may have sent late does it itself. */
async function unclear(
  ctx: ServiceContext,
  row: DeploymentRow,
  attempt: AttemptRow,
  error: ProviderError | null,
): Promise<void> {
  if (await leaveUnknown(ctx, row.id, attempt.id, error)) return;
  const late = await seekLateRun(ctx, row, attempt);
  if (late) await acceptOrCallOff(ctx, row, attempt, late);
}

async function afterError(
  ctx: ServiceContext,
  row: DeploymentRow,
  attempt: AttemptRow,
  error: ProviderError,
): Promise<void> {
  if (error.ambiguous) return unclear(ctx, row, attempt, error);
  if (error.code === FORM_CHANGED) return askAboutNewForm(ctx, row, attempt, error);
  const { publish } = row.dispatch;
  // A package went by the gallery's own credential, and the next press has to be told before anybody approves it.
  if (publish && !publish.by) await noteRefused(ctx, row.connectionId, error);
  await ctx.db.transaction(async (tx) => {
    const fresh = await lockDeployment(tx, row.id);
    if (!fresh) return;
    const { patch, waitSeconds } = troublePatch(fresh, error, await crowdOf(tx, fresh));
    const [mine] = await tx
      .update(attempts)
      // The lease now says when the next request may be sent, however often the row is looked at until then.
      .set({
        state: 'refused',
        answeredAt: sql`now()`,
        error: error.code,
        leaseUntil: sql`now() + make_interval(secs => ${waitSeconds})`,
      })
      .where(and(eq(attempts.id, attempt.id), eq(attempts.state, 'sending')))
      .returning();
    if (!mine) return;
    if (error.kind === 'rateLimited' || error.kind === 'unavailable') {
      await note(tx, ctx, fresh, { ...patch, waitingFor: error.message }, waitSeconds);
      return;
    }
    const event = error.kind === 'rejected' || error.kind === 'notFound' ? 'submit_refused' : 'submit_errored';
    await move(tx, ctx, fresh, event, {
      patch: { failureCode: error.code, failureSentence: error.message },
      sentence: error.message,
    });
  });
}

export async function latestAttempt(
  ctx: ServiceContext,
  deploymentId: string,
): Promise<(AttemptRow & { leaseOver: boolean; ageSeconds: number }) | null> {
  const [row] = await ctx.db
    .select({
      attempt: attempts,
      leaseOver: sql<boolean>`${attempts.leaseUntil} < now()`,
      // From the last moment at which the request can have been under way, not from when it was planned.
      ageSeconds: sql<number>`extract(epoch from now() - coalesce(${attempts.answeredAt}, ${attempts.leaseUntil}))::float8`,
    })
    .from(attempts)
    .innerJoin(deployments, eq(deployments.id, attempts.deploymentId))
    .where(eq(attempts.deploymentId, deploymentId))
    .orderBy(sql`${attempts.number} desc`)
    .limit(1);
  return row ? { ...row.attempt, leaseOver: row.leaseOver, ageSeconds: row.ageSeconds } : null;
}
