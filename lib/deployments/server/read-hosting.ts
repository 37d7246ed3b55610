import 'server-only';
import { and, desc, eq, gt, inArray, isNotNull, ne, sql } from 'drizzle-orm';
import type { OpenConnection, ServiceContext } from '@/lib/auth/context';
import { changedSince } from '@/lib/configuration/server/changed-since';
import { deployments } from '@/lib/db/schema';
import type { HostedAddress, Serving } from '@/lib/providers/port';
import {
  type AddressView,
  type HostingView,
  hasAddresses,
  heldSays,
  type ServedBy,
  startsAnew,
} from '../model/hosting';
import { goesBack } from './hold';
import { readAgain } from './read-again';
import { asRefusal, readManifest, tryOpen } from './read-provider';
import { type LoadedTarget, loadTarget, mayIn, readScope } from './read-scope';
import { type DeploymentRow, loadDeployment } from './rows';
import { olderThanServing } from './served-age';
import { isChangedThere } from './served-instead';

/** How a target is served, as its host says now; null where its provider is no host. Costs provider quota. */
export async function readHosting(ctx: ServiceContext, input: { targetId: string }): Promise<HostingView | null> {
  const loaded = await loadTarget(ctx, input.targetId);
  const { connection, target } = loaded;
  const manifest = await readManifest(ctx, { providerId: connection.providerId, connectionId: connection.id });
  const { domains, promote, previews } = manifest?.capabilities ?? {};
  if (!domains && !promote && !previews) return null;
  const provider = manifest?.label ?? connection.providerId;
  const empty = { provider, ...NOTHING };
  const opened = await tryOpen(ctx, connection.id, 'look');
  if (!opened.ok) return { ...empty, problem: opened.refusal };
  const current = target.currentDeploymentId ? await loadDeployment(ctx.db, target.currentDeploymentId) : null;
  try {
    const { methods } = opened.open.provider;
    const { context } = opened.open;
    const own = hasAddresses(manifest?.capabilities, target.config);
    const [addresses, serving] = await Promise.all([
      own ? (methods.domains?.read(context, target.config) ?? []) : [],
      own ? (methods.promote?.serving(context, target.config) ?? null) : null,
    ]);
    // Its provider serves others, not this one.
    if (addresses === null && !serving && !previews) return null;
    return {
      ...(await describe(ctx, loaded, { open: opened.open, addresses: addresses ?? [], serving, current })),
      problem: null,
    };
  } catch (error) {
    return { ...empty, problem: asRefusal(error) };
  }
}

const NOTHING = {
  ...{ addresses: [], serving: null, down: null, held: null, kept: null, mend: null, changedThere: null },
  ...{ preview: null, changed: null, unread: [] },
};

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
  const unread: string[] = [];
  const parts = await Promise.all([
    orUnread(unread, 'The preview', () => previewOf(open, current)),
    orUnread(unread, 'Variables', async () => current && changedOf(ctx, open, loaded, current, serving)),
    orUnread(
      unread,
      'What changed there',
      async () => serving && current && changedThere(ctx, open, loaded, serving, current),
    ),
    orUnread(unread, 'What waits there', async () =>
      held === null ? null : keptBack(ctx, open, loaded, { serving, current }),
    ),
  ]);
  return {
    provider: open.provider.manifest.label,
    addresses: addresses.map((each) => addressView(each, known)).sort(byAddress),
    serving: serving && {
      deployment: known.get(serving.ref?.id ?? '') ?? null,
      url: serving.ref?.url || null,
    },
    down: serving?.down ?? null,
    kept: parts[3],
    held: heldSays(open.provider.manifest.label, held),
    mend: held === null ? null : await newestUnserved(ctx, loaded, serving?.ref?.id ?? null),
    changedThere: parts[2],
    preview: parts[0],
    changed: parts[1],
    unread,
  };
}

/** One part that cannot be read does not hide the others: what is kept back has to be seen, above all. */
async function orUnread<T>(unread: string[], what: string, read: () => Promise<T | null>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    unread.push(`${what} could not be read: ${asRefusal(error).sentence}`);
    return null;
  }
}

async function changedThere(
  ctx: ServiceContext,
  open: OpenConnection,
  loaded: LoadedTarget,
  serving: Serving,
  current: DeploymentRow,
): Promise<HostingView['changedThere']> {
  const { id, number, sha } = current;
  if (!(await isChangedThere(ctx.db, loaded, serving, current))) return null;
  const older = (await olderThanServing({ db: ctx.db, open, loaded, current, serving }, sha)) !== null;
  return { id, number, sha, older };
}

