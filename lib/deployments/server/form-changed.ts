import { isDeepStrictEqual } from 'node:util';
import { and, eq, sql } from 'drizzle-orm';
import type { ServiceContext, Tx } from '@/lib/auth/context';
import { attempts } from '@/lib/db/schema';
import { policyOf } from '@/lib/gates/model/policy';
import { voidAllApprovals } from '@/lib/gates/server/approvals';
import { approvalDigest } from '@/lib/gates/server/digest';
import { ServiceError } from '@/lib/kernel/errors';
import { ProviderError } from '@/lib/providers/port';
import { checkInputs, dispatchOf, formOf, requirePinned } from './form';
import { move, note } from './move';
import { requireOwnJobs } from './own-environment';
import { askAgain } from './policy-change';
import { type AttemptRow, type DeploymentRow, lockDeployment } from './rows';
import { asProviderError, troublePatch } from './trouble';

/** The adapter's word for "this is not the file that was looked at and approved"; nothing was sent. */
export const FORM_CHANGED = 'form_changed';
const AGAIN_SECONDS = 30;

/**
 * Another file was looked at, and approved, than the one that would run. Where what was filled in still fits the new one, people
 * are asked about that, or it goes on where nobody is asked; otherwise it ends, and says so. With trouble at the provider it is
 * tried again later.
 */
export async function askAboutNewForm(
  ctx: ServiceContext,
  seen: DeploymentRow,
  attempt: AttemptRow,
  refusal: ProviderError,
): Promise<void> {
  // Settled first: what is read now may outlast the lease, and nobody has to look for a run.
  const again = sql`now() + make_interval(secs => ${AGAIN_SECONDS})`;
  const [mine] = await ctx.db
    .update(attempts)
    .set({ state: 'refused', answeredAt: sql`now()`, error: refusal.code, leaseUntil: again })
    .where(and(eq(attempts.id, attempt.id), eq(attempts.state, 'sending')))
    .returning();
  if (!mine) return;
  let read: NewForm;
  try {
    read = await readNewForm(ctx, seen);
  } catch (error) {
    const { patch, waitSeconds } = troublePatch(seen, asProviderError(error));
    await ctx.db.transaction((tx) => note(tx, ctx, seen, patch, waitSeconds));
    return;
  }
  await ctx.db.transaction(async (tx) => {
    const row = await lockDeployment(tx, seen.id);
    if (!row || row.version !== seen.version) return;
    if (row.status === 'submitting' && 'dispatch' in read) return backToQueue(tx, ctx, row, read.dispatch, refusal);
    const failureSentence = `${refusal.message} ${'problem' in read ? read.problem : ''} Look at what changed in it, then deploy again.`;
    const sentence = failureSentence.replace(/ {2,}/g, ' ');
    const patch = { failureCode: FORM_CHANGED, failureSentence: sentence };
    await move(tx, ctx, row, 'submit_refused', { patch, sentence });
  });
}

type NewForm = { dispatch: DeploymentRow['dispatch'] } | { problem: string };

/** What a run would be told apart by now, or why nothing of what was approved fits any more. Throws trouble. */
async function readNewForm(ctx: ServiceContext, row: DeploymentRow): Promise<NewForm> {
  const revision = { ref: row.ref, refKind: row.refKind, sha: row.sha };
  const open = await ctx.openConnection(row.connectionId);
  try {
    const form = await formOf(open, row.config, revision);
    await requirePinned(open, row.config, revision, form);
    const inputs = form ? await checkInputs(ctx.db, row, form, row.config, row.inputs) : {};
    if (!isDeepStrictEqual(inputs, row.inputs))
      return { problem: 'It has other inputs now than those that were filled in.' };
    const runsIn = await requireOwnJobs(ctx.db, row, open.provider, form, inputs);
    return { dispatch: dispatchOf(form, open.provider, runsIn) };
  } catch (error) {
    if (error instanceof ServiceError) return { problem: `What was filled in does not fit it: ${error.sentence}` };
    if (error instanceof ProviderError && (error.kind === 'rejected' || error.kind === 'notFound'))
      return { problem: error.message };
    throw error;
  }
}

/** Through the queue, as what did not start; what was said about the former file counts no more. */
async function backToQueue(
  tx: Tx,
  ctx: ServiceContext,
  row: DeploymentRow,
  dispatch: DeploymentRow['dispatch'],
  refusal: ProviderError,
): Promise<void> {
  const isAsked = policyOf(row.policy).approvals > 0;
  if (isAsked) await voidAllApprovals(tx, row.id, 'The workflow file has changed since.');
  const digest = approvalDigest({ ...row, dispatch }, policyOf(row.policy));
  const patch = { dispatch, approvalDigest: digest, attention: null, attentionSince: null };
  const goesOn = isAsked
    ? ''
    : ' What was filled in fits the new one and stays in its environment, so it is sent with that.';
  const back = await move(tx, ctx, row, 'requeue', { patch, sentence: `${refusal.message}${goesOn}` });
  const sentence =
    'It is asked again, with the workflow file as it is now: look at what changed in it before you approve.';
  if (back && isAsked) await askAgain(tx, ctx, back, sentence);
}
