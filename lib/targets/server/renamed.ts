import { asc, eq, inArray, sql } from 'drizzle-orm';
import type { DbOrTx, ServiceContext, Tx } from '@/lib/auth/context';
import { isPermitted } from '@/lib/auth/require';
import { serverOf } from '@/lib/connections/model/server-of';
import { components, connections, environments, targets } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { ProviderError, type TargetConfig } from '@/lib/providers/port';
import { withLabel } from '../model/label';
import { startedThrough } from '../model/starter';
import type { TargetSaved } from '../model/view';
import { recordChange } from './record';

interface Settings {
  connectionId: string;
  config: Record<string, unknown>;
}

/** A repository that the provider itself finds by both names. */
export interface Rename {
  connectionId: string;
  from: string;
  to: string;
}

const nameIn = ({ config }: Pick<Settings, 'config'>) =>
  typeof config.repository === 'string' ? config.repository : '';
/** As `repositoryOf` of deployments: capitals do not matter. */
const isSame = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

/**
 * Whether new settings of a target name the repository of before by another name, and others still name the former one. Costs
 * one request to the provider where both names differ and others are there, else none; null too where it cannot be read.
 */
export async function readRename(ctx: ServiceContext, id: string, before: Settings, after: Settings) {
  const [from, to] = [nameIn(before), nameIn(after)];
  if (!from || !to || isSame(from, to)) return null;
  const [own] = await ctx.db.select().from(connections).where(eq(connections.id, after.connectionId));
  if (!own) return null;
  const rename: Rename = { connectionId: startedThrough({ ...after, providerId: own.providerId }), from, to };
  const named = await naming(ctx.db, rename);
  // It was at another server itself, so that one of the same name there is another.
  if (!named.some((each) => each.target.id === id) || named.length < 2) return null;
  try {
    const { provider, context } = await ctx.openConnection(rename.connectionId);
    const called = await provider.methods.source?.called?.(context, from);
    return called && isSame(called, to) ? rename : null;
  } catch (error) {
    if (error instanceof ProviderError || error instanceof ServiceError) return null;
    throw error;
  }
}

/** Locks all that name it, in one order, or two that come at once could wait for each other. Returns their ids. */
export async function lockNaming(tx: Tx, rename: Rename): Promise<string[]> {
  const ids = (await naming(tx, rename)).map(({ target }) => target.id);
  await tx
    .select({ id: targets.id })
    .from(targets)
    .where(inArray(targets.id, ids))
    .orderBy(asc(targets.id))
    .for('update');
  return ids;
}

/**
 * The others among the locked by its name of now, each with its own audit line and event; those of environments that the
 * actor may not manage stay. Called when the target itself has it.
 */
export async function renameOthers(tx: Tx, ctx: ServiceContext, rename: Rename, locked: readonly string[]) {
  const others = (await naming(tx, rename)).filter(({ target }) => locked.includes(target.id));
  const mine = others.filter(({ environment }) => isPermitted(ctx.actor, 'target.manage', environment.slug));
  for (const { target, component, environment } of mine) {
    const config: TargetConfig = { ...target.config, repository: rename.to };
    const changed = { config, version: sql`${targets.version} + 1` };
    await tx.update(targets).set(changed).where(eq(targets.id, target.id));
    const place = withLabel(environment.name, target.label);
    await recordChange(tx, ctx, {
      kind: 'target',
      verb: 'update',
      id: target.id,
      environment: environment.slug,
      sentence: `${component} to ${place} names its repository ${rename.to} by now, as ${rename.from} was renamed.`,
      data: { connectionId: target.connectionId, label: target.label, config, formerRepository: rename.from },
    });
  }
  const alsoChanged = mine.map(({ target, component, environment }) => ({
    id: target.id,
    name: `${component} to ${withLabel(environment.name, target.label)}`,
  }));
  return { alsoChanged, notChanged: others.length - mine.length } satisfies TargetSaved;
}

/** Targets whose runs are started at the server of the connection, and that name the repository by its former name. */
async function naming(db: DbOrTx, { connectionId, from }: Rename) {
  const servers = new Map((await db.select().from(connections)).map((each) => [each.id, serverOf(each)]));
  const here = servers.get(connectionId);
  const all = await db
    .select({ target: targets, connection: connections, component: components.name, environment: environments })
    .from(targets)
    .innerJoin(connections, eq(connections.id, targets.connectionId))
    .innerJoin(components, eq(components.id, targets.componentId))
    .innerJoin(environments, eq(environments.id, targets.environmentId))
    .where(sql`lower(${targets.config}->>'repository') = ${from.toLowerCase()}`)
    .orderBy(asc(environments.position), asc(components.position), asc(targets.id));
  const serverFor = ({ target, connection: { providerId } }: (typeof all)[number]) =>
    servers.get(startedThrough({ ...target, providerId }));
  return here ? all.filter((each) => serverFor(each) === here) : [];
}
