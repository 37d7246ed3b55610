import type { ServiceContext } from '@/lib/auth/context';
import { holdEnvironment } from '@/lib/gates/server/locking';
import { claim, type Turn } from './claim';
import { type Asked, askProvider } from './clearance';
import { followPolicy } from './policy-change';
import { type DeploymentRow, lockDeployment } from './rows';
import { submit } from './submit';
import { asProviderError, silenceOf } from './trouble';
import { answered, waitOut } from './wait-out';

/** `queued`: its turn, if every gate is open; otherwise it is noted what it waits for. True: look at the row again. */
export async function dispatch(ctx: ServiceContext, row: DeploymentRow): Promise<boolean> {
  const silence = await silenceOf(ctx, row);
  let turn = await claim(ctx, row, null, silence);
  if (turn.kind === 'ask') turn = await askThenClaim(ctx, row);
  if (turn.kind === 'silent') await waitOut(ctx, row, turn.silence);
  if (turn.kind === 'claimed') await submit(ctx, turn.claimed);
  return turn.kind === 'claimed' || turn.kind === 'moved';
}

/** What only the provider knows is read between two transactions; the second one verifies that it is still about now. */
async function askThenClaim(ctx: ServiceContext, row: DeploymentRow): Promise<Turn> {
  let asked: Asked;
  try {
    asked = await askProvider(ctx, row);
  } catch (error) {
    await waitOut(ctx, row, asProviderError(error));
    return { kind: 'waits' };
  }
  await answered(ctx, row);
  const turn = await claim(ctx, row, asked);
  // Something else went live in between: the next look asks about that.
  return turn.kind === 'ask' ? { kind: 'moved' } : turn;
}

/** `awaiting_approval`: people decide. Only a policy that changed behind it is followed here. */
export async function awaitPeople(ctx: ServiceContext, seen: DeploymentRow): Promise<boolean> {
  return ctx.db.transaction(async (tx) => {
    const environment = await holdEnvironment(tx, seen.environmentId);
    const row = await lockDeployment(tx, seen.id);
    if (row?.status !== 'awaiting_approval') return false;
    return (await followPolicy(tx, ctx, row, environment)) === null;
  });
}
