import type { ServiceContext } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { ServiceError } from '@/lib/kernel/errors';
import { AT_GALLERY } from '../model/eligibility';
import { canRequestCancel } from '../model/machine';
import { isTerminal, STATUS_VIEW } from '../model/status';
import { isAtGallery } from './at-gallery';
import { move } from './move';
import { environmentSlugOf, lockDeployment, requireDeployment } from './rows';

/**
 * Asks for a cancel. Before anything was sent it ends at once; otherwise the provider is asked and may still win. Throws
 * `ServiceError` `not_cancellable`, and `at_gallery` where a gallery has the version by now.
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
    if (!canRequestCancel(row.status)) {
      const why = isTerminal(row.status)
        ? `It has ended (${STATUS_VIEW[row.status].label.toLowerCase()}); there is nothing to cancel.`
        : 'The provider has finished; stop waiting for the check, or roll back.';
      throw new ServiceError('precondition', 'not_cancellable', why);
    }
    if (await isAtGallery(tx, row)) throw new ServiceError('precondition', AT_GALLERY.code, AT_GALLERY.sentence);
    const moved = await move(tx, ctx, row, 'request_cancel', {
      patch: { cancelRequestedByName: ctx.actor.name },
      sentence: `${ctx.actor.name} asked to cancel.`,
    });
    return { status: moved?.status ?? row.status };
  });
}
