import type { ExampleSite, SimulatedHost, Simulator, SimulatorWorld } from '../port';
import { answerEnv } from './simulator/env';
import { exampleOf } from './simulator/example';
import { counted, lostAfter, lostBefore, ok, problem, tooMany } from './simulator/replies';
import { bakedOfBuild, modeOfBuild, siteAnswer } from './simulator/site';
import { ACCOUNT, CANCELED, CREATED, LOCKED, RESTORED, SITE, type SimulatedDeploy, State } from './simulator/state';
import { STATUS_HOST, serveStatus } from './simulator/status-page';
import { deployView, siteView } from './simulator/views';
import { Deliveries, type HookAddress } from './simulator/webhooks';
import { readTitle } from './title';

export interface NetlifyOptions {
  seed: number;
  webhook?: HookAddress | undefined;
  /** The newest commit of a branch of the connected repository; null when there is no such branch. */
  headOf(branch: string): Promise<string | null>;
}

export interface NetlifySimulator extends Simulator {
  /** Every deploy that exists, whatever lists show. */
  truth(): SimulatedDeploy[];
  host: SimulatedHost;
  example: ExampleSite;
}

const WEAK = 'readonly-token';
const PEOPLE = new Map([
  ['sandbox-token', 'release-console'],
  ['person-token', 'tobiasade'],
  [WEAK, 'viewer'],
]);

/** Netlify in miniature: one project. Its whole state is a function of seed, facts and time; only quotas are kept. */
export function createNetlifySimulator(world: SimulatorWorld, options: NetlifyOptions): NetlifySimulator {
  const state = new State(world, options.seed);
  const deliveries = new Deliveries(world, state, options.seed, options.webhook);
  let minute = 0;
  let used = 0;
  const count = (response: Response): Response => {
    const now = Math.floor(world.now() / 60_000);
    used = now === minute ? used + 1 : 1;
    minute = now;
    return counted(response, used, world.now());
  };
  return {
    hosts: ['api.netlify.com', '*.netlify.app', STATUS_HOST],
    async handle(request) {
      if (new URL(request.url).host === STATUS_HOST) return serveStatus(request, world);
      if (new URL(request.url).host !== 'api.netlify.com') return siteAnswer(state, request);
      const { down, rateLimited } = world.scenario();
      if (down) return new Response('Service Unavailable', { status: 503 });
      if (rateLimited) return tooMany(rateLimited, world.now());
      const who = PEOPLE.get(request.headers.get('authorization')?.replace('Bearer ', '') ?? '');
      if (!who) return problem(401, 'Access Denied');
      return count(await answer({ world, state, options, who }, request));
    },
    dueWebhooks: () => deliveries.due(),
    truth: () => state.deploys(),
    host: hostOf(state),
    example: exampleOf(world, options.seed, state),
  };
}

function hostOf(state: State): SimulatedHost {
  const { name, repository, branch } = SITE;
  return {
    provider: 'netlify',
    target: { site: `${name}.netlify.app`, production: true, repository, defaultRef: branch },
    builds: () =>
      state.deploys().map((each) => ({
        ...{ id: each.id, marker: readTitle(each.title)?.marker ?? null, status: each.state },
        createdAt: new Date(each.at).toISOString(),
      })),
    repointed: () => state.repointed(),
    live: () => state.published()?.id ?? null,
  };
}

interface Serving {
  world: SimulatorWorld;
  state: State;
  options: NetlifyOptions;
  who: string;
}

async function answer(serving: Serving, request: Request): Promise<Response> {
  const { state, who } = serving;
  const url = new URL(request.url);
  const path = decodeURIComponent(url.pathname).replace(/^\/api\/v1/, '');
  if (path === '/user') return ok({ id: who, email: `${who}@aetherstack.example`, full_name: who });
  const [, site, rest = ''] = /^\/sites\/([^/]+)(\/.*)?$/.exec(path) ?? [];
  if (site !== undefined && site !== state.siteId && site !== `${SITE.name}.netlify.app`)
    return problem(404, 'Not Found');
  const env = /^\/accounts\/([^/]+)\/env(?:\/([^/]+)(?:\/value\/([^/]+))?)?$/.exec(path);
  if (env && (request.method === 'GET' || who !== 'viewer')) return environment(serving, request, env);
  if (request.method === 'GET') return read(serving, site === undefined ? path : `/site${rest}`, url.searchParams);
  if (who === 'viewer') return problem(403, 'Forbidden');
  if (rest === '/builds') return build(serving, url.searchParams);
  const restored = /^\/deploys\/([^/]+)\/restore$/.exec(rest)?.[1];
  if (restored !== undefined) return restore(serving, restored);
  const [, locked = '', how] = /^\/deploys\/([^/]+)\/(lock|unlock)$/.exec(path) ?? [];
  if (how !== undefined) return lock(serving, locked, how === 'lock');
  const canceled = /^\/deploys\/([^/]+)\/cancel$/.exec(path)?.[1];
  return canceled === undefined ? problem(404, 'Not Found') : cancel(serving, canceled);
}

