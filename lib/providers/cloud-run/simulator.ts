import type { Simulator, SimulatorWorld } from '../port';
import { EXAMPLES } from './simulator/examples';
import { chance, ok, problem } from './simulator/replies';
import { PATCHED, PLACE, type Revision, State, WAITED } from './simulator/state';
import { serviceView } from './simulator/views';

export { PATCHED };

export interface SimulatorOptions {
  seed: number;
  /** Whose token it is, and what for; null when it is none that lasts. */
  accountOf(token: string): { email: string; scope: string } | null;
  /** Who has roles/run.developer; everybody else who has a token has roles/run.viewer. */
  developers: readonly string[];
}

export interface CloudRunSimulator extends Simulator {
  /** The backend's as they are, newest first. */
  revisions(): Revision[];
}

const SCOPES = ['https://www.googleapis.com/auth/cloud-platform', 'https://www.googleapis.com/auth/run'];
const PATH =
  /^\/v2\/projects\/([^/]+)\/locations\/([^/]+)\/(services|operations)(?:\/([^/:]+))?(?::(wait))?(?:\/(revisions)(?:\/([^/]+))?)?$/;

interface Desk {
  world: SimulatorWorld;
  state: State;
}

type Services = ReadonlyMap<string, State>;

async function answer(world: SimulatorWorld, services: Services, request: Request): Promise<Response> {
  const url = new URL(request.url);
  const [, project, region, kind, name = '', wait, ...rest] = PATH.exec(url.pathname) ?? [];
  if (kind === 'services' && !name)
    return ok({ services: region === PLACE.region ? [...services.values()].map(serviceView) : [] });
  const known = project === PLACE.project && region === PLACE.region;
  if (known && kind === 'operations' && wait) return waited(world, services, name);
  const state = known ? services.get(name) : undefined;
  return state ? ofService({ world, state }, request, url, rest) : missing(url.pathname);
}

function ofService(
  desk: Desk,
  request: Request,
  { searchParams }: URL,
  [below, revision]: (string | undefined)[],
): Response | Promise<Response> {
  if (below) return revision ? ok(desk.state.revision(revision)) : listed(desk, searchParams);
  return request.method === 'PATCH' ? patched(desk, request, searchParams) : ok(serviceView(desk.state));
}

function listed({ state }: Desk, query: URLSearchParams): Response {
  const from = Number(query.get('pageToken') ?? 0);
  const size = Number(query.get('pageSize') ?? 100);
  const all = state.revisions();
  const more = all.length > from + size ? { nextPageToken: String(from + size) } : {};
  return ok({ revisions: all.slice(from, from + size), ...more });
}

async function patched({ world, state }: Desk, request: Request, query: URLSearchParams): Promise<Response> {
  const mask = (query.get('updateMask') ?? '').split(',');
  const { etag, template = {} } = (await request.json()) as { etag?: string; template?: Record<string, unknown> };
  if (etag !== undefined && etag !== state.etag)
    return problem(409, 'ABORTED', `Conflict for resource '${state.service}': version was specified but is another.`);
  if (!mask.includes('template.revision') && state.template.revision !== undefined)
    return problem(409, 'ALREADY_EXISTS', `Revision named '${state.template.revision}' already exists.`);
  const containers = mask.includes('template.containers') ? template.containers : state.template.containers;
  const { outcome, pace } = world.scenario();
  const data = { service: state.service, containers, fails: outcome === 'failure', pace };
  await world.record({ at: world.now(), kind: PATCHED, data });
  return ok(state.operation(state.generation, false));
}

/** Time moves only when it is told to, so whoever waits sees the end at once. */
async function waited(world: SimulatorWorld, services: Services, id: string): Promise<Response> {
  const [, service = '', number] = /^(.+)-(\d+)$/.exec(id) ?? [];
  const state = services.get(service);
  const generation = Number(number);
  if (!state || !generation || generation > state.generation) return missing(id);
  await world.record({ at: world.now(), kind: WAITED, data: { service, generation } });
  return ok(state.operation(generation, true));
}

function refusal(request: Request, world: SimulatorWorld, options: SimulatorOptions): Response | null {
  const { down, rateLimited } = world.scenario();
  if (down) return problem(503, 'UNAVAILABLE', 'The service is currently unavailable.');
  if (rateLimited) return problem(429, 'RESOURCE_EXHAUSTED', 'Quota exceeded.', { 'retry-after': '45' });
  const account = options.accountOf(request.headers.get('authorization')?.replace(/^Bearer /, '') ?? '');
  if (!account) return problem(401, 'UNAUTHENTICATED', 'Request had invalid authentication credentials.');
  if (!SCOPES.includes(account.scope))
    return problem(403, 'PERMISSION_DENIED', 'Request had insufficient authentication scopes.');
  if (request.method === 'PATCH' && !options.developers.includes(account.email))
    return problem(403, 'PERMISSION_DENIED', `Permission 'run.services.update' denied on resource.`);
  return null;
}

/** The Cloud Run Admin API v2 in miniature, with a few services: a function of seed, recorded facts and time. */
export function createCloudRunSimulator(world: SimulatorWorld, options: SimulatorOptions): CloudRunSimulator {
  const began = world.facts()[0]?.at ?? world.now();
  const services = new Map(EXAMPLES.map((each) => [each.service, new State(world, each, began)]));
  let serial = 0;
  return {
    hosts: ['run.googleapis.com'],
    revisions: () => services.get(PLACE.service)?.revisions() ?? [],
    dueWebhooks: () => [],
    async handle(request) {
      const { acceptThen502, refuse } = world.scenario();
      const refused = refusal(request, world, options);
      if (refused) return refused;
      const mutation = request.method === 'PATCH';
      serial += 1;
      const dice = chance(options.seed, serial);
      if (mutation && dice < refuse) return problem(502, 'UNAVAILABLE', 'Bad gateway');
      const response = await answer(world, services, request);
      return mutation && dice < acceptThen502 ? problem(502, 'UNAVAILABLE', 'Bad gateway') : response;
    },
  };
}

const missing = (what: string) => problem(404, 'NOT_FOUND', `Resource '${what}' was not found.`);
