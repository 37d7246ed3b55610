import { and, eq, gt, sql } from 'drizzle-orm';
import type { ServiceContext, Tx } from '@/lib/auth/context';
import { attempts, environments } from '@/lib/db/schema';
import { asksChecks } from '@/lib/gates/model/gates';
import { holdEnvironment } from '@/lib/gates/server/locking';
import { failpoint } from '@/lib/kernel/failpoint';
import { type CheckState, capability, type ProviderError } from '@/lib/providers/port';
import { accept, isOneTooMany } from './accept';
import { type Claimed, newAttempt, sendingEnds } from './claim';
import { notClear } from './clearance';
import { countSent } from './count-sent';
import { canFind, findRun } from './find-run';
import { goesBack } from './hold';
import { whileLooking } from './hold-look';
import { move, note } from './move';
import { checksOfPackage } from './package-checks';
import { type AttemptRow, type DeploymentRow, lockDeployment, StaleDeployment } from './rows';
import { callOff } from './second-run';
import { servesAsBefore } from './serve';
import { latestAttempt, submit } from './submit';
import { asProviderError, crowdOf, silenceOf, troublePatch } from './trouble';

/** An accepted run is listed within this long; a successful look-up after it that finds nothing proves absence. */
export const SETTLE_SECONDS = 60;
const MAX_AUTOMATIC_ATTEMPTS = 3;

/**
 * Adopt or ask: a deployment that is `submitting` (or `cancelling` before a run is known) and whose owner is gone or
 * got no clear answer. Looks the run up by marker; sends again only after proven absence and never by itself on production.
 */
export async function settle(ctx: ServiceContext, row: DeploymentRow): Promise<boolean> {
  const attempt = await latestAttempt(ctx, row.id);
  if (!attempt) return false;
  // Nothing was taken, so nobody has to be asked, nor waited for.
  if (row.status === 'cancelling' && attempt.state === 'refused') return sendAgainAlone(ctx, row, attempt);
  if ((attempt.state === 'sending' || attempt.state === 'refused') && !attempt.leaseOver) {
    await waitNote(ctx, row, 5);
    return false;
  }
  const unsent = attempt.state === 'refused' || attempt.state === 'absent';
  if (unsent && !row.dispatch.serve) return sendAgainAlone(ctx, row, attempt);
  await ctx.db
    .update(attempts)
    .set({ state: 'unknown' })
    .where(and(eq(attempts.id, attempt.id), eq(attempts.state, 'sending')));
  try {
    if (unsent) return await serveAgain(ctx, row, attempt);
    const look = () => lookUp(ctx, row, attempt);
    return row.dispatch.publish ? await whileLooking(ctx, row, look) : await look();
  } catch (error) {
    // Where a run of it may be there, that is looked for as soon as if it were the only one.
    await noteTrouble(ctx, row, asProviderError(error), unsent ? await crowdOf(ctx.db, row) : 1);
    return false;
  }
}

/**
 * What was only ever refused was never taken, so there is nothing to ask a person: it is sent over whatever is there by now
 * (the age of that is asked once more), and what is called off only ends.
 */
async function serveAgain(ctx: ServiceContext, row: DeploymentRow, attempt: AttemptRow): Promise<boolean> {
  const isSafe = attempt.state === 'refused' && (row.status === 'cancelling' || (await isUnsent(ctx, row, attempt)));
  const untouched = isSafe || (await servesAsBefore(ctx, await ctx.openConnection(row.connectionId), row));
  return untouched ? sendAgainAlone(ctx, row, attempt) : askPerson(ctx, row, attempt);
}

/** No request before a refused one may have been taken; what goes back goes over that as well. */
async function isUnsent(ctx: ServiceContext, row: DeploymentRow, attempt: AttemptRow): Promise<boolean> {
  return (await goesBack(ctx.db, row)) || (await countSent(ctx.db, row.id, attempt)) === 0;
}

async function lookUp(
  ctx: ServiceContext,
  row: DeploymentRow,
  attempt: AttemptRow & { ageSeconds: number },
): Promise<boolean> {
  if (canFind(row)) {
    const found = await findRun(ctx, row);
    if (found) {
      await failpoint('during-adopt');
      const became = await accept(ctx, row.id, found.attemptId, found.ref);
      if (isOneTooMany(became)) await callOff(ctx, row, found.ref);
      return true;
    }
    if (attempt.ageSeconds < (ctx.settleSeconds ?? SETTLE_SECONDS)) {
      await waitNote(ctx, row, 3);
      return false;
    }
  }
  return (await mayResend(ctx, row, attempt)) ? sendAgainAlone(ctx, row, attempt) : askPerson(ctx, row, attempt);
}

async function mayResend(ctx: ServiceContext, row: DeploymentRow, attempt: AttemptRow): Promise<boolean> {
  if (!canFind(row)) return false;
  if ((await countSent(ctx.db, row.id, attempt)) + 1 >= MAX_AUTOMATIC_ATTEMPTS) return false;
  // No second run to be afraid of; but what a person put live at the host meanwhile is not undone.
  if (row.dispatch.serve) return servesAsBefore(ctx, await ctx.openConnection(row.connectionId), row);
  // A gallery takes a version once, and is asked for it before each request.
  if (row.dispatch.publish && !row.dispatch.publish.by) return true;
  const [environment] = await ctx.db.select().from(environments).where(eq(environments.id, row.environmentId));
  return environment?.isProduction === false;
}

