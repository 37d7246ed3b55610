import { asc, eq, inArray } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { connections, environments, targets } from '@/lib/db/schema';
import { catalog } from '@/lib/providers/catalog.generated';
import { chosenOf, type SetupPlace } from '../model/setup';

interface Known {
  places: SetupPlace[];
  /** A repository that a gallery's target names, where nobody is known who could propose something; null = none. */
  unasked: string | null;
}

/** The repositories that the component's targets name, each once. */
export async function placesOf(ctx: ServiceContext, componentId: string): Promise<SetupPlace[]> {
  return (await knownPlaces(ctx, componentId)).places;
}

/**
 * Nothing can be proposed through a gallery: where its target alone names the repository, the connection that starts its
 * workflow is asked.
 */
export async function knownPlaces(ctx: ServiceContext, componentId: string): Promise<Known> {
  const rows = await ctx.db
    .select({ id: connections.id, name: connections.name, providerId: connections.providerId, config: targets.config })
    .from(targets)
    .innerJoin(connections, eq(connections.id, targets.connectionId))
    .where(eq(targets.componentId, componentId))
    .orderBy(asc(targets.id));
  const named = rows.flatMap((row) => {
    const { repository } = row.config;
    return typeof repository === 'string' ? [{ ...row, repository }] : [];
  });
  const places = new Map<string, SetupPlace>();
  const at = ({ id, name }: Connection, repository: string) =>
    places.set(repository, { connectionId: id, connectionName: name, repository });
  for (const row of named) if (takesProposals(row)) at(row, row.repository);
  const others = named.filter((row) => !takesProposals(row) && !places.has(row.repository));
  const starters = await startersOf(ctx, others);
  for (const row of others) {
    const starter = starters.get(String(row.config[startedBy(row) ?? '']));
    if (starter && takesProposals(starter)) at(starter, row.repository);
  }
  return {
    places: [...places.values()],
    unasked: others.find((row) => !places.has(row.repository))?.repository ?? null,
  };
}

type Connection = Pick<typeof connections.$inferSelect, 'id' | 'name' | 'providerId'>;
type Row = Connection & Pick<typeof targets.$inferSelect, 'config'>;

const manifestOf = ({ providerId }: Connection) =>
  Object.hasOwn(catalog, providerId) ? catalog[providerId] : undefined;

function takesProposals(row: Connection): boolean {
  const manifest = manifestOf(row);
  return manifest === undefined || manifest.capabilities.proposals !== undefined;
}

const startedBy = (row: Row) => manifestOf(row)?.capabilities.publish?.byRun?.connection;

async function startersOf({ db }: ServiceContext, rows: readonly Row[]): Promise<Map<string, Connection>> {
  const ids = rows.flatMap((row) => String(row.config[startedBy(row) ?? ''] ?? '') || []);
  if (ids.length === 0) return new Map();
  const { id, name, providerId } = connections;
  const found = await db.select({ id, name, providerId }).from(connections).where(inArray(id, ids));
  return new Map(found.map((each) => [each.id, each]));
}

/**
 * Production last: the first one is where a workflow goes when nobody says where. At most 20, the first production among
 * them, which is what hosts are told to be production.
 */
export async function knownEnvironments(
  ctx: ServiceContext,
): Promise<{ environments: string[]; production: string | null }> {
  const rows = await ctx.db
    .select({ slug: environments.slug, isProduction: environments.isProduction })
    .from(environments)
    .orderBy(asc(environments.isProduction), asc(environments.position), asc(environments.slug));
  return chosenOf(rows);
}
