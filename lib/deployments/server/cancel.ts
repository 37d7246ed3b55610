import type { ServiceContext } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { ServiceError } from '@/lib/kernel/errors';
import { cancellable } from '../model/ending';
import { requireAllowed } from './access';
import { move } from './move';
import { readEnding } from './read-ending';
import { environmentSlugOf, lockDeployment, requireDeployment } from './rows';

/**
 * Asks for a cancel. Before anything was sent it ends at once; otherwise the provider is asked and may still win. Throws
 * what the page shows where it is off: `not_cancellable`, `unsupported`, and `at_gallery` where a gallery has the version by now.
 */
export async function cancelDeployment(
  ctx: ServiceContext,
  input: { deploymentId: string },
): Promise<{ status: string }> {
  await requireDeployment(ctx.db, input.deploymentId);
  requirePermission(ctx.actor, 'deployment.cancel', (await environmentSlugOf(ctx, input.deploymentId)) ?? '');
  return ctx.db.transaction(async (tx) => {
    const row = await lockDeployment(tx, input.deploymentId);
    if (!row) throw new ServiceError('notFound', 'deployment_not_found', 'There is no such deployment.');
    if (row.status === 'cancelling' || row.status === 'cancelled') return { status: row.status };
    requireAllowed(cancellable(await readEnding(ctx, tx, row)));
    const moved = await move(tx, ctx, row, 'request_cancel', {
      patch: { cancelRequestedByName: ctx.actor.name },
      sentence: `${ctx.actor.name} asked to cancel.`,
    });
    return { status: moved?.status ?? row.status };
  });
}
