import { isDeepStrictEqual } from 'node:util';
import { and, eq, sql } from 'drizzle-orm';
import type { OpenConnection, ServiceContext, Tx } from '@/lib/auth/context';
import { attempts } from '@/lib/db/schema';
import { policyOf } from '@/lib/gates/model/policy';
import { voidAllApprovals } from '@/lib/gates/server/approvals';
import { approvalDigest } from '@/lib/gates/server/digest';
import { ServiceError } from '@/lib/kernel/errors';
import { ProviderError } from '@/lib/providers/port';
import { hasRendering } from '../../rendering/model/mode';
import { fixedInputs } from '../model/still-fixed';
import { checkInputs, dispatchOf, formOf, requirePinned } from './form';
import { move, note } from './move';
import { isAmong, requireOwnJobs } from './own-environment';
import { askAgain } from './policy-change';
import { type AttemptRow, type DeploymentRow, lockDeployment, requireTarget } from './rows';
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
    if (row.status === 'submitting' && 'dispatch' in read) return backToQueue(tx, ctx, row, read, refusal);
    const press = row.kind === 'rollback' ? 'roll back' : 'deploy';
    const failureSentence = `${refusal.message} ${'problem' in read ? read.problem : ''} Look at what changed in it, then ${press} again.`;
    const sentence = failureSentence.replace(/ {2,}/g, ' ');
    const patch = { failureCode: FORM_CHANGED, failureSentence: sentence };
    await move(tx, ctx, row, 'submit_refused', { patch, sentence });
  });
}

type Fitting = Pick<DeploymentRow, 'dispatch' | 'inputs'>;
type NewForm = Fitting | { problem: string };

/** What a run would be told apart by now and sent with, or why what was asked for does not fit any more. Throws trouble. */
async function readNewForm(ctx: ServiceContext, row: DeploymentRow): Promise<NewForm> {
  const revision = { ref: row.ref, refKind: row.refKind, sha: row.sha };
  const open = await ctx.openConnection(row.connectionId);
  try {
    const form = await formOf(open, row.config, revision);
    await requirePinned(open, row.config, revision, form);
    const inputs = form ? await checkInputs(ctx.db, row, form, row.config, row.inputs) : {};
    const problem = await otherThanAsked(ctx, row, open, inputs);
    if (problem) return { problem };
    const runsIn = await requireOwnJobs(ctx.db, row, open.provider, form, inputs);
    return { inputs, dispatch: dispatchOf(form, open.provider, runsIn) };
  } catch (error) {
    if (error instanceof ServiceError) return { problem: `What was filled in does not fit it: ${error.sentence}` };
    if (error instanceof ProviderError && (error.kind === 'rejected' || error.kind === 'notFound'))
      return { problem: error.message };
    throw error;
  }
}

const addedTo = (before: DeploymentRow['inputs'], now: DeploymentRow['inputs']): string[] =>
  Object.keys(now).filter((name) => !Object.hasOwn(before, name));

/**
 * Why these are other inputs than were asked for; null where they are not. What people approved is sent as it was or not at
 * all. Where nobody is asked, inputs that the file gained are sent as it, or the target's settings, say, but for those that are
 * looked at only when somebody asks: the image, and the mode that is recorded.
 */
async function otherThanAsked(
  ctx: ServiceContext,
  row: DeploymentRow,
  { provider }: Pick<OpenConnection, 'provider'>,
  now: DeploymentRow['inputs'],
): Promise<string | null> {
  const added = addedTo(row.inputs, now);
  const kept = Object.fromEntries(Object.entries(now).filter(([name]) => !added.includes(name)));
  if (!isDeepStrictEqual(kept, row.inputs) || (added.length > 0 && isAsked(row)))
    return 'It has other inputs now than those that were filled in.';
  if (added.length === 0) return null;
  const { component, target } = await requireTarget(ctx.db, row.targetId);
  const settled = added.find((name) => isFixedSince(name, row.config, target.config));
  if (settled)
    return `Its new input “${settled}” is fixed by the target’s settings of now, and this was asked for by those of before.`;
  const rendering = hasRendering(component) ? provider.manifest.capabilities.rendering : undefined;
  const mode = rendering?.writes === 'input' ? rendering.name : null;
  const fixed = (row.config.inputs ?? {}) as DeploymentRow['inputs'];
  const images = [component.image?.imageInput, component.image?.digestInput];
  const first = added.find((name) => name === mode || (images.includes(name) && !Object.hasOwn(fixed, name)));
  return first ? `Its new input “${first}” is looked at only when somebody asks for a deployment.` : null;
}

function isFixedSince(name: string, then: DeploymentRow['config'], now: DeploymentRow['config']): boolean {
  const isIn = (config: DeploymentRow['config']) => isAmong(Object.keys(fixedInputs(config)), name);
  return isIn(now) && !isIn(then);
}

const isAsked = (row: DeploymentRow): boolean => policyOf(row.policy).approvals > 0;

/** Through the queue, as what did not start; what was said about the former file counts no more, for a freeze as well. */
async function backToQueue(
  tx: Tx,
  ctx: ServiceContext,
  row: DeploymentRow,
  fitting: Fitting,
  refusal: ProviderError,
): Promise<void> {
  const asks = isAsked(row);
  if (asks) await voidAllApprovals(tx, row.id, 'The workflow file has changed since.');
  const digest = approvalDigest({ ...row, ...fitting }, policyOf(row.policy));
  const patch = { ...fitting, approvalDigest: digest, freezeOverride: null, attention: null, attentionSince: null };
  const goesOn = asks ? '' : ` ${goesOnAs(addedTo(row.inputs, fitting.inputs))}`;
  const word = row.freezeOverride
    ? ` ${row.freezeOverride.byName} let the former file through a freeze, not this one.`
    : '';
  const back = await move(tx, ctx, row, 'requeue', { patch, sentence: `${refusal.message}${goesOn}${word}` });
  const sentence =
    'It is asked again, with the workflow file as it is now: look at what changed in it before you approve.';
  if (back && asks) await askAgain(tx, ctx, back, sentence);
}

function goesOnAs(added: readonly string[]): string {
  const fits = 'What was filled in fits the new one and stays in its environment, so it is sent with that.';
  if (added.length === 0) return fits;
  return `${fits} New inputs go as the file or the target’s settings say: ${added.join(', ')}.`;
}
