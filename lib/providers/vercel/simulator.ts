import type { ExampleSite, SimulatedHost, Simulator, SimulatorWorld } from '../port';
import { markerOf } from './marker';
import { answerEnv } from './simulator/env';
import { exampleOf } from './simulator/example';
import { counted, lostAfter, lostBefore, ok, problem, tooMany } from './simulator/replies';
import { bakedOfBuild, modeOfBuild, siteAnswer } from './simulator/site';
import { ALIASED, CANCELED, CREATED, PROJECT, type SimulatedDeployment, State, TEAM } from './simulator/state';
import { STATUS_HOST, serveStatus } from './simulator/status-page';
import { deploymentView, domainsView, eventsView, listedView, projectView } from './simulator/views';
import { answerVitals } from './simulator/vitals';
import { Deliveries, type HookAddress } from './simulator/webhooks';

export interface VercelOptions {
  seed: number;
  webhook?: HookAddress | undefined;
}

export interface VercelSimulator extends Simulator {
  /** Every deployment that exists, whatever lists show. */
  truth(): SimulatedDeployment[];
  host: SimulatedHost;
  example: ExampleSite;
}

const WEAK = 'readonly-token';
const PEOPLE = new Map([
  ['sandbox-token', 'release-console'],
  ['person-token', 'tobiasade'],
  [WEAK, 'viewer'],
]);

/** Vercel in miniature: one team, one project. Its whole state is a function of seed, facts and time; only quotas are kept. */
export function createVercelSimulator(world: SimulatorWorld, { seed, webhook }: VercelOptions): VercelSimulator {
  const state = new State(world, seed);
  const deliveries = new Deliveries(world, state, seed, webhook);
  let minute = 0;
  let used = 0;
  const count = (response: Response): Response => {
    const now = Math.floor(world.now() / 60_000);
    used = now === minute ? used + 1 : 1;
    minute = now;
    return counted(response, used, world.now());
  };
  return {
    hosts: ['api.vercel.com', PROJECT.domain, '*.vercel.app', STATUS_HOST],
    async handle(request) {
      if (new URL(request.url).host === STATUS_HOST) return serveStatus(request, world);
      if (new URL(request.url).host !== 'api.vercel.com') return siteAnswer(state, request);
      const { down, rateLimited } = world.scenario();
      if (down) return new Response('Service Unavailable', { status: 503 });
      if (rateLimited) return tooMany(rateLimited, world.now());
      const who = PEOPLE.get(request.headers.get('authorization')?.replace('Bearer ', '') ?? '');
      if (!who) return problem(403, 'forbidden', 'Not authorized', { invalidToken: true });
      return count(await answer({ world, state, seed, who }, request));
    },
    dueWebhooks: () => deliveries.due(),
    truth: () => state.deployments(),
    host: hostOf(state),
    example: exampleOf(world, seed, state),
  };
}

function hostOf(state: State): SimulatedHost {
  const { name, org, repo, productionBranch } = PROJECT;
  return {
    provider: 'vercel',
    target: {
      ...{ project: name, team: TEAM, production: true },
      ...{ repository: `${org}/${repo}`, defaultRef: productionBranch },
    },
    builds: () =>
      state.deployments().map((each) => ({
        ...{ id: each.id, marker: markerOf(each), status: each.state },
        createdAt: new Date(each.at).toISOString(),
      })),
    repointed: () => state.repointed(),
    live: () => state.production()?.id ?? null,
  };
}

interface Serving {
  world: SimulatorWorld;
  state: State;
  seed: number;
  who: string;
}

async function answer(serving: Serving, request: Request): Promise<Response> {
  const { state, seed, who } = serving;
  const url = new URL(request.url);
  const path = decodeURI(url.pathname);
  if (path === '/v2/user') return ok({ user: userView(who) });
  const team = url.searchParams.get('teamId') ?? url.searchParams.get('slug');
  if (team && team !== TEAM && team !== state.teamId) return problem(403, 'forbidden', 'Not authorized');
  const env = /^\/v(?:1|9|10)\/projects\/([^/]+)\/env(?:\/([^/]+))?$/.exec(path);
  if (env && (request.method === 'GET' || who !== 'viewer')) return environment(serving, request, env);
  if (request.method === 'GET') return read(serving, path, url.searchParams);
  if (path === '/v2/observability/query') return answerVitals(state, seed, await request.json());
  if (who === 'viewer') return problem(403, 'forbidden', 'You don’t have permission to create a deployment.');
  if (path === '/v13/deployments') return create(serving, await request.json(), url.searchParams.has('forceNew'));
  const [, project, verb, served] = /^\/v(?:1|10)\/projects\/([^/]+)\/(promote|rollback)\/([^/]+)$/.exec(path) ?? [];
  if (project && verb && served) return isOurs(state, project) ? alias(serving, verb, served) : notFound();
  const canceled = /^\/v12\/deployments\/([^/]+)\/cancel$/.exec(path)?.[1];
  return canceled === undefined ? notFound() : cancel(serving, canceled);
}

async function environment({ world, state, seed }: Serving, request: Request, found: RegExpExecArray) {
  const [, project = '', id = null] = found;
  if (!isOurs(state, project)) return notFound('Project not found.');
  const { method } = request;
  const body = method === 'POST' || method === 'PATCH' ? await request.json() : {};
  const serial = world.facts().length;
  const lost = method === 'GET' ? null : lostBefore(world, seed, serial);
  if (lost) return lost;
  const answered = await answerEnv({ world, seed, method, id, body });
  return method === 'GET' ? answered : lostAfter(world, seed, serial, answered);
}

