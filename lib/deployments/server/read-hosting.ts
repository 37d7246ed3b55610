import 'server-only';
import { and, desc, eq, gt, inArray, isNotNull, ne, sql } from 'drizzle-orm';
import type { OpenConnection, ServiceContext } from '@/lib/auth/context';
import { changedSince } from '@/lib/configuration/server/changed-since';
import { deployments } from '@/lib/db/schema';
import type { HostedAddress, Serving } from '@/lib/providers/port';
import { type AddressView, type HostingView, heldSays, type ServedBy } from '../model/hosting';
import { asRefusal, readManifest, tryOpen } from './read-provider';
import { type LoadedTarget, loadTarget } from './read-scope';
import { type DeploymentRow, loadDeployment } from './rows';

/** How a target is served, as its host says now; null where its provider is no host. Costs provider quota. */
export async function readHosting(ctx: ServiceContext, input: { targetId: string }): Promise<HostingView | null> {
  const loaded = await loadTarget(ctx, input.targetId);
  const { connection, target } = loaded;
  const manifest = await readManifest(ctx, { providerId: connection.providerId, connectionId: connection.id });
  const { domains, promote, previews } = manifest?.capabilities ?? {};
  if (!domains && !promote && !previews) return null;
  const provider = manifest?.label ?? connection.providerId;
  const empty = { provider, addresses: [], serving: null, held: null, mend: null, preview: null, changed: null };
  const opened = await tryOpen(ctx, connection.id, 'look');
  if (!opened.ok) return { ...empty, problem: opened.refusal };
  const current = target.currentDeploymentId ? await loadDeployment(ctx.db, target.currentDeploymentId) : null;
  try {
    const { methods } = opened.open.provider;
    const { context } = opened.open;
    const [addresses, serving] = await Promise.all([
      methods.domains?.read(context, target.config) ?? [],
      methods.promote?.serving(context, target.config) ?? null,
    ]);
    return { ...(await describe(ctx, loaded, { open: opened.open, addresses, serving, current })), problem: null };
  } catch (error) {
    return { ...empty, problem: asRefusal(error) };
  }
}

interface Seen {
  open: OpenConnection;
  addresses: HostedAddress[];
  serving: Serving | null;
  current: DeploymentRow | null;
}

async function describe(
  ctx: ServiceContext,
  loaded: LoadedTarget,
  { open, addresses, serving, current }: Seen,
): Promise<Omit<HostingView, 'problem'>> {
  const refs = [...addresses.map(({ ref }) => ref?.id), serving?.ref?.id].filter((id) => id !== undefined);
  const known = await ours(ctx, loaded, refs);
  const held = serving?.held ?? null;
  return {
    provider: open.provider.manifest.label,
    addresses: addresses.map((each) => addressView(each, known)).sort(byAddress),
    serving: serving && {
      deployment: known.get(serving.ref?.id ?? '') ?? null,
      url: serving.ref?.url || null,
    },
    held: heldSays(open.provider.manifest.label, held),
    mend: held === null ? null : await newestUnserved(ctx, loaded, serving?.ref?.id ?? null),
    preview: await previewOf(open, current),
    changed: current && (await changedOf(ctx, open, loaded, current)),
  };
}

const byAddress = (a: AddressView, b: AddressView) =>
  Number(a.redirectsTo !== null) - Number(b.redirectsTo !== null) || a.name.localeCompare(b.name, 'en');

function addressView({ name, ref, redirectsTo, verified }: HostedAddress, known: Map<string, ServedBy>): AddressView {
  return { name, redirectsTo, verified, deployment: known.get(ref?.id ?? '') ?? null, url: ref?.url || null };
}

/** Builds by their name at the host. Of several deployments with one build, the newest on this target. */
async function ours(ctx: ServiceContext, { target, connection }: LoadedTarget, ids: string[]) {
  if (ids.length === 0) return new Map<string, ServedBy>();
  const rows = await ctx.db
    .select({
      ...{ id: deployments.id, number: deployments.number, sha: deployments.sha },
      ...{ remoteId: deployments.remoteId, targetId: deployments.targetId },
    })
    .from(deployments)
    .where(and(eq(deployments.connectionId, connection.id), inArray(deployments.remoteId, [...new Set(ids)])))
    .orderBy(sql`${deployments.targetId} = ${target.id}`, deployments.number);
  return new Map(rows.map(({ remoteId, targetId: _, ...row }) => [remoteId ?? '', row]));
}

/** A promotion of it lets later builds go live by themselves again. */
async function newestUnserved(
  ctx: ServiceContext,
  { target, connection }: LoadedTarget,
  servedId: string | null,
): Promise<ServedBy | null> {
  const [newest] = await ctx.db
    .select({ id: deployments.id, number: deployments.number, sha: deployments.sha })
    .from(deployments)
    .where(
      and(
        eq(deployments.targetId, target.id),
        eq(deployments.connectionId, connection.id),
        eq(deployments.status, 'succeeded'),
        inArray(deployments.kind, ['deploy', 'retry', 'promote']),
        isNotNull(deployments.remoteId),
        servedId === null ? undefined : ne(deployments.remoteId, servedId),
        servedId === null ? undefined : gt(deployments.number, firstNumberOf(connection.id, servedId)),
      ),
    )
    .orderBy(desc(deployments.number))
    .limit(1);
  return newest ?? null;
}

const firstNumberOf = (connectionId: string, remoteId: string) =>
  sql<number>`coalesce((select min(b.number) from ${deployments} b
    where b.connection_id = ${connectionId} and b.remote_id = ${remoteId}), 0)`;

async function previewOf(open: OpenConnection, current: DeploymentRow | null): Promise<HostingView['preview']> {
  if (!current?.remoteId || !open.provider.methods.previews) return null;
  const ref = { id: current.remoteId, attempt: current.remoteAttempt, url: current.remoteUrl ?? '' };
  const { address, screenshot } = await open.provider.methods.previews.read(open.context, current.config, ref);
  return { deploymentId: current.id, address, screenshot: screenshot !== null };
}

/** Since the build itself was asked for: one that is served again brings the variables of then. */
async function changedOf(
  ctx: ServiceContext,
  open: OpenConnection,
  { target, environment }: LoadedTarget,
  current: DeploymentRow,
): Promise<HostingView['changed']> {
  const since = await builtAt(ctx, current);
  const changed = await changedSince(open, { config: target.config, environment: environment.slug }, since);
  return changed && { names: changed.map(({ name }) => name).sort(), since };
}

async function builtAt(ctx: ServiceContext, current: DeploymentRow): Promise<string> {
  const [first] = current.remoteId
    ? await ctx.db
        .select({ at: deployments.submittedAt })
        .from(deployments)
        .where(and(eq(deployments.connectionId, current.connectionId), eq(deployments.remoteId, current.remoteId)))
        .orderBy(deployments.number)
        .limit(1)
    : [];
  return (first?.at ?? current.submittedAt ?? current.requestedAt).toISOString();
}