const byAddress = (a: AddressView, b: AddressView) =>
  Number(a.redirectsTo !== null) - Number(b.redirectsTo !== null) || a.name.localeCompare(b.name, 'en');

function addressView({ name, ref, redirectsTo, verified }: HostedAddress, known: Map<string, ServedBy>): AddressView {
  return { name, redirectsTo, verified, deployment: known.get(ref?.id ?? '') ?? null, url: ref?.url || null };
}

/** Builds by their name at the host, as far as one may see them. Of several with one build, the newest on this target. */
async function ours(ctx: ServiceContext, { target, connection }: LoadedTarget, ids: string[]) {
  if (ids.length === 0) return new Map<string, ServedBy>();
  const scope = await readScope(ctx);
  const seen = sql`${deployments.environmentId} = any(${sql.param(scope.ids)}::text[])`;
  const rows = await ctx.db
    .select({
      ...{ id: deployments.id, number: deployments.number, sha: deployments.sha },
      ...{ remoteId: deployments.remoteId, targetId: deployments.targetId },
    })
    .from(deployments)
    .where(and(eq(deployments.connectionId, connection.id), inArray(deployments.remoteId, [...new Set(ids)]), seen))
    .orderBy(sql`${deployments.targetId} = ${target.id}`, deployments.number);
  return new Map(rows.map(({ remoteId, targetId: _, ...row }) => [remoteId ?? '', row]));
}

/** What is only queued there is none: the host says of each build whether it is done and waits for people. */
async function keptBack(
  ctx: ServiceContext,
  open: OpenConnection,
  loaded: LoadedTarget,
  { serving, current }: Pick<Seen, 'serving' | 'current'>,
): Promise<HostingView['kept']> {
  const { target, environment, connection } = loaded;
  const { provider, context } = open;
  const [row] = await ctx.db
    .select()
    .from(deployments)
    .where(
      and(
        eq(deployments.targetId, target.id),
        eq(deployments.connectionId, connection.id),
        inArray(deployments.status, ['building', 'deploying']),
        isNotNull(deployments.remoteId),
        sql`not (${deployments.dispatch} ? 'serve')`,
      ),
    )
    .limit(1);
  if (!row?.remoteId || !provider.methods.status) return null;
  const ref = { id: row.remoteId, attempt: row.remoteAttempt, url: row.remoteUrl ?? '' };
  const { phase } = await provider.methods.status.observe(context, row.config, ref);
  if (phase !== 'waiting') return null;
  if (!mayIn(ctx.actor, 'deployment.request', environment.slug))
    return { id: row.id, allowed: { allowed: false, refusal: MAY_NOT } };
  const asked = serving && !(await goesBack(ctx.db, row)) ? { db: ctx.db, open, loaded, current, serving } : null;
  const older = asked && (await olderThanServing(asked, row.sha));
  return { id: row.id, allowed: { allowed: older === null, refusal: older } };
}

const MAY_NOT = {
  code: 'missing_permission',
  sentence: 'Your role may not deploy here. An operator or an administrator can put it live.',
};

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
  loaded: LoadedTarget,
  current: DeploymentRow,
  serving: Serving | null,
): Promise<HostingView['changed']> {
  const { target, environment } = loaded;
  const since = await builtAt(ctx, open, current);
  const { config, rendering } = target;
  // A host that compares values itself knows of what was taken away, too.
  const names =
    serving?.changed ??
    (await changedSince(open, { config, rendering, environment: environment.slug }, since))?.map(({ name }) => name);
  if (!names) return null;
  // The press is asked of the host only where there is something to press it for.
  const again = names.length === 0 ? null : await readAgain(ctx, open, loaded, { current, serving });
  return { names: [...names].sort(), since, again };
}

async function builtAt(ctx: ServiceContext, open: OpenConnection, current: DeploymentRow): Promise<string> {
  const [first] =
    current.remoteId && !startsAnew(open.provider.manifest.capabilities)
      ? await ctx.db
          .select({ at: deployments.submittedAt })
          .from(deployments)
          .where(and(eq(deployments.connectionId, current.connectionId), eq(deployments.remoteId, current.remoteId)))
          .orderBy(deployments.number)
          .limit(1)
      : [];
  return (first?.at ?? current.submittedAt ?? current.requestedAt).toISOString();
}
