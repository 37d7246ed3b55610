import type { OpenConnection, ServiceContext } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { type LoadedTarget, requireTarget } from '@/lib/deployments/server/rows';
import { ServiceError } from '@/lib/kernel/errors';
import { ProviderError, type Revision } from '@/lib/providers/port';
import { exportability } from '../model/app/exportability';
import { serverFindings } from '../model/app/judge-config';
import { buildEnv, builtOtherwise, changedVariables, type HostFacts, hostFindings, hostWarnings } from '../model/hosts';
import { hasRendering, otherMode, type RenderingMode } from '../model/mode';
import type { Finding, PreflightOf } from '../model/preflight';
import type { PreflightInput, PreflightView } from '../model/preflight-view';
import { diffRoutes, routesOfApp, routesOfRecord } from '../model/routes-diff';
import { askLiveRecord } from './live-record';
import { preflightDigest } from './preflight-digest';
import { type ReadApp, readApp } from './read-app';
import { ReadsOnce } from './reads-once';
import { findRevision, type Wanted } from './revision';

/**
 * What would happen if a target were moved to a mode. Changes nothing. What a provider refuses is a blocker, so an answer
 * without blockers was really looked at. `once`: what others read for the same answer. Throws `notFound`, and
 * `precondition` for what is no web dashboard.
 */
export async function previewSwitch(
  ctx: ServiceContext,
  { targetId, mode, ref }: PreflightInput,
  once = new ReadsOnce(),
): Promise<PreflightView> {
  return look(ctx, { targetId, mode, once }, ref === undefined ? { kind: 'live' } : { kind: 'ref', ref });
}

/** The same for a switch that is about to be made, by the commit that it builds. */
export async function readPreflight(
  ctx: ServiceContext,
  { targetId, mode, sha, ref }: PreflightOf,
): Promise<PreflightView> {
  const wanted: Wanted = sha === null ? { kind: 'live' } : { kind: 'commit', sha, ref: ref ?? null };
  return look(ctx, { targetId, mode, once: new ReadsOnce() }, wanted);
}

interface Look {
  targetId: string;
  mode: RenderingMode;
  once: ReadsOnce;
}

async function look(ctx: ServiceContext, { targetId, mode, once }: Look, wanted: Wanted): Promise<PreflightView> {
  const loaded = await requireTarget(ctx.db, targetId);
  requirePermission(ctx.actor, 'deployment.read', loaded.environment.slug);
  if (!hasRendering(loaded.component)) throw noDashboard(loaded.component.name);
  const from = loaded.target.rendering;
  const connectionId = loaded.connection.id;
  const open = await once.of(['open', connectionId], () =>
    attempt(() => ctx.openConnection(connectionId, undefined, 'look')),
  );
  const revision = open.ok
    ? await once.of(['revision', targetId, wanted], () => attempt(() => findRevision(ctx, open.value, loaded, wanted)))
    : open;
  const ref = revision.ok ? revision.value.ref : null;
  const host = await once.of(['host', targetId, ref], () => hostFacts(open, loaded, ref));
  const app = await readSources(open, revision, (opened, { sha }) => appAt(opened, loaded, { sha, mode, host, once }));
  const live = await once.of(['record', targetId], () => askLiveRecord(ctx, loaded, open.ok ? open.value : null));
  const judged = judge(host, mode, app);
  const facts = {
    mode,
    ...judged,
    ...routesBetween(app.ok ? app.value : null, host, mode, from, live),
    variables: changedVariables(host, mode),
  };
  const built = revision.ok ? revision.value : null;
  return {
    ...facts,
    digest: preflightDigest({ targetId, host: [loaded.connection.id, host.label], from, revision: built }, facts),
    target: placeOf(loaded),
    host: host.label,
    atHost: builtOtherwise(host, from),
    from,
    revision: built,
    sources: app.ok && app.value ? { folder: app.value.folder, ...app.value.read } : null,
  };
}

type Tried<T> = { ok: true; value: T } | { ok: false; problem: { code: string; sentence: string } };

/** The sources, or why there are none: no connection, no commit, or what the provider says about its files. */
async function readSources(
  open: Tried<OpenConnection>,
  revision: Tried<Revision>,
  read: (open: OpenConnection, revision: Revision) => Promise<ReadApp | null>,
): Promise<Tried<ReadApp | null>> {
  if (!open.ok) return open;
  if (!revision.ok) return revision;
  return attempt(() => read(open.value, revision.value));
}

/** An expected refusal as data; anything else is a bug and is thrown on. */
async function attempt<T>(work: () => Promise<T>): Promise<Tried<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    if (error instanceof ProviderError) return { ok: false, problem: { code: error.code, sentence: error.message } };
    if (error instanceof ServiceError) return { ok: false, problem: { code: error.code, sentence: error.sentence } };
    throw error;
  }
}

