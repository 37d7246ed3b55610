import type { ServiceContext, Tx } from '@/lib/auth/context';
import type { ProviderError } from '@/lib/providers/port';
import { giveWay, patience } from './claim';
import { note } from './move';
import { type DeploymentRow, lockDeployment, requireTarget } from './rows';
import { crowdOf, MAX_TRIES, NO_TROUBLE, STUMBLED, troubleInQueue } from './trouble';

/** What a row waits for whose run may be there and cannot be looked for; it tells that trouble from any other. */
export const LATE_LOOK = 'It was sent once, and the provider cannot be asked yet whether a run of it exists.';

/**
 * The provider could not be asked about what stands in the queue. It keeps its place, unless that may stay so for this one
 * alone: then others go first. `sentOnce`: a run of it may be there, so that it does not end either.
 */
export async function waitOut(
  ctx: ServiceContext,
  seen: DeploymentRow,
  trouble: ProviderError,
  sentOnce = false,
): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    const row = await lockDeployment(tx, seen.id);
    if (row?.status !== 'queued') return;
    const { patch, waitSeconds } = troubleInQueue(row, trouble, await crowdOf(tx, row));
    // What is gone, such as its commit, holds on no longer than its own time.
    const time = trouble.kind === 'notFound' && !sentOnce ? {} : patience;
    const aside = (sentOnce && trouble.kind === 'auth') || (await mayStay(tx, row, trouble, patch.troubleCount));
    // It has its turn, so what it waited for is over, unless that is what it stands aside for.
    const before = row.failureCode === null || row.waitingFor === LATE_LOOK ? null : row.waitingFor;
    const waitingFor = sentOnce ? LATE_LOOK : before;
    const stands = aside ? { failureCode: trouble.code } : {};
    await note(tx, ctx, row, { ...patch, ...time, ...stands, waitingFor }, waitSeconds);
    if (aside && row.failureCode !== trouble.code) await giveWay(tx, ctx, row);
  });
}

/** What it asks for is gone or refused, or nobody has to mend its connection, because its target has another by now. */
async function mayStay(tx: Tx, row: DeploymentRow, { kind }: ProviderError, tries: number): Promise<boolean> {
  if (tries < MAX_TRIES) return false;
  if (kind === 'notFound' || kind === 'rejected') return true;
  return (await requireTarget(tx, row.targetId)).target.connectionId !== row.connectionId;
}

/** The provider was asked: trouble of before is over, and what stood aside for it is in its place again. */
export async function answered(ctx: ServiceContext, seen: DeploymentRow): Promise<void> {
  if (seen.troubleCount === 0) return;
  await takeBack(ctx, seen, () => true);
}

/** Its run was looked for. What else it could not be asked about stays, or it would hold others up without end. */
export async function lookedFor(ctx: ServiceContext, seen: DeploymentRow): Promise<void> {
  if (seen.waitingFor !== LATE_LOOK) return;
  await takeBack(ctx, seen, ({ waitingFor }) => waitingFor === LATE_LOOK);
}

/** Whoever writes what else a row waits for takes the mark; what it stood aside for goes with it, or nothing would lift that. */
export function withoutMark({ waitingFor }: DeploymentRow): { failureCode?: null } {
  return waitingFor === LATE_LOOK ? { failureCode: null } : {};
}

async function takeBack(ctx: ServiceContext, { id }: DeploymentRow, isOver: (row: DeploymentRow) => boolean) {
  await ctx.db.transaction(async (tx) => {
    const row = await lockDeployment(tx, id);
    if (row?.status !== 'queued' || row.troubleSentence?.startsWith(STUMBLED) || !isOver(row)) return;
    await note(tx, ctx, row, { ...NO_TROUBLE, failureCode: null, waitingFor: null }, 0);
  });
}