function read({ state, world }: Serving, path: string, query: URLSearchParams): Response {
  const [, project, domains] = /^\/v9\/projects\/([^/]+)(\/domains)?$/.exec(path) ?? [];
  if (project !== undefined && !isOurs(state, project)) return notFound('Project not found.');
  if (project !== undefined) return ok(domains ? domainsView(state) : projectView(state));
  if (path === '/v6/deployments') return list(state, query);
  const [, id, events] = /^\/v(?:13|3)\/deployments\/([^/]+)(\/events)?$/.exec(path) ?? [];
  const found = state.find(id ?? '');
  if (!found) return notFound('The deployment could not be found.');
  return events
    ? ok(eventsView(found, world.now(), Number(query.get('since') ?? 0)))
    : ok(deploymentView(state, found));
}

const isOurs = (state: State, project: string) => project === PROJECT.name || project === state.projectId;
const notFound = (message = 'Not found.') => problem(404, 'not_found', message);

/** Newest first; `since` and `until` are times of creation, both outside. */
function list(state: State, query: URLSearchParams): Response {
  if (!isOurs(state, query.get('projectId') ?? '')) return notFound('Project not found.');
  const number = (name: string, otherwise: number) => Number(query.get(name) ?? otherwise);
  const wanted = state
    .deployments()
    .filter(({ listed, at }) => listed && at > number('since', -1) && at < number('until', Number.POSITIVE_INFINITY))
    .filter(({ state: is }) => !query.get('state') || query.get('state')?.split(',').includes(is))
    .filter(({ production }) => !query.get('target') || (query.get('target') === 'production') === production)
    .filter(({ ref }) => [null, ref].includes(query.get('branch')))
    .reverse();
  const page = wanted.slice(0, number('limit', 20));
  const next = wanted.length > page.length ? (page.at(-1)?.at ?? null) : null;
  const deployments = page.map((each) => listedView(state, each));
  return ok({ deployments, pagination: { count: page.length, next, prev: page[0]?.at ?? null } });
}

interface Wanted {
  project?: string;
  target?: string;
  meta?: Record<string, string>;
  gitSource?: { repoId?: number | string; ref?: string; sha?: string };
}

async function create({ world, state, seed, who }: Serving, body: Wanted, forced: boolean): Promise<Response> {
  const serial = world.facts().length;
  const lost = lostBefore(world, seed, serial);
  if (lost) return lost;
  const { project = '', target, meta = {}, gitSource } = body;
  if (!isOurs(state, project)) return notFound('Project not found.');
  if (String(gitSource?.repoId) !== String(PROJECT.repoId) || !/^[0-9a-f]{40}$/.test(gitSource?.sha ?? ''))
    return problem(400, 'incorrect_git_source_info', 'The provided Git source is incorrect.');
  const alike = state
    .deployments()
    .find((each) => each.sha === gitSource?.sha && each.production === (target === 'production'));
  if (alike && !forced) return ok(deploymentView(state, alike));
  const { pace, outcome, listLagMs, liveLagMs, neverLive } = world.scenario();
  const data = {
    ...{ production: target === 'production', ref: gitSource?.ref, sha: gitSource?.sha, meta, by: who },
    baked: bakedOfBuild(world, seed, target === 'production'),
    rendering: modeOfBuild(world, seed, { production: target === 'production', ref: gitSource?.ref ?? '' }),
    ...{ source: 'api-trigger-git-deploy', pace, outcome, listLagMs, liveLagMs, neverLive },
  };
  await world.record({ at: world.now(), kind: CREATED, data });
  const made = state.deployments().at(-1);
  return made ? lostAfter(world, seed, serial, ok(deploymentView(state, made))) : notFound();
}

/** Answers before it is done; here it is done at once. */
async function alias({ world, state, seed }: Serving, verb: string, id: string): Promise<Response> {
  const found = state.find(id);
  if (!found) return notFound('The deployment could not be found.');
  if (found.state !== 'READY') return problem(422, 'not_ready', 'The deployment is not ready.');
  const serial = world.facts().length;
  const lost = lostBefore(world, seed, serial);
  if (lost) return lost;
  const data = { id, type: verb, from: state.production()?.id ?? '' };
  await world.record({ at: world.now(), kind: ALIASED, data });
  return lostAfter(world, seed, serial, new Response(null, { status: 201 }));
}

async function cancel({ world, state }: Serving, id: string): Promise<Response> {
  const found = state.find(id);
  if (!found) return notFound('The deployment could not be found.');
  if (!['QUEUED', 'INITIALIZING', 'BUILDING'].includes(found.state))
    return problem(400, 'bad_request', 'The deployment has already finished.');
  await world.record({ at: world.now(), kind: CANCELED, data: { id } });
  const now = state.find(id);
  return now ? ok(deploymentView(state, now)) : notFound();
}

function userView(who: string) {
  return {
    limited: true,
    id: `usr_${who}`,
    email: `${who}@aetherstack.example`,
    name: who,
    username: who,
    avatar: null,
    defaultTeamId: null,
  };
}