async function hostFacts(
  open: Tried<OpenConnection>,
  { target, connection }: LoadedTarget,
  ref: string | null,
): Promise<HostFacts> {
  if (!open.ok) return { label: connection.name, traits: undefined, setting: null, problem: open.problem };
  const { provider, context } = open.value;
  const { label, capabilities } = provider.manifest;
  const traits = capabilities.rendering;
  const read = provider.methods.rendering?.read;
  const known = { label, traits, setting: null, problem: null };
  if (!read || ref === null) return known;
  const found = await attempt(() => read(context, target.config, ref));
  return found.ok ? { ...known, setting: found.value } : { ...known, problem: found.problem };
}

interface Built {
  sha: string;
  mode: RenderingMode;
  host: HostFacts;
  once: ReadsOnce;
}

/** The same for every target that builds this commit of the repository through the same connection. */
function appAt(open: OpenConnection, { target, component }: LoadedTarget, { sha, mode, host, once }: Built) {
  const { config } = target;
  const follow = mode === 'ssg' ? buildEnv(host.traits, mode) : null;
  const folder = host.setting?.folder;
  const builds = folder === undefined ? undefined : { folder, host: host.label };
  const of = { sha, folders: component.paths, builds, follow };
  const repository = config.repository ?? config;
  return once.of(['app', open.context.connectionId, repository, of], () => readApp({ open, config, ...of }));
}

function judge(
  host: HostFacts,
  mode: RenderingMode,
  app: Tried<ReadApp | null>,
): { blockers: Finding[]; warnings: Finding[] } {
  const blockers = hostFindings(host, mode);
  if (!app.ok || !app.value) {
    const problem = app.ok ? NO_APP : app.problem;
    // A server can run whatever builds; files are only exported by what was looked at.
    const unread = { ...whole(problem), mend: app.ok ? NO_APP_MEND : null };
    return mode === 'ssg' ? { blockers: [...blockers, unread], warnings: [] } : { blockers, warnings: [unread] };
  }
  const { folder, under, left, notBuilt } = app.value;
  const built = under(buildEnv(host.traits, mode));
  const hostResizes = host.traits?.resizesImages === true;
  const found = mode === 'ssg' ? exportability(built, folder, { hostResizes }) : serverFindings(built, folder);
  const missed = left.map((sentence) => ({ ...whole({ code: 'not_looked_at', sentence }), mend: LOOK_YOURSELF }));
  const other = notBuilt === null ? [] : [{ ...whole({ code: 'other_folder', sentence: notBuilt }), mend: OTHER_MEND }];
  const [stops, warns] = mode === 'ssg' ? [other, []] : [[], other];
  return {
    blockers: [...blockers, ...stops, ...found.blockers],
    warnings: [...found.warnings, ...hostWarnings(host, mode), ...warns, ...missed],
  };
}

const whole = (problem: { code: string; sentence: string }): Finding => ({
  ...problem,
  where: null,
  line: null,
  mend: null,
});
const NO_APP = {
  code: 'no_app',
  sentence: 'No Next.js app was found in the folders of this component at this commit.',
};
const NO_APP_MEND = 'Name the app’s folder in the component’s settings under What you deploy.';
const OTHER_MEND =
  'Have the host build the app’s folder; where it builds another app of that folder, name that app’s folder in the component’s settings.';
const LOOK_YOURSELF = 'Look at it yourself; what cannot be exported makes the build fail before anything goes live.';

type Live = Awaited<ReturnType<typeof askLiveRecord>>;

/** Of now: what the live build says where it says something, else the sources; of then: the sources. */
function routesBetween(
  app: ReadApp | null,
  host: HostFacts,
  mode: RenderingMode,
  from: RenderingMode | null,
  live: Live,
): Pick<PreflightView, 'routes' | 'routesFrom'> {
  if (!app) return { routes: null, routesFrom: null };
  const routesIn = (which: RenderingMode) => routesOfApp(app.under(buildEnv(host.traits, which)), which);
  const record = live && live.record.mode !== mode ? live : null;
  const before = record ? routesOfRecord(record.record) : routesIn(from ?? otherMode(mode));
  const routes = diffRoutes(before, routesIn(mode));
  if (!routes) return { routes, routesFrom: null };
  return { routes, routesFrom: record ? { kind: 'record', address: record.address } : { kind: 'sources' } };
}

function placeOf({ target, component, environment }: LoadedTarget): PreflightView['target'] {
  const { slug, name, isProduction } = environment;
  return {
    id: target.id,
    label: target.label,
    component: { slug: component.slug, name: component.name },
    environment: { slug, name, isProduction },
  };
}

function noDashboard(name: string): ServiceError {
  const sentence = `${name} is no web dashboard, so it is built in one way only. A component’s kind is set under What you deploy.`;
  return new ServiceError('precondition', 'not_a_dashboard', sentence);
}
