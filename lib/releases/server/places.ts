import { asc, eq, inArray } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { isPermitted } from '@/lib/auth/require';
import { components, connections, deployments, environments, targets } from '@/lib/db/schema';
import { versionOf } from '@/lib/deployments/model/version';
import { ServiceError } from '@/lib/kernel/errors';
import { catalog } from '@/lib/providers/catalog.generated';
import type { LiveAt } from '../model/view';

export interface Place {
  connectionId: string;
  connectionName: string;
  repository: string;
  components: { slug: string; name: string }[];
  live: LiveAt[];
}

type Found = Omit<Place, 'connectionId'> & { connectionId: string | null };

function knowsReleases(providerId: string): boolean {
  const known: Record<string, (typeof catalog)[keyof typeof catalog]> = catalog;
  return Object.hasOwn(known, providerId) && known[providerId]?.capabilities.releases !== undefined;
}

/** The repositories that targets name, each once, with what the reader may see live from them. */
export async function placesOf(ctx: ServiceContext): Promise<Place[]> {
  const rows = await ctx.db
    .select({ target: targets, component: components, environment: environments, connection: connections })
    .from(targets)
    .innerJoin(components, eq(components.id, targets.componentId))
    .innerJoin(environments, eq(environments.id, targets.environmentId))
    .innerJoin(connections, eq(connections.id, targets.connectionId))
    .orderBy(asc(components.position), asc(components.slug), asc(environments.position), asc(targets.id));
  const visible = rows.filter(({ environment }) => isPermitted(ctx.actor, 'deployment.read', environment.slug));
  const current = await liveRows(
    ctx,
    visible.flatMap(({ target }) => target.currentDeploymentId ?? []),
  );
  const places = new Map<string, Found>();
  for (const { target, component, environment, connection } of visible) {
    const { repository } = target.config as { repository?: unknown };
    if (typeof repository !== 'string') continue;
    const key = repository.toLowerCase();
    const place = places.get(key) ?? {
      connectionId: null,
      connectionName: '',
      repository,
      components: [],
      live: [],
    };
    places.set(key, place);
    // A host that only builds the repository knows no versions of it; another target's connection may.
    if (place.connectionId === null && knowsReleases(connection.providerId))
      Object.assign(place, { connectionId: connection.id, connectionName: connection.name });
    if (!place.components.some(({ slug }) => slug === component.slug))
      place.components.push({ slug: component.slug, name: component.name });
    const row = current.get(target.currentDeploymentId ?? '');
    if (!row) continue;
    place.live.push({
      component: component.name,
      environment: environment.name,
      label: target.label,
      isProduction: environment.isProduction,
      ...row,
    });
  }
  return [...places.values()].flatMap(({ connectionId, ...rest }) => (connectionId ? [{ connectionId, ...rest }] : []));
}

type LiveRow = Pick<LiveAt, 'deploymentId' | 'number' | 'sha' | 'version'>;

async function liveRows(ctx: ServiceContext, ids: string[]): Promise<Map<string, LiveRow>> {
  if (ids.length === 0) return new Map();
  const rows = await ctx.db.select().from(deployments).where(inArray(deployments.id, ids));
  return new Map(
    rows.map((deployment) => {
      const { id, number, sha } = deployment;
      return [id, { deploymentId: id, number, sha, version: versionOf(deployment) }];
    }),
  );
}

/** Only what a target names is ever asked or written: the input comes from a browser. Throws `conflict`. */
export async function requirePlace(
  ctx: ServiceContext,
  wanted: { connectionId: string; repository: string },
): Promise<Place> {
  const place = (await placesOf(ctx)).find(
    ({ connectionId, repository }) =>
      connectionId === wanted.connectionId && repository.toLowerCase() === wanted.repository.toLowerCase(),
  );
  if (place) return place;
  throw new ServiceError(
    'conflict',
    'place_unknown',
    'No target names that repository through that connection any more. Open the page again.',
  );
}
