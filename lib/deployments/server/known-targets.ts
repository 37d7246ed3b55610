import { asc, eq } from 'drizzle-orm';
import type { DbOrTx } from '@/lib/auth/context';
import { serverOf } from '@/lib/connections/model/server-of';
import { components, connections, environments, targets } from '@/lib/db/schema';
import { byRunOf, startedThrough } from '@/lib/targets/model/starter';
import type { DeploymentRow } from './rows';

/** Whose environment it is, and through which connection its runs are started; the target where one is known. */
export type Where = Pick<DeploymentRow, 'environmentId' | 'connectionId'> & Partial<Pick<DeploymentRow, 'targetId'>>;

/** With the settings of the target, which say in what repository its workflow is. */
export type Scope = Where & Pick<DeploymentRow, 'config'>;

type Server = Pick<typeof connections.$inferSelect, 'id' | 'providerId' | 'origin'>;

/** `id` is its environment's. Where a run publishes for a gallery, it is told as a target of the connection that starts that one. */
export interface KnownTarget {
  id: string;
  targetId: string;
  componentId: string;
  /** The component's name. */
  component: string;
  config: Record<string, unknown>;
  connection: Server;
}

export interface Known {
  /** By slug. */
  environments: { id: string; slug: string; name: string }[];
  /** Of the connection; null where there is none any more. */
  server: Server | null;
  /** The target as it is now, at whatever server. */
  itself: KnownTarget | undefined;
  /** Targets at the same server, through whatever connection; by their environments' slugs. */
  atServer: KnownTarget[];
  /** Of those, the ones of the repository. */
  siblings: KnownTarget[];
}

/** The repository of `config` or, where the target is known, the one it has now: it may have been renamed since. */
export async function readKnown(db: DbOrTx, { connectionId, targetId, config }: Scope): Promise<Known> {
  const known = await db
    .select({ id: environments.id, slug: environments.slug, name: environments.name })
    .from(environments)
    .orderBy(asc(environments.slug));
  const at = { id: connections.id, providerId: connections.providerId, origin: connections.origin };
  const servers = new Map((await db.select(at).from(connections)).map((each) => [each.id, each]));
  const server = servers.get(connectionId) ?? null;
  const { id: targetKey, environmentId: id, componentId, connectionId: through, config: settings } = targets;
  const rows = await db
    .select({
      id,
      targetId: targetKey,
      componentId,
      component: components.name,
      config: settings,
      connectionId: through,
    })
    .from(targets)
    .innerJoin(components, eq(components.id, targets.componentId))
    .innerJoin(environments, eq(environments.id, targets.environmentId))
    .orderBy(asc(environments.slug), asc(targets.id));
  const all = rows.flatMap((each) => asStarted(each, servers));
  const here = server && serverOf(server);
  const atServer = all.filter(({ connection }) => serverOf(connection) === here);
  const isItself = (each: KnownTarget) => each.targetId === targetId;
  const repositories = [config, ...atServer.filter(isItself).map((each) => each.config)].map(repositoryOf);
  const siblings = atServer.filter((each) => repositories.includes(repositoryOf(each.config)));
  return { environments: known, server, itself: all.find(isItself), atServer, siblings };
}

type Row = Omit<KnownTarget, 'connection'> & { connectionId: string };

function asStarted({ connectionId, ...target }: Row, servers: ReadonlyMap<string, Server>): KnownTarget[] {
  const connection = servers.get(connectionId);
  if (!connection) return [];
  const { providerId } = connection;
  const by = byRunOf(providerId);
  const starter = servers.get(startedThrough({ ...target, providerId, connectionId }));
  if (!by || !starter || starter === connection) return [{ ...target, connection }];
  const { repository, workflow } = target.config;
  const environment = target.config[by.environment];
  const inputs = environment ? { environment } : {};
  return [{ ...target, config: { repository, workflow, inputs }, connection: starter }];
}

/** Of a target's settings, in small letters: capitals do not matter in it, as at GitHub. */
export const repositoryOf = (config: Record<string, unknown>): string => String(config.repository ?? '').toLowerCase();
