import type { TrueRun } from '@/lib/providers/github/simulator';
import type { Scenario, Simulator, SimulatorFact, SimulatorWorld } from '@/lib/providers/port';

/** Where the example team's things say which version they are: `/<environment>/<component>/version`. */
export const SERVICES_HOST = 'services.aetherstack.example';

export interface LiveService {
  environment: string;
  component: string;
  sha: string;
  since: string;
  /** The run that put it there; null when somebody did it by other means. */
  run: string | null;
}

export interface Services extends Simulator {
  /** What every service says now. */
  truth(): LiveService[];
  /** How a place does at a moment; null = there is no such place. */
  stateOf(environment: string, component: string, at: number): 'good' | 'bad' | null;
  /** Somebody puts a commit live without any run. Throws for a place that does not exist. */
  put(change: { environment: string; component: string; sha: string }): Promise<void>;
}

interface Place {
  workflow: string;
  /** The input that says where a run goes, and its value by environment. */
  input: string;
  environments: Record<string, string>;
  /** It is a web dashboard: it also has a page, and the record of its build. */
  web?: true;
}

const PLACES: Record<string, Place> = {
  backend: { workflow: 'backend-deploy.yml', input: 'environment', environments: same('production', 'staging') },
  dashboard: {
    workflow: 'dashboard-deploy.yml',
    input: 'environment',
    environments: same('production', 'staging', 'preview'),
    web: true,
  },
  extension: {
    workflow: 'extension-publish.yml',
    input: 'channel',
    environments: { production: 'stable', staging: 'pre-release' },
  },
  docs: { workflow: 'docs-deploy.yml', input: 'version', environments: { production: 'latest', staging: 'next' } },
};

function same(...names: string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, name]));
}

/**
 * The deployed things themselves, as the world outside sees them. They know of runs only what the vendor makes public;
 * a fact of kind `service.deployed` is a change that no run made.
 */
export function createServices(
  world: SimulatorWorld,
  vendor: { truth(): TrueRun[] },
  initial: Knobs = world.scenario(),
): Services {
  const look = () => ({ ...changesOf(world), runs: vendor.truth(), now: world.now(), initial });
  let last: { key: string; seen: Look } | null = null;
  // A line of metrics asks for hundreds of moments of one and the same second.
  const lookOnce = (): Look => {
    const key = `${world.facts().length}:${Math.floor(world.now() / 1000)}`;
    if (last?.key !== key) last = { key, seen: look() };
    return last.seen;
  };
  return {
    hosts: [SERVICES_HOST],
    async handle(request) {
      const [, environment = '', component = '', ...rest] = new URL(request.url).pathname.split('/');
      const what = rest.join('/');
      if (PLACES[component]?.web && placeOf(component, environment) && what !== 'version')
        return webAnswer(newest(look(), component, environment), what);
      if (what !== 'version' || !placeOf(component, environment))
        return answer(404, { error: 'There is no such page.' });
      const found = newest(look(), component, environment);
      if (!found) return answer(404, { error: 'Nothing has been deployed here yet.' });
      return answer(200, { component, environment, sha: found.sha, since: found.since });
    },
    dueWebhooks: () => [],
    truth() {
      const seen = look();
      return Object.entries(PLACES).flatMap(([component, place]) =>
        Object.keys(place.environments).flatMap((environment) => newest(seen, component, environment) ?? []),
      );
    },
    stateOf(environment, component, at) {
      if (!placeOf(component, environment)) return null;
      const seen = lookOnce();
      const found = newest({ ...seen, now: Math.min(at, seen.now) }, component, environment);
      return found && isPlanted(seen, found.sha) ? 'bad' : 'good';
    },
    async put({ environment, component, sha }) {
      if (!placeOf(component, environment)) throw new Error(`There is no ${component} in ${environment}.`);
      if (!/^[0-9a-f]{40}$/.test(sha)) throw new Error('Send the whole commit id, 40 digits.');
      await world.record({ at: world.now(), kind: 'service.deployed', data: { environment, component, sha } });
    },
  };
}

function placeOf(component: string, environment: string): Place | null {
  const place = Object.hasOwn(PLACES, component) ? PLACES[component] : undefined;
  return place && Object.hasOwn(place.environments, environment) ? place : null;
}

type Knobs = Pick<Scenario, 'liveLagMs' | 'neverLive'>;

