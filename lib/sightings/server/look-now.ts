import type { ServiceContext } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { environmentSlugOfTarget } from '@/lib/deployments/server';
import { type Look, type LookInput, lookInput } from '../model/schemas';
import { look } from './look';

/** A person asks for a look at once. It changes nothing but what is known, so whoever may read may ask. */
export async function lookNow(ctx: ServiceContext, raw: LookInput): Promise<Look> {
  const { targetId } = lookInput.parse(raw);
  requirePermission(ctx.actor, 'deployment.read', await environmentSlugOfTarget(ctx, targetId));
  return look(ctx, targetId);
}
