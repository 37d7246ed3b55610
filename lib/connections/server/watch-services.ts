import { sql } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { connections, targets } from '@/lib/db/schema';
import { describeError, log } from '@/lib/kernel/log';
import { serviceStatusOf } from './service-status';

/**
 * Reads the status page of each provider that something is deployed through, whether or not anybody looks: one request a
 * provider each time, without a credential and so of nobody's quota. Returns how many were read.
 */
export async function watchServices(ctx: ServiceContext): Promise<number> {
  const { rows } = await ctx.db.execute<{ providerId: string; origin: string }>(sql`
    select distinct c.provider_id as "providerId", c.origin from ${connections} c
    where exists (select from ${targets} t where t.connection_id = c.id)`);
  let read = 0;
  for (const each of rows) {
    try {
      if (await serviceStatusOf(ctx, each)) read += 1;
    } catch (error) {
      log.warn('a status page could not be read', { provider: each.providerId, ...describeError(error) });
    }
  }
  return read;
}
