import { emitAudit } from '@/lib/audit/emit';
import type { ServiceContext } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { requireTarget } from '@/lib/deployments/server/rows';
import { requireUnlimited } from '@/lib/gallery/server/namespace';
import { ServiceError } from '@/lib/kernel/errors';
import { capability } from '@/lib/providers/port';

/** The first half of a target's publisher.name. */
export function publisherOf(config: Record<string, unknown>): string {
  const [publisher = ''] = String(config.extension ?? '').split('.');
  return publisher;
}

/**
 * Makes the publisher's name at the gallery, where its API can. Asked first: a name that is ours already is no error, and
 * one of somebody else's is refused. The name is for every environment, and nobody gives it back: a token that is limited to
 * some makes none. Throws `ServiceError` `namespace_taken`, `unsupported`, and what the gallery says.
 */
export async function createNamespaceThere(
  ctx: ServiceContext,
  input: { targetId: string },
): Promise<{ outcome: 'created' | 'already'; sentence: string }> {
  const loaded = await requireTarget(ctx.db, input.targetId);
  requirePermission(ctx.actor, 'deployment.request', loaded.environment.slug);
  requireUnlimited(ctx.actor);
  const { provider, context } = await ctx.openConnection(loaded.connection.id);
  const gallery = capability(provider, 'publish');
  const { label } = provider.manifest;
  const publisher = publisherOf(loaded.target.config);
  if (!gallery.namespace || !gallery.createNamespace)
    throw new ServiceError('precondition', 'unsupported', `${label} lets nobody make a name from here. Make it there.`);
  const standing = await gallery.namespace(context, publisher);
  if (standing === 'ours')
    return { outcome: 'already', sentence: `${label} lets this connection publish as ${publisher} already.` };
  if (standing === 'others') {
    const sentence = `${publisher} belongs to others at ${label}. Ask one of its owners to add the person of this token.`;
    throw new ServiceError('conflict', 'namespace_taken', sentence);
  }
  await gallery.createNamespace(context, publisher);
  const sentence = `${ctx.actor.name} made the name ${publisher} at ${label}. Its ownership is asked for there: until then anybody may.`;
  await emitAudit(ctx.db, ctx, {
    action: 'extension.namespace',
    resource: { kind: 'target', id: input.targetId },
    environment: loaded.environment.slug,
    outcome: 'done',
    sentence,
    data: { publisher },
  });
  return { outcome: 'created', sentence };
}
