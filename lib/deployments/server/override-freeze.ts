import type { ServiceContext, Tx } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { type OverrideFreezeInput, overrideFreezeInput } from '@/lib/gates/model/schemas';
import { databaseNow } from '@/lib/gates/server/holds';
import { holdEnvironment } from '@/lib/gates/server/locking';
import { eligibility } from '../model/eligibility';
import { actorId, requireAllowed } from './access';
import { deploymentFacts, mayEverything } from './gate';
import { publishOverride } from './intent';
import { note, ownPace } from './move';
import { type DeploymentRow, lockDeployment, requireDeployment, requireTarget } from './rows';
import { withoutMark } from './wait-out';

/** Lets one waiting deployment through the freezes that hold it now; a later freeze holds it again. Never a lock. */
export async function overrideFreeze(ctx: ServiceContext, raw: OverrideFreezeInput): Promise<{ overridden: boolean }> {
  const { deploymentId, reason } = overrideFreezeInput.parse(raw);
  const seen = await requireDeployment(ctx.db, deploymentId);
  return ctx.db.transaction(async (tx) => {
    const environment = await holdEnvironment(tx, seen.environmentId);
    requirePermission(ctx.actor, 'freeze.override', environment.slug);
    const row = (await lockDeployment(tx, deploymentId)) ?? seen;
    const loaded = { ...(await requireTarget(tx, row.targetId)), environment };
    requireAllowed(eligibility(await deploymentFacts(tx, row, loaded, null), mayEverything).overrideFreeze);
    await letThrough(tx, ctx, row, reason, environment.slug);
    return { overridden: true };
  });
}

/** Writes the override down. The caller has locked environment and row, and asked whether the person may. */
export async function letThrough(
  tx: Tx,
  ctx: ServiceContext,
  row: DeploymentRow,
  reason: string,
  environment: string,
): Promise<void> {
  const now = await databaseNow(tx);
  const at = new Date(now).toISOString();
  const freezeOverride = { byId: actorId(ctx) ?? 'system', byName: ctx.actor.name, reason, at };
  const soon = row.status === 'queued' ? { waitingFor: null, ...withoutMark(row) } : {};
  await note(tx, ctx, row, { freezeOverride, ...soon }, ownPace(row, now));
  await publishOverride(tx, ctx, { ...row, freezeOverride }, environment);
  await ctx.queue.wakeDeployment(tx, row.id);
}
