import type { ServiceContext } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { ServiceError } from '@/lib/kernel/errors';
import { type EndingFacts, leavable } from '../model/ending';
import { requireAllowed } from './access';
import { move } from './move';
import { readEnding } from './read-ending';
import { environmentSlugOf, lockDeployment, requireDeployment } from './rows';
import { endSending } from './stands';

/**
 * Ends a check as failed before its time, as the check itself would, or what runs overlong and cannot be stopped as timed out:
 * what waits behind it takes its turn, and the hold of a roll-back stays. The provider is not asked for anything. Throws
 * `ServiceError` `not_verifying`.
 */
export async function stopWaiting(ctx: ServiceContext, input: { deploymentId: string }): Promise<{ status: string }> {
  await requireDeployment(ctx.db, input.deploymentId);
  requirePermission(ctx.actor, 'deployment.cancel', (await environmentSlugOf(ctx, input.deploymentId)) ?? '');
  return ctx.db.transaction(async (tx) => {
    const row = await lockDeployment(tx, input.deploymentId);
    if (!row) throw new ServiceError('notFound', 'deployment_not_found', 'There is no such deployment.');
    const facts = await readEnding(ctx, tx, row);
    requireAllowed(leavable(facts));
    const [failureCode, what] = leftAt(facts);
    const sentence = `${ctx.actor.name} stopped waiting before ${what}.`;
    if (row.status !== 'verifying') await endSending(tx, row.id);
    const moved = await move(tx, ctx, row, 'stop_waiting', {
      patch: { failureCode, failureSentence: sentence },
      sentence,
    });
    return { status: moved?.status ?? row.status };
  });
}

function leftAt({ status, isAtGallery }: EndingFacts): [code: string, what: string] {
  if (status === 'verifying')
    return ['not_live', 'it was proven live; what the provider put there stays there until something else is'];
  return isAtGallery
    ? ['not_ended', 'it ended; the gallery may put what it has live all the same']
    : ['not_ended', 'it ended; its run may go on at the provider, and change what is live after the next one'];
}
