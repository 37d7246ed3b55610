import { asc, eq } from 'drizzle-orm';
import type { DbOrTx } from '@/lib/auth/context';
import { serverOf } from '@/lib/connections/model/server-of';
import { connections, environments, targets } from '@/lib/db/schema';
import type { DeploymentRow } from './rows';

/** Whose environment it is, and through which connection its runs are started; the target where one is known. */
export type Where = Pick<DeploymentRow, 'environmentId' | 'connectionId'> & Partial<Pick<DeploymentRow, 'targetId'>>;

/** With the settings of the target, which say in what repository its workflow is. */
export type Scope = Where & Pick<DeploymentRow, 'config'>;

type Server = Pick<typeof connections.$inferSelect, 'providerId' | 'origin'>;

/** `id` is its environment's. */
export interface KnownTarget {
  id: string;
  targetId: string;
  componentId: string;
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
  const at = { providerId: connections.providerId, origin: connections.origin };
  const [server = null] = await db.select(at).from(connections).where(eq(connections.id, connectionId));
  const { environmentId: id, componentId, config: settings } = targets;
  const all = await db
    .select({ id, targetId: targets.id, componentId, config: settings, connection: at })
    .from(targets)
    .innerJoin(connections, eq(connections.id, targets.connectionId))
    .innerJoin(environments, eq(environments.id, targets.environmentId))
    .orderBy(asc(environments.slug), asc(targets.id));
  const here = server && serverOf(server);
  const atServer = all.filter(({ connection }) => serverOf(connection) === here);
  const isItself = (each: KnownTarget) => each.targetId === targetId;
  const repositories = [config, ...atServer.filter(isItself).map((each) => each.config)].map(repositoryOf);
  const siblings = atServer.filter((each) => repositories.includes(repositoryOf(each.config)));
  return { environments: known, server, itself: all.find(isItself), atServer, siblings };
}

/** Of a target's settings, in small letters: capitals do not matter in it, as at GitHub. */
export const repositoryOf = (config: Record<string, unknown>): string => String(config.repository ?? '').toLowerCase();
