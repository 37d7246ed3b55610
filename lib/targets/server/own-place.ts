import { eq, ne, sql } from 'drizzle-orm';
import type { ServiceContext, Tx } from '@/lib/auth/context';
import { isPermitted } from '@/lib/auth/require';
import { serverOf } from '@/lib/connections/model/server-of';
import { LOCK_PREFIXES } from '@/lib/db/locks';
import { components, connections, environments, targets } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { catalog } from '@/lib/providers/catalog.generated';
import type { TargetConfig } from '@/lib/providers/port';

interface Wanted {
  componentId: string;
  environmentId: string;
  connectionId: string;
  config: TargetConfig;
}

type ConnectionRow = typeof connections.$inferSelect;

/**
 * Refuses a place that serves one release at a time and that a target of another environment or component names: a deployment
 * to one of them would replace what the other serves. Through any connection to the same server. Throws `conflict`.
 */
export async function requireOwnPlace(tx: Tx, ctx: ServiceContext, wanted: Wanted): Promise<void> {
  // Shared, so that its address stays what was looked at until this is saved.
  const mine = eq(connections.id, wanted.connectionId);
  const [connection] = await tx.select().from(connections).where(mine).for('share');
  const place = connection && placeIn(connection, wanted.config);
  if (!place) return;
  await lockPlace(tx, place);
  const taken = namedBy(await targetsOf(tx), place, wanted);
  if (!taken) return;
  const { word, when } = place;
  const there = when ? '' : ' on this server';
  const orElse = when ? `, or leave ${when.word} off` : '';
  const sentence = `${shownTo(ctx, taken)} is ${place.is}${there} already, and each deployment to one would replace the other. Name another ${word}${orElse}.`;
  const says = 'Each component and environment has its own.';
  const wrong = [place.settings.at(-1), when?.setting].flatMap((name) => (name ? [`config.${name}`] : []));
  const fields = Object.fromEntries(wrong.map((name) => [name, says]));
  throw new ServiceError('conflict', 'place_taken', sentence, fields);
}

/**
 * The same, of all targets of a connection at the address that it has now; called with its row locked. Two of its own that
 * were one place already stay as they are. Throws `conflict`.
 */
export async function requireOwnPlaces(tx: Tx, ctx: ServiceContext, connection: ConnectionRow): Promise<void> {
  const own = await targetsOf(tx).where(eq(targets.connectionId, connection.id));
  const places = own.flatMap((each) => {
    const place = placeIn(connection, each.target.config);
    return place ? [{ ...each, place }] : [];
  });
  // In one order, or two that come at once could wait for each other.
  places.sort((a, b) => (a.place.key < b.place.key ? -1 : 1));
  for (const { place } of places) await lockPlace(tx, place);
  const others = places.length > 0 ? await targetsOf(tx).where(ne(targets.connectionId, connection.id)) : [];
  for (const { place, ...each } of places) {
    const taken = namedBy(others, place, each.target);
    if (!taken) continue;
    const two = `${shownTo(ctx, taken)}, and ${shownTo(ctx, each)}`;
    const sentence = `At that address ${place.is} would be two targets: ${two}. Each deployment to one would replace the other. Name another ${place.word} for one of them first.`;
    throw new ServiceError('conflict', 'place_taken', sentence, { origin: 'Another connection serves it there.' });
  }
}

const targetsOf = (tx: Tx) =>
  tx
    .select({ target: targets, connection: connections, component: components.name, environment: environments })
    .from(targets)
    .innerJoin(connections, eq(connections.id, targets.connectionId))
    .innerJoin(components, eq(components.id, targets.componentId))
    .innerJoin(environments, eq(environments.id, targets.environmentId));

/** Nobody else gives it to a target until this one is saved: who is named there is read after that. */
const lockPlace = (tx: Tx, { key }: { key: string }) =>
  tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${LOCK_PREFIXES.place + key}, 0))`);

/** The target of another environment or component that names this place. */
function namedBy(
  all: Awaited<ReturnType<typeof targetsOf>>,
  { key }: { key: string },
  { componentId, environmentId }: Pick<Wanted, 'componentId' | 'environmentId'>,
) {
  return all.find(
    ({ target, connection }) =>
      (target.environmentId !== environmentId || target.componentId !== componentId) &&
      placeIn(connection, target.config)?.key === key,
  );
}

function shownTo(
  { actor }: ServiceContext,
  { component, environment }: { component: string; environment: typeof environments.$inferSelect },
): string {
  const isSeen = isPermitted(actor, 'deployment.read', environment.slug);
  return isSeen ? `${component} in ${environment.name}` : 'A target of another environment';
}

type Served = Pick<ConnectionRow, 'id' | 'providerId' | 'origin'>;

function placeTraits(providerId: string) {
  return Object.hasOwn(catalog, providerId) ? catalog[providerId]?.capabilities.deploy?.place : undefined;
}

/**
 * What is one place at one server, and what it `is` in words; null where the provider has no such places, or the settings name
 * none. Settings that name the same thing in two ways (by its id, say) are two.
 */
export function placeIn(connection: Served, config: TargetConfig) {
  const place = placeTraits(connection.providerId);
  if (!place || (place.when && config[place.when.setting] !== true)) return null;
  const { name, key } = nameIn(connection, config, place);
  const is = `${place.when ? `${place.when.word} of ` : ''}the ${place.word} “${name}”`;
  return { ...place, name, is, key: JSON.stringify(key) };
}

/**
 * The same of a branch whose builds are previews, each at the branch's own address; `setting` names that of a target itself.
 * Null where previews have none, or it is no preview.
 */
export function branchIn(connection: Served, config: TargetConfig, branch: string) {
  const place = placeTraits(connection.providerId);
  if (!place?.branch || placeIn(connection, config)) return null;
  const { name, key } = nameIn(connection, config, place);
  const is = `the branch “${branch}” of the ${place.word} “${name}”`;
  return { is, setting: place.branch, key: JSON.stringify([...key, asHostLabel(branch)]) };
}

/** Whether a provider serves previews by their branches. */
export const hasBranches = (providerId: string): boolean => placeTraits(providerId)?.branch !== undefined;

/** Two branches whose names differ in capitals or signs only have one address. */
const asHostLabel = (branch: string): string => branch.toLowerCase().replace(/[^a-z0-9]+/g, '-');

type PlaceTraits = NonNullable<ReturnType<typeof placeTraits>>;

function nameIn({ id, providerId, origin }: Served, config: TargetConfig, { settings, account, anyCase }: PlaceTraits) {
  const names = settings.map((name) => String(config[name] ?? ''));
  // Which account an empty one is, only the credential knows.
  const accounts = account !== undefined && !config[account] ? [id] : [];
  const parts = anyCase ? names.map((each) => each.toLowerCase()) : names;
  return {
    name: names.filter((each) => each !== '').join('/'),
    key: [serverOf({ providerId, origin }), ...parts, ...accounts],
  };
}
