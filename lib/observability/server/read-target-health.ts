import 'server-only';
import { asc } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { connections } from '@/lib/db/schema';
import { catalog } from '@/lib/providers/catalog.generated';
import type { TargetHealth } from '../model/verdict-view';
import { managedTarget } from './check-health';

/** How a target is measured, for whoever may change that, with whom it can be asked of. Throws `forbidden` or `notFound`. */
export async function readTargetHealth(ctx: ServiceContext, { targetId }: { targetId: string }): Promise<TargetHealth> {
  const { target } = await managedTarget(ctx, targetId);
  const rows = await ctx.db
    .select({ id: connections.id, name: connections.name, providerId: connections.providerId })
    .from(connections)
    .orderBy(asc(connections.name));
  const able = rows.map(({ id, name, providerId }) => {
    const { health, notes } = (Object.hasOwn(catalog, providerId) ? catalog[providerId]?.capabilities : null) ?? {};
    return { id, name, health, notes };
  });
  return {
    ...{ targetId, version: target.version },
    // Settings from before there were any have neither.
    health: target.health && { ...target.health, alerts: target.health.alerts ?? [], notes: target.health.notes ?? [] },
    measurers: able.flatMap(({ id, name, health }) =>
      health ? [{ id, name, language: health.language, presets: [...health.presets] }] : [],
    ),
    watchers: able.flatMap(({ id, name, health }) => (health?.scope ? [{ id, name, scope: health.scope }] : [])),
    writers: able.flatMap(({ id, name, notes }) =>
      notes ? [{ id, name, writes: notes.writes, scope: notes.scope }] : [],
    ),
  };
}
