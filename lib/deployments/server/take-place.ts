import type { ServiceContext, Tx } from '@/lib/auth/context';
import { firstHolding, gates } from '@/lib/gates/model/gates';
import type { EnvironmentRow } from '@/lib/gates/server/locking';
import type { CheckState } from '@/lib/providers/port';
import { factsFor, OWN } from './clearance';
import { type DeploymentRow, requireTarget } from './rows';
import { supersede } from './supersede';

/**
 * Ends the older ones that it replaces, as soon as nothing of its own keeps it back: while it soaks, say, they keep a turn
 * that it would not take. The environment is locked.
 */
export async function takePlace(
  tx: Tx,
  ctx: ServiceContext,
  by: { row: DeploymentRow; environment: EnvironmentRow; checks: CheckState | null },
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return;
  const { row, environment, checks } = by;
  const loaded = { ...(await requireTarget(tx, row.targetId)), environment };
  const views = gates(await factsFor(tx, loaded, row, { checks }));
  if (firstHolding(views.filter(({ kind }) => OWN.includes(kind)))) return;
  await supersede(tx, ctx, ids, row, { spare: firstHolding(views) !== null });
}
