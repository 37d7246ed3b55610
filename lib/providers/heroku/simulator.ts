import type { Simulator, SimulatorWorld } from '../port';
import { ATTACHED, appsOf, CHANGED, chance, type SimulatedApp, uuidOf } from './simulator/state';

export interface HerokuOptions {
  seed: number;
}

export interface HerokuSimulator extends Simulator {
  /** Every app with its config vars, whoever asks. */
  truth(): SimulatedApp[];
}

/** An account's pool of requests, and how fast it fills. https://devcenter.heroku.com/articles/platform-api-reference#rate-limits */
const POOL = 4_500;
const PER_MINUTE = 75;
const PEOPLE = new Map([
  ['sandbox-token', { email: 'release-console@aetherstack.example', writes: true }],
  ['readonly-token', { email: 'viewer@aetherstack.example', writes: false }],
]);

const ok = (body: unknown, status = 200) => Response.json(body, { status });
const problem = (status: number, id: string, message: string) => Response.json({ id, message }, { status });

interface Serving {
  world: SimulatorWorld;
  seed: number;
  who: { email: string; writes: boolean };
  left: number;
}

/** Heroku in miniature: two apps. Its whole state is a function of seed, facts and time; only the pool is kept. */
export function createHerokuSimulator(world: SimulatorWorld, { seed }: HerokuOptions): HerokuSimulator {
  let pool = { left: POOL, at: world.now() };
  const draw = (cost: number): number => {
    const filled = pool.left + ((world.now() - pool.at) / 60_000) * PER_MINUTE;
    pool = { left: Math.max(0, Math.min(POOL, filled) - cost), at: world.now() };
    return Math.floor(pool.left);
  };
  return {
    hosts: ['api.heroku.com'],
    dueWebhooks: () => [],
    truth: () => appsOf(world, seed),
    async handle(request) {
      const { pathname } = new URL(request.url);
      const { down, rateLimited } = world.scenario();
      if (down) return new Response('Service Unavailable', { status: 503 });
      if (rateLimited) return problem(429, 'rate_limit', 'Your account reached the API rate limit.');
      const who = PEOPLE.get(request.headers.get('authorization')?.replace('Bearer ', '') ?? '');
      if (!who) return problem(401, 'unauthorized', 'Invalid credentials provided.');
      if (!/version=3\b/.test(request.headers.get('accept') ?? ''))
        return problem(
          404,
          'not_found',
          'The requested API endpoint was not found. Are you using the right HTTP verb?',
        );
      // Asking how much is left costs nothing.
      const left = draw(pathname === '/account/rate-limits' ? 0 : 1);
      const answered = await answer({ world, seed, who, left }, request);
      answered.headers.set('ratelimit-remaining', String(left));
      return answered;
    },
  };
}

async function answer(serving: Serving, request: Request): Promise<Response> {
  const { world, seed, who, left } = serving;
  const { pathname } = new URL(request.url);
  if (request.method === 'GET' && pathname === '/account')
    return ok({ id: uuidOf(seed, who.email), email: who.email, name: null, beta: false, verified: true });
  if (request.method === 'GET' && pathname === '/account/rate-limits') return ok({ remaining: left });
  const [, named, rest = ''] = /^\/apps\/([^/]+)(\/.*)?$/.exec(pathname) ?? [];
  const app = appsOf(world, seed).find(({ id, name }) => id === named || name === named);
  if (!app) return problem(404, 'not_found', "Couldn't find that app.");
  if (rest === '/config-vars' && request.method === 'PATCH') return change(serving, app, await request.json());
  if (request.method !== 'GET') return problem(405, 'method_not_allowed', 'The method is not allowed.');
  if (rest === '') return ok(appView(app));
  if (rest === '/config-vars') return ok(app.vars);
  if (rest === '/releases') return releases(seed, app, request.headers.get('range') ?? '');
  return problem(404, 'not_found', 'The requested API endpoint was not found.');
}

const appView = ({ id, name, releases }: SimulatedApp) => ({
  ...{ id, name, maintenance: false, archived_at: null, web_url: `https://${name}.herokuapp.com/` },
  created_at: new Date(releases.at(-1)?.at ?? 0).toISOString(),
  updated_at: new Date(releases[0]?.at ?? 0).toISOString(),
});

/** In ranges: 206 says that there is more, and how to ask for it. */
function releases(seed: number, app: SimulatedApp, range: string): Response {
  const max = Number(/max=(\d+)/.exec(range)?.[1] ?? 200);
  const all = /order=desc/.test(range) ? app.releases : app.releases.toReversed();
  const views = all.slice(0, max).map(({ version, description, at, by }) => ({
    ...{ id: uuidOf(seed, app.id, version), version, description, status: 'succeeded' },
    ...{ app: { id: app.id, name: app.name }, user: { id: uuidOf(seed, by), email: by } },
    ...{ created_at: new Date(at).toISOString(), updated_at: new Date(at).toISOString() },
    current: version === app.releases.length,
  }));
  const next = all[max];
  const headers: Record<string, string> = next ? { 'next-range': `version ]${next.version}..; max=${max}` } : {};
  return Response.json(views, { status: next ? 206 : 200, headers });
}

async function change(
  { world, seed, who }: Serving,
  app: SimulatedApp,
  set: Record<string, string | null>,
): Promise<Response> {
  if (!who.writes)
    return problem(403, 'forbidden', 'The scope of this OAuth authorization does not allow access to this resource.');
  const serial = world.facts().length;
  if (chance(seed, 'refuse', serial) < world.scenario().refuse) return new Response('Bad gateway', { status: 502 });
  if (Object.keys(set).some((name) => !/^\w+$/.test(name)))
    return problem(422, 'invalid_params', 'Config var keys may only contain letters, digits and underscores.');
  if (ATTACHED in set) return problem(422, 'invalid_params', `Cannot overwrite attachment values ${ATTACHED}.`);
  await world.record({ at: world.now(), kind: CHANGED, data: { app: app.id, set, by: who.email } });
  const now = appsOf(world, seed).find(({ id }) => id === app.id);
  return lostAfter(world, seed, serial, ok(now?.vars ?? {}));
}

/** The request took effect, and yet its answer does not arrive. */
function lostAfter(world: SimulatorWorld, seed: number, serial: number, response: Response): Response {
  const { acceptThen502, acceptThenCut, acceptThenStall, acceptThenStallMs } = world.scenario();
  const dice = chance(seed, 'accepted', serial);
  if (dice < acceptThen502) return new Response('Bad gateway', { status: 502 });
  const cut = dice < acceptThen502 + acceptThenCut;
  if (!cut && dice >= acceptThen502 + acceptThenCut + acceptThenStall) return response;
  response.headers.set('x-sandbox-fault', cut ? 'cut' : 'stall');
  if (!cut) response.headers.set('x-sandbox-stall-ms', String(acceptThenStallMs));
  return response;
}
