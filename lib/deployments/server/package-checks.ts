import { asc, eq } from 'drizzle-orm';
import type { OpenConnection, ServiceContext } from '@/lib/auth/context';
import { connections, targets } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { catalog } from '@/lib/providers/catalog.generated';
import { type CheckNames, type CheckState, type ChecksSaid, capability, ProviderError } from '@/lib/providers/port';
import { hasCommit } from '../model/publish';
import type { DeploymentRow } from './rows';
import { starterOf } from './starter';

type Row = Pick<DeploymentRow, 'connectionId' | 'config' | 'sha' | 'dispatch' | 'componentId' | 'targetId'>;

const UNREAD = 'checks_unread';

/**
 * Checks of the commit that a package was built from; without a known commit there are none. Throws `ServiceError`
 * `checks_unread` where nobody reads the repository, and `ProviderError`.
 */
export async function readPackageChecks(ctx: ServiceContext, row: Row, names: CheckNames): Promise<ChecksSaid> {
  const { publish } = row.dispatch;
  if (!publish || !hasCommit(publish, row.sha))
    return { checks: 'none', unpassed: names?.map((name) => ({ name, stands: 'missing' })) };
  const source = await sourceOfPackage(ctx, row);
  if (!source) throw unread(row);
  const { open, config } = source;
  return capability(open.provider, 'source').commit(open.context, config, row.sha, names);
}

/** The same in one word. */
export async function checksOfPackage(ctx: ServiceContext, row: Row, names: CheckNames): Promise<CheckState> {
  return (await readPackageChecks(ctx, row, names)).checks;
}

/** The same in the queue, where one that nobody can ask about lets others go first. Throws `ProviderError`. */
export async function checksInQueue(ctx: ServiceContext, row: Row, names: CheckNames): Promise<ChecksSaid> {
  try {
    return await readPackageChecks(ctx, row, names);
  } catch (error) {
    if (!(error instanceof ServiceError) || error.code !== UNREAD) throw error;
    throw new ProviderError('rejected', error.code, error.sentence);
  }
}

/**
 * Who reads the repository that a package is of, for galleries do not: where its workflow runs, or else another target of
 * the component that names the repository, one whose connection works before others. Null = nobody does.
 */
export async function sourceOfPackage(
  ctx: ServiceContext,
  row: Row,
): Promise<{ open: OpenConnection; config: DeploymentRow['config'] } | null> {
  const by = row.dispatch.publish?.by;
  const starter = by ? await starterOf(ctx, row) : null;
  if (starter?.open.provider.methods.source) return starter;
  const places = await placesOf(ctx, row);
  const own = places.find(({ id }) => id === row.targetId);
  // Where it was named since, that does: it only says where the checks are read.
  const names = [nameIn(by?.config), nameIn(row.config), nameIn(own?.config)].filter((name) => name !== null);
  const place = places.find(
    ({ providerId, config }) => names.includes(nameIn(config) ?? '') && readsSource(providerId),
  );
  if (!place) return null;
  return { open: await ctx.openConnection(place.connectionId), config: place.config };
}

const nameIn = (config: DeploymentRow['config'] | undefined) =>
  typeof config?.repository === 'string' ? config.repository.toLowerCase() : null;

const readsSource = (providerId: string) =>
  Object.hasOwn(catalog, providerId) && catalog[providerId]?.capabilities.source !== undefined;

async function placesOf({ db }: ServiceContext, { componentId }: Pick<Row, 'componentId'>) {
  const { id, config, connectionId } = targets;
  const rows = await db
    .select({ id, config, connectionId, providerId: connections.providerId, state: connections.state })
    .from(targets)
    .innerJoin(connections, eq(connections.id, targets.connectionId))
    .where(eq(targets.componentId, componentId))
    .orderBy(asc(targets.id));
  const rank = (state: string) => (state === 'failing' ? 1 : 0);
  return rows.sort((a, b) => rank(a.state) - rank(b.state));
}

function unread({ dispatch, config, sha }: Row): ServiceError {
  const named = dispatch.publish?.by?.config.repository ?? config.repository;
  const what = `The checks of ${sha.slice(0, 7)} cannot be read, and the environment asks for them`;
  const mend =
    typeof named === 'string'
      ? `Add a target of this component that names ${named} as well, with a connection that reads it.`
      : 'Name the repository in the settings of this target, and add a target of this component that names it too, with a connection that reads it.';
  return new ServiceError('precondition', UNREAD, `${what}. ${mend}`);
}