/** Everything that decides what is live, read once for all places. */
interface Look {
  runs: TrueRun[];
  /** What somebody's hand changed. */
  byHand: SimulatorFact[];
  /** How the world was told to behave, oldest first. */
  scenarios: SimulatorFact[];
  initial: Knobs;
  now: number;
}

function changesOf(world: SimulatorWorld): Pick<Look, 'byHand' | 'scenarios'> {
  const of = (kind: string) => world.facts().filter((fact) => fact.kind === kind);
  return { byHand: of('service.deployed'), scenarios: of('scenario.set') };
}

/** The change that took effect last: a run's success, when the scenario at its end says so, or somebody's hand. */
function newest({ runs, byHand, scenarios, initial, now }: Look, component: string, environment: string) {
  const place = placeOf(component, environment);
  if (!place) return null;
  const fromRuns = runs
    .filter((run) => puts(run, place, environment))
    .flatMap((run) => {
      const ended = Date.parse(run.endedAt ?? '');
      // The vendor tells whole seconds: what was set earlier in that second held already. An older journal knows neither.
      const { liveLagMs = 0, neverLive = false } = scenarioAt(scenarios, ended + 999) ?? initial;
      return neverLive
        ? []
        : [{ at: ended + liveLagMs, sha: run.inputs.sha || run.sha, run: run.id, rendering: run.inputs.rendering }];
    });
  const fromHands = byHand
    .filter(({ data }) => data.component === component && data.environment === environment)
    .map(({ at, data }) => ({ at, sha: String(data.sha), run: null, rendering: undefined }));
  const last = [...fromRuns, ...fromHands]
    .filter(({ at }) => at <= now)
    .sort((a, b) => a.at - b.at)
    .at(-1);
  if (!last) return null;
  const { sha, run } = last;
  const rendering = last.rendering === 'ssg' ? ('ssg' as const) : ('ssr' as const);
  return { environment, component, sha, since: new Date(last.at).toISOString(), run, rendering };
}

/** The dashboard's page, rendered by a server or exported, and the record in which its build says which. */
function webAnswer(found: ReturnType<typeof newest>, what: string): Response {
  if (!found) return answer(404, { error: 'Nothing has been deployed here yet.' });
  const { rendering, sha, since } = found;
  if (what === '.well-known/aetherstack.json') {
    const page = { path: '/', kind: rendering === 'ssr' ? 'dynamic' : 'static' };
    const handler = { path: '/api/status', kind: 'handler', methods: ['GET'] };
    const about = { path: '/about', kind: 'static' };
    const routes = rendering === 'ssr' ? [page, about, handler] : [page, about];
    const features = rendering === 'ssr' ? ['handlers'] : [];
    return answer(200, {
      ...{ schema: 1, mode: rendering, sha, builtAt: since, basePath: '', marker: null },
      ...{ routes, features, baked: [] },
    });
  }
  if (what !== '') return answer(404, { error: 'There is no such page.' });
  const headers: Record<string, string> = rendering === 'ssr' ? { 'x-powered-by': 'Next.js' } : {};
  return new Response(`<!doctype html><title>Status</title><p>${sha.slice(0, 7)}`, {
    headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store', ...headers },
  });
}

function puts(run: TrueRun, place: Place, environment: string): boolean {
  return (
    run.workflow.endsWith(`/${place.workflow}`) &&
    run.conclusion === 'success' &&
    run.endedAt !== null &&
    run.inputs.dry_run !== 'true' &&
    run.inputs[place.input] === place.environments[environment]
  );
}

/** A commit is worse when what first put it live was a run that ended in the scenario `regression`; later ones change nothing. */
function isPlanted({ runs, byHand, scenarios }: Look, sha: string): boolean {
  if (byHand.some(({ data }) => data.sha === sha)) return false;
  const first = runs
    .filter((run) => (run.inputs.sha || run.sha) === sha && run.conclusion === 'success' && run.endedAt !== null)
    .map((run) => Date.parse(run.endedAt ?? ''))
    .sort((a, b) => a - b)[0];
  return first !== undefined && scenarioAt(scenarios, first + 999)?.regression === true;
}

/** How the world behaved at a moment; null when nobody had said so by then. */
function scenarioAt(scenarios: SimulatorFact[], at: number): Partial<Scenario> | null {
  const set = scenarios.filter((fact) => fact.at <= at).at(-1);
  return (set?.data.scenario as Partial<Scenario> | undefined) ?? null;
}

function answer(status: number, body: Record<string, unknown>): Response {
  return Response.json(body, { status, headers: { 'cache-control': 'no-store' } });
}
