import { eq, ne, sql } from 'drizzle-orm';
import type { ServiceContext, Tx } from '@/lib/auth/context';
import { isPermitted } from '@/lib/auth/require';
import { LOCK_PREFIXES } from '@/lib/db/locks';
import { components, connections, environments, targets } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { catalog } from '@/lib/providers/catalog.generated';
import type { TargetConfig } from '@/lib/providers/port';

interface Wanted {
  environmentId: string;
  connectionId: string;
  config: TargetConfig;
}

/**
 * Refuses a place that serves one release at a time and that a target of another environment names: a deployment to one of
 * them would replace what the other serves. Through any connection to the same server. Throws `conflict`.
 */
export async function requireOwnPlace(tx: Tx, ctx: ServiceContext, wanted: Wanted): Promise<void> {
  const connection = await tx.query.connections.findFirst({ where: eq(connections.id, wanted.connectionId) });
  const place = connection && placeIn(connection, wanted.config);
  if (!place) return;
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${LOCK_PREFIXES.place + place.key}, 0))`);
  const others = await tx
    .select({ config: targets.config, connection: connections, component: components.name, environment: environments })
    .from(targets)
    .innerJoin(connections, eq(connections.id, targets.connectionId))
    .innerJoin(components, eq(components.id, targets.componentId))
    .innerJoin(environments, eq(environments.id, targets.environmentId))
    .where(ne(targets.environmentId, wanted.environmentId));
  const taken = others.find((other) => placeIn(other.connection, other.config)?.key === place.key);
  if (!taken) return;
  const { component, environment } = taken;
  const isSeen = isPermitted(ctx.actor, 'deployment.read', environment.slug);
  const who = isSeen ? `${component} in ${environment.name}` : 'A target of another environment';
  const sentence = `${who} is the ${place.word} “${place.name}” on this server already, and each deployment to one would replace the other. Name another ${place.word}.`;
  const fields = Object.fromEntries(place.settings.map((name) => [`config.${name}`, 'Each environment has its own.']));
  throw new ServiceError('conflict', 'place_taken', sentence, fields);
}

/** What is one place at one server; null where the provider has no such places. */
function placeIn({ providerId, origin }: typeof connections.$inferSelect, config: TargetConfig) {
  const manifest = Object.hasOwn(catalog, providerId) ? catalog[providerId] : undefined;
  const place = manifest?.capabilities.deploy?.place;
  if (!place) return null;
  const names = place.settings.map((name) => String(config[name] ?? ''));
  return { ...place, name: names.join(' '), key: JSON.stringify([providerId, URL.parse(origin)?.origin, ...names]) };
}