async function environment({ world, state, options }: Serving, request: Request, found: RegExpExecArray) {
  const [, account, key = null, valueId = null] = found;
  if (account !== ACCOUNT.id && account !== ACCOUNT.slug) return problem(404, 'Not Found');
  const { seed } = options;
  const serial = world.facts().length;
  const mutates = request.method !== 'GET';
  const lost = mutates ? lostBefore(world, seed, serial) : null;
  if (lost) return lost;
  const answered = await answerEnv({ world, seed, siteId: state.siteId, request, key, valueId });
  return mutates ? lostAfter(world, seed, serial, answered) : answered;
}

function read({ state, world }: Serving, path: string, query: URLSearchParams): Response {
  if (path === '/site') return ok(siteView(state, world.now()));
  if (path === '/site/deploys') return list(state, query);
  const found = state.find(/^\/deploys\/([^/]+)$/.exec(path)?.[1] ?? '');
  return found ? ok(deployView(state, found)) : problem(404, 'Not Found');
}

/** Newest first, in pages. */
function list(state: State, query: URLSearchParams): Response {
  const size = Number(query.get('per_page') ?? 100);
  const from = (Number(query.get('page') ?? 1) - 1) * size;
  const fits = (deploy: SimulatedDeploy, name: 'branch' | 'state') =>
    !query.get(name) || query.get(name) === deploy[name];
  const all = state
    .deploys()
    .filter((deploy) => deploy.listed && fits(deploy, 'branch') && fits(deploy, 'state'))
    .reverse();
  return ok(all.slice(from, from + size).map((each) => deployView(state, each)));
}

/** The newest commit of the branch at the moment when the build begins. */
async function build({ world, state, options, who }: Serving, query: URLSearchParams): Promise<Response> {
  const serial = world.facts().length;
  const lost = lostBefore(world, options.seed, serial);
  if (lost) return lost;
  const branch = query.get('branch') ?? SITE.branch;
  const sha = await options.headOf(branch);
  if (sha === null) return problem(422, `Unknown branch ${branch}`);
  const { pace, outcome, listLagMs, liveLagMs, neverLive } = world.scenario();
  const data = {
    ...{ branch, sha, title: query.get('title'), by: who },
    baked: bakedOfBuild(world, options.seed, state.siteId, branch),
    rendering: modeOfBuild(world, options.seed, state.siteId, branch),
    ...{ pace, outcome, listLagMs, liveLagMs, neverLive },
  };
  await world.record({ at: world.now(), kind: CREATED, data });
  const made = state.deploys().at(-1);
  const created_at = new Date(world.now()).toISOString();
  const answered = ok({ id: made?.buildId, deploy_id: made?.id, sha: null, done: false, error: null, created_at });
  return lostAfter(world, options.seed, serial, answered);
}

async function restore({ world, state, options }: Serving, id: string): Promise<Response> {
  const found = state.find(id);
  if (!found) return problem(404, 'Not Found');
  if (found.state !== 'ready') return problem(422, 'Deploy is not ready');
  const serial = world.facts().length;
  const lost = lostBefore(world, options.seed, serial);
  if (lost) return lost;
  await world.record({ at: world.now(), kind: RESTORED, data: { id, from: state.published()?.id ?? '' } });
  return lostAfter(world, options.seed, serial, ok(deployView(state, found), 201));
}

/** Publishing stays with the deploy that is published, whatever is built. */
async function lock({ world, state }: Serving, id: string, locked: boolean): Promise<Response> {
  const found = state.find(id);
  if (!found) return problem(404, 'Not Found');
  await world.record({ at: world.now(), kind: LOCKED, data: { locked } });
  return ok({ ...deployView(state, found), locked });
}

async function cancel({ world, state }: Serving, id: string): Promise<Response> {
  const found = state.find(id);
  if (!found) return problem(404, 'Not Found');
  if (found.endedAt) return problem(422, 'Deploy is not in a cancelable state');
  await world.record({ at: world.now(), kind: CANCELED, data: { id } });
  const now = state.find(id);
  return now ? ok(deployView(state, now), 201) : problem(404, 'Not Found');
}
