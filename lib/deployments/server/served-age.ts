import { and, desc, eq } from 'drizzle-orm';
import type { DbOrTx, OpenConnection } from '@/lib/auth/context';
import { deployments } from '@/lib/db/schema';
import type { Refusal } from '@/lib/kernel/errors';
import type { Serving } from '@/lib/providers/port';
import { buildsHead, hasAddresses } from '../model/hosting';
import { olderThanServed } from '../model/promotion';
import { standing } from './age';
import { type DeploymentRow, type LoadedTarget, loadDeployment } from './rows';

/** Whether the host of a target with such settings can be asked what it serves. */
export function isAsked({ provider }: Pick<OpenConnection, 'provider'>, config: DeploymentRow['config']): boolean {
  return provider.methods.promote !== undefined && hasAddresses(provider.manifest.capabilities, config);
}

/** What a host serves on the addresses of a target; null where it has none of its own. Throws `ProviderError`. */
export async function servedNow(
  { provider, context }: Pick<OpenConnection, 'provider' | 'context'>,
  config: DeploymentRow['config'],
): Promise<Serving | null> {
  return (isAsked({ provider }, config) && (await provider.methods.promote?.serving(context, config))) || null;
}

interface Place {
  config: DeploymentRow['config'];
  connectionId: string;
  currentDeploymentId: string | null;
}

/**
 * Why a commit is not built for a target: its host serves a newer one that our books do not know. One read, and a comparison
 * only where the two differ. Throws `ProviderError` where the host cannot be asked: then nobody knows, and nothing is sent.
 */
export async function newerThere(db: DbOrTx, open: OpenConnection, place: Place, sha: string): Promise<Refusal | null> {
  const overtaken = await overtakenThere(db, open, place, sha);
  return overtaken && refusalOf(open, sha, overtaken.sha);
}

/** What a host serves that is newer than a commit. */
export interface OvertakenBy {
  /** Full commit id of what it serves. */
  sha: string;
  /** The deployment of ours that put it there, on whichever target; null where nobody here did. */
  deploymentId: string | null;
}

/** Of `newerThere` the facts: null where nothing newer is served. Throws `ProviderError` where the host cannot be asked. */
export async function overtakenThere(
  db: DbOrTx,
  open: OpenConnection,
  { config, connectionId, currentDeploymentId }: Place,
  sha: string,
): Promise<OvertakenBy | null> {
  const serving = await servedNow(open, config);
  if (!serving) return null;
  const current = currentDeploymentId ? await loadDeployment(db, currentDeploymentId) : null;
  const loaded = { target: { config }, connection: { id: connectionId } };
  return newerServed({ db, open, loaded, current, serving }, sha);
}

interface Served {
  db: DbOrTx;
  open: OpenConnection;
  loaded: { target: Pick<LoadedTarget['target'], 'config'>; connection: Pick<LoadedTarget['connection'], 'id'> };
  /** What counts as live here. */
  current: Pick<DeploymentRow, 'remoteId'> | null;
  serving: Serving;
}

/**
 * Why a commit is not promoted over what its host serves, where that is another build than the one that counts as live
 * here: something newer was put there past this target. Null where the host serves what we know, or where neither our
 * books nor the host tell the commit of what it serves. Throws `ProviderError`.
 */
export async function olderThanServing(served: Served, sha: string): Promise<Refusal | null> {
  const newer = await newerServed(served, sha);
  return newer && refusalOf(served.open, sha, newer.sha);
}

async function newerServed({ db, open, loaded, current, serving }: Served, sha: string): Promise<OvertakenBy | null> {
  const { ref } = serving;
  if (!ref || ref.id === current?.remoteId) return null;
  const own = await ownBuild(db, loaded.connection.id, ref.id);
  const served = await commitOf(open, loaded.target.config, ref.id, own);
  if (!served || (await standing(open, loaded.target.config, served, sha)) !== 'older') return null;
  return { sha: served, deploymentId: own?.sha === served ? own.id : null };
}

const refusalOf = ({ provider }: OpenConnection, sha: string, served: string) =>
  olderThanServed(provider.manifest.label, sha, served);

/** The commit of a build that a host serves; null where neither our books nor the host tell. Throws `ProviderError`. */
export async function servedSha(
  db: DbOrTx,
  open: OpenConnection,
  { config, connectionId }: Pick<Place, 'config' | 'connectionId'>,
  servedId: string,
): Promise<string | null> {
  return commitOf(open, config, servedId, await ownBuild(db, connectionId, servedId));
}

/** A host that builds the newest commit of a branch may have built another one than was chosen here: it says which. */
async function commitOf(
  open: OpenConnection,
  config: DeploymentRow['config'],
  servedId: string,
  own: { sha: string } | null,
): Promise<string | null> {
  if (own && !buildsHead(open.provider.manifest.capabilities)) return own.sha;
  return (await liveSha(open, config, servedId)) ?? own?.sha ?? null;
}

/** A run of ours may have been told its commit, so our own row knows better than the host; the newest put it there. */
async function ownBuild(db: DbOrTx, connectionId: string, remoteId: string) {
  const [row] = await db
    .select({ id: deployments.id, sha: deployments.sha })
    .from(deployments)
    .where(and(eq(deployments.connectionId, connectionId), eq(deployments.remoteId, remoteId)))
    .orderBy(desc(deployments.number))
    .limit(1);
  return row ?? null;
}

async function liveSha({ provider, context }: OpenConnection, config: DeploymentRow['config'], servedId: string) {
  const live = await provider.methods.live?.read(context, config);
  return live?.ref && live.ref.id !== servedId ? null : (live?.sha ?? null);
}