/** Nobody is told: after trouble it is looked at later, otherwise at once. */
async function sendAgainAlone(ctx: ServiceContext, row: DeploymentRow, previous: AttemptRow): Promise<boolean> {
  return (await sendAgain(ctx, row, previous))?.trouble !== true;
}

/** Why no request left, for the person who asked for one. */
export interface NotSent {
  code: string;
  sentence: string;
  trouble?: boolean;
}

/**
 * A new attempt row is committed before the next request. What was cancelled is not sent; when a gate has closed since, it
 * goes back to the queue, where all of them are asked again and others may go first. Null: a request left, and `said` is
 * in the same commit as its attempt.
 */
export async function sendAgain(
  ctx: ServiceContext,
  row: DeploymentRow,
  previous: AttemptRow,
  said: (tx: Tx) => Promise<void> = async () => {},
): Promise<NotSent | null> {
  let checks: CheckState | null;
  try {
    const silence = row.status === 'submitting' ? await silenceOf(ctx, row) : null;
    if (silence) throw silence;
    checks = await checksOf(ctx, row);
  } catch (error) {
    const trouble = asProviderError(error);
    await noteTrouble(ctx, row, trouble, await crowdOf(ctx.db, row));
    return { code: trouble.code, sentence: `It was not sent. ${trouble.message}`, trouble: true };
  }
  const sendBy = sendingEnds();
  const turn = await ctx.db.transaction(async (tx): Promise<Claimed | NotSent> => {
    const environment = await holdEnvironment(tx, row.environmentId);
    const fresh = await lockDeployment(tx, row.id);
    if (!fresh || fresh.version !== row.version) return OVERTAKEN;
    if (!['submitting', 'cancelling'].includes(fresh.status) || (await hasNewer(tx, previous))) return OVERTAKEN;
    if (!(await closeAttempt(tx, previous))) return OVERTAKEN;
    if (fresh.status === 'cancelling') {
      await move(tx, ctx, fresh, 'submit_refused', { sentence: CALLED_OFF });
      return { code: 'cancelled', sentence: CALLED_OFF };
    }
    if (await notClear(tx, fresh, environment, checks)) {
      const patch = { attention: null, attentionSince: null };
      await move(tx, ctx, fresh, 'requeue', { patch, sentence: BACK });
      return { code: 'gate_closed', sentence: BACK };
    }
    const attempt = await newAttempt(tx, fresh, previous.number + 1);
    await note(tx, ctx, fresh, { attention: null, attentionSince: null, waitingFor: null }, 30);
    await said(tx);
    return { row: fresh, attempt, sendBy };
  });
  if (!('attempt' in turn)) return turn;
  await submit(ctx, turn);
  return null;
}

const OVERTAKEN: NotSent = {
  code: 'changed_meanwhile',
  sentence: 'It changed while you decided, so nothing was sent. Look at it again.',
};
const CALLED_OFF = 'Nothing had started at the provider; cancelled.';

const BACK =
  'Nothing had started at the provider, and it may not be sent as it is now: it is back in the queue and everything is asked again.';

/** What the policy wants to know of the provider, before the locks. Throws `ProviderError`. */
async function checksOf(ctx: ServiceContext, row: DeploymentRow): Promise<CheckState | null> {
  if (row.status !== 'submitting' || !asksChecks(row)) return null;
  if (row.dispatch.publish) return checksOfPackage(ctx, row, row.policy?.requiredChecks);
  const { provider, context } = await ctx.openConnection(row.connectionId);
  return (await capability(provider, 'source').commit(context, row.config, row.sha, row.policy?.requiredChecks)).checks;
}

/** False when somebody else has settled it meanwhile. */
async function closeAttempt(tx: Tx, previous: AttemptRow): Promise<boolean> {
  const seen = previous.state === 'sending' ? 'unknown' : previous.state;
  const [mine] = await tx
    .update(attempts)
    .set({ state: previous.state === 'refused' ? 'refused' : 'absent' })
    .where(and(eq(attempts.id, previous.id), eq(attempts.state, seen)))
    .returning();
  return mine !== undefined;
}

/** Somebody who saw the same was faster: the state of a refused or absent attempt does not say so. */
async function hasNewer(tx: Tx, { deploymentId, number }: AttemptRow): Promise<boolean> {
  const [newer] = await tx
    .select({ id: attempts.id })
    .from(attempts)
    .where(and(eq(attempts.deploymentId, deploymentId), gt(attempts.number, number)))
    .limit(1);
  return newer !== undefined;
}

/** Nobody can tell from here whether a run started: a person decides, and we go on looking meanwhile. */
async function askPerson(ctx: ServiceContext, row: DeploymentRow, looked: AttemptRow): Promise<boolean> {
  const asking = {
    attention: 'unknown_outcome' as const,
    attentionSince: row.attentionSince ?? (sql`now()` as unknown as Date),
    waitingFor: 'A person has to say whether the run started.',
  };
  await ctx.db.transaction(async (tx) => {
    await note(tx, ctx, row, asking, 30);
    // Somebody has sent it again since this looked: that request is on its way.
    if (await hasNewer(tx, looked)) throw new StaleDeployment(row.id);
  });
  return false;
}

async function noteTrouble(ctx: ServiceContext, row: DeploymentRow, trouble: ProviderError, crowd: number) {
  const { patch, waitSeconds } = troublePatch(row, trouble, crowd);
  await ctx.db.transaction((tx) => note(tx, ctx, row, patch, waitSeconds));
}

async function waitNote(ctx: ServiceContext, row: DeploymentRow, seconds: number): Promise<void> {
  await ctx.db.transaction((tx) => note(tx, ctx, row, {}, seconds));
}
