import type { ServiceContext } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { ServiceError } from '@/lib/kernel/errors';
import { SOON_ENOUGH } from '../model/eligibility';
import { isTerminal, STATUS_VIEW } from '../model/status';
import { move } from './move';
import { environmentSlugOf, lockDeployment, requireDeployment } from './rows';
import { endSending, isOverlong } from './stands';

/**
 * Ends a check as failed before its time, as the check itself would, or a run that does not stop as timed out: what waits behind
 * it takes its turn, and the hold of a roll-back stays. The provider is not asked for anything. Throws
 * `ServiceError` `not_verifying`.
 */
export async function stopWaiting(ctx: ServiceContext, input: { deploymentId: string }): Promise<{ status: string }> {
  await requireDeployment(ctx.db, input.deploymentId);
  requirePermission(ctx.actor, 'deployment.cancel', (await environmentSlugOf(ctx, input.deploymentId)) ?? '');
  return ctx.db.transaction(async (tx) => {
    const row = await lockDeployment(tx, input.deploymentId);
    if (!row) throw new ServiceError('notFound', 'deployment_not_found', 'There is no such deployment.');
    const overlong = await isOverlong(tx, row);
    const [failureCode, what] = overlong
      ? ['not_ended', 'it ended; its run may go on at the provider, and change what is live after the next one']
      : ['not_live', 'it was proven live; what the provider put there stays there until something else is'];
    const sentence = `${ctx.actor.name} stopped waiting before ${what}.`;
    const patch = { failureCode, failureSentence: sentence };
    const may = overlong || row.status === 'verifying';
    if (overlong) await endSending(tx, row.id);
    const moved = may ? await move(tx, ctx, row, 'stop_waiting', { patch, sentence }) : null;
    if (moved) return { status: moved.status };
    const label = STATUS_VIEW[row.status].label.toLowerCase();
    const why = isTerminal(row.status)
      ? `It has ended (${label}); there is no check to wait for.`
      : row.status === 'cancelling'
        ? SOON_ENOUGH
        : `It is ${label}; no check is waited for. Cancel it instead.`;
    throw new ServiceError('precondition', 'not_verifying', why);
  });
}
