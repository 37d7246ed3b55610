import { eq, inArray, sql } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { connections, extensionInstalls, targets } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { ProviderError } from '@/lib/providers/port';
import { GALLERIES } from './read-publications';

/**
 * What each gallery counts, once a UTC day: galleries tell only the sum of now. A place that does not answer is asked again
 * in the next round. Several processes may do it at once: the day's row is written by one.
 */
export async function countInstalls(ctx: ServiceContext): Promise<number> {
  const day = sql<string>`to_char(now() at time zone 'utc', 'YYYY-MM-DD')`;
  const due = await ctx.db
    .select({ id: targets.id, connectionId: targets.connectionId, config: targets.config, day })
    .from(targets)
    .innerJoin(connections, eq(connections.id, targets.connectionId))
    .where(
      sql`${inArray(connections.providerId, GALLERIES)} and ${connections.sealedCredential} is not null and not exists (select 1 from ${extensionInstalls} where ${extensionInstalls.targetId} = ${targets.id} and ${extensionInstalls.day} = ${day})`,
    );
  let counted = 0;
  for (const { id, connectionId, config, day: today } of due) {
    const figures = await figuresOf(ctx, connectionId, config);
    if (!figures) continue;
    const { total, what, version } = figures;
    await ctx.db
      .insert(extensionInstalls)
      .values({ targetId: id, day: today, total, what, version })
      .onConflictDoNothing();
    counted += 1;
  }
  return counted;
}

async function figuresOf(ctx: ServiceContext, connectionId: string, config: Record<string, unknown>) {
  const [publisher = '', name = ''] = String(config.extension ?? '').split('.');
  try {
    const { provider, context } = await ctx.openConnection(connectionId, undefined, 'look');
    return (await provider.methods.publish?.installs?.(context, config, { publisher, name })) ?? null;
  } catch (error) {
    if (error instanceof ProviderError || error instanceof ServiceError) return null;
    throw error;
  }
}
