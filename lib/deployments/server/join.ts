import { emitAudit } from '@/lib/audit/emit';
import type { ServiceContext, Tx } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { freezesHolding } from '@/lib/gates/model/gates';
import { databaseNow, holdsOn } from '@/lib/gates/server/holds';
import type { Triggered } from '../model/schemas';
import { overrideOf, placeOf } from './gate';
import { letThrough } from './override-freeze';
import { hasOpenPin } from './own-pin';
import type { NewDeployment } from './request';
import type { DeploymentRow } from './rows';
import { addTicks } from './tick-checklist';

const UNSENT: readonly string[] = ['queued', 'awaiting_approval', 'submitting'];

/**
 * The same was asked for already and is on its way. What the second person said beyond that counts all the same: a reason
 * that lets it through a freeze, what they ticked, and the hold of a roll-back whose pin somebody has lifted. The row is locked.
 */
export async function join(
  tx: Tx,
  ctx: ServiceContext,
  wanted: NewDeployment,
  same: DeploymentRow,
): Promise<Triggered> {
  const { loaded, freezeOverrideReason: reason } = wanted;
  if (reason !== null && UNSENT.includes(same.status)) {
    const pins = await holdsOn(tx, placeOf(loaded), await databaseNow(tx));
    if (freezesHolding(pins, overrideOf(same)).length > 0) {
      requirePermission(ctx.actor, 'freeze.override', loaded.environment.slug);
      await letThrough(tx, ctx, same, reason, loaded.environment.slug);
    }
  }
  if (UNSENT.includes(same.status)) await addTicks(tx, ctx, same, loaded.environment, wanted.ticked);
  const goesBack = wanted.kind === 'rollback' || wanted.goesBack === true;
  if (goesBack && wanted.alongside && !(await hasOpenPin(tx, same.id))) {
    await wanted.alongside(tx, same.id);
    await emitAudit(tx, ctx, {
      action: 'pin.hold',
      resource: { kind: 'deployment', id: same.id },
      environment: loaded.environment.slug,
      outcome: 'done',
      sentence: `#${same.number}: ${ctx.actor.name} asked for the same roll-back, so it holds the target again. ${wanted.reason}`,
    });
  }
  return { deploymentId: same.id, number: same.number, outcome: 'joined' };
}
