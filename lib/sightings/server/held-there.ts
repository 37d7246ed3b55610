import { and, eq, inArray, isNotNull, isNull } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { deployments, sightings } from '@/lib/db/schema';
import { hasAddresses, heldSays } from '@/lib/deployments/model/hosting';
import { ServiceError } from '@/lib/kernel/errors';
import { ProviderError } from '@/lib/providers/port';
import type { Sight, Target } from './find-live';

/**
 * What the thing itself cannot tell: whether its host lets new builds go live by themselves. Its host is asked while
 * something stands there, or was held at the last look; undefined where nothing more is known than before.
 */
export async function heldThere(ctx: ServiceContext, target: Target, sight: Sight): Promise<Sight['held']> {
  if (sight.held !== undefined) return sight.held;
  if (!(await mayBeHeld(ctx, target.id))) return null;
  try {
    const { provider, context } = await ctx.openConnection(target.connectionId, 'reconcile');
    const { capabilities, label } = provider.manifest;
    if (!provider.methods.promote || !hasAddresses(capabilities, target.config)) return null;
    return heldSays(label, (await provider.methods.promote.serving(context, target.config)).held);
  } catch (error) {
    if (error instanceof ProviderError || error instanceof ServiceError) return undefined;
    throw error;
  }
}

async function mayBeHeld({ db }: ServiceContext, targetId: string): Promise<boolean> {
  const known = await db.$count(sightings, and(eq(sightings.targetId, targetId), isNotNull(sightings.heldSince)));
  if (known > 0) return true;
  const stands = and(
    eq(deployments.targetId, targetId),
    inArray(deployments.status, ['building', 'deploying']),
    isNotNull(deployments.waitingFor),
    // Before gates of the provider: what those wait for is told by the deployment.
    isNull(deployments.heldSince),
  );
  return (await db.$count(deployments, stands)) > 0;
}
