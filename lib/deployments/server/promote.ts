import type { ServiceContext } from '@/lib/auth/context';
import { isPermitted, requirePermission } from '@/lib/auth/require';
import { ServiceError } from '@/lib/kernel/errors';
import { whyNotPromoted } from '../model/promotion';
import { PromoteInput, type Triggered } from '../model/schemas';
import { offerOf, prepareServe, requireOther } from './prepare-serve';
import { findByKey, requestDeployment } from './request';
import { type DeploymentRow, type LoadedTarget, requireDeployment, requireTarget, slugOf } from './rows';

/**
 * Serves a build that went live elsewhere on this target, as it is: built once. Goes through the same gates, queue and
 * verification as any other. Throws `ServiceError` `needs_rebuild`, with why, where the host would have to build it anew.
 */
export async function promoteDeployment(ctx: ServiceContext, raw: PromoteInput): Promise<Triggered> {
  const input = PromoteInput.parse(raw);
  const loaded = await requireTarget(ctx.db, input.targetId);
  requirePermission(ctx.actor, 'deployment.request', loaded.environment.slug);
  const repeated = await findByKey(ctx, input.targetId, input.idempotencyKey);
  if (repeated) return repeated;
  const source = await requireReadable(ctx, input.fromDeploymentId);
  requireFitting(source, loaded);
  const open = await ctx.openConnection(loaded.connection.id);
  await requireOther(ctx, open, loaded, source);
  const offer = await offerOf(open, loaded.target.config, source);
  const { label } = open.provider.manifest;
  if (offer?.as !== 'build') {
    const why = offer ? offer.because : `${label} serves no build again.`;
    const sentence = `The build of #${source.number} cannot be promoted: ${why} Deploy its commit to ${loaded.environment.name} instead.`;
    throw new ServiceError('precondition', 'needs_rebuild', sentence);
  }
  const serve = { verb: 'promote', remoteId: source.remoteId ?? '', url: source.remoteUrl } as const;
  const { checklist: ticked, freezeOverrideReason } = input;
  const prepared = await prepareServe(ctx, loaded, {
    ...{ open, kind: 'promote', source, serve, ticked, freezeOverrideReason },
  });
  return requestDeployment(ctx, {
    ...prepared,
    loaded,
    kind: 'promote',
    againstLive: loaded.target.currentDeploymentId,
    reason: input.reason,
    ticked,
    freezeOverrideReason,
    idempotencyKey: input.idempotencyKey,
  });
}

/** Where it was built is another environment: whoever may neither see it nor deploy there is told of no such thing. */
async function requireReadable(ctx: ServiceContext, id: string): Promise<DeploymentRow> {
  const row = await requireDeployment(ctx.db, id);
  const slug = (await slugOf(ctx.db, row)) ?? '';
  const known = (['deployment.read', 'deployment.request'] as const).some((each) => isPermitted(ctx.actor, each, slug));
  if (known) return row;
  throw new ServiceError('notFound', 'deployment_not_found', 'There is no such deployment, or you may not see it.');
}

function requireFitting(source: DeploymentRow, { target, component, connection }: LoadedTarget): void {
  const refusal = whyNotPromoted(source, {
    componentId: component.id,
    connectionId: connection.id,
    rendering: target.rendering,
  });
  if (refusal) throw new ServiceError('precondition', refusal.code, refusal.sentence);
}
