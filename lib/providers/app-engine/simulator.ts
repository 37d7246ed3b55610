import type { Simulator, SimulatorWorld } from '../port';

/** A version went live: `id`, `envVariables`, and its share of the requests. */
export const DEPLOYED = 'app-engine.deployed';
export const PLACE = { project: 'acme-prod', service: 'default' } as const;
const DAY_MS = 86_400_000;

export interface SimulatorOptions {
  /** Whose token it is, and what for; null when it is none that lasts. */
  accountOf(token: string): { email: string; scope: string } | null;
  /** Who has roles/appengine.appViewer. */
  viewers: readonly string[];
}

interface Version {
  id: string;
  at: number;
  share: number;
  envVariables: Record<string, string>;
}

const PATH = /^\/v1\/apps\/([^/]+)(?:\/services\/([^/]+))?(?:\/(versions)(?:\/([^/]+))?)?$/;
const SCOPES = ['cloud-platform', 'cloud-platform.read-only', 'appengine.admin'].map(
  (name) => `https://www.googleapis.com/auth/${name}`,
);

const problem = (code: number, status: string, message: string, headers: Record<string, string> = {}) =>
  Response.json({ error: { code, message, status } }, { status: code, headers });
const missing = (what: string) => problem(404, 'NOT_FOUND', `${what} not found.`);

/** `began`: when the world did. Oldest first. */
function versionsOf(world: SimulatorWorld, began: number): Version[] {
  return [
    { id: 'v1', at: began - 40 * DAY_MS, share: 0, envVariables: { LOG_LEVEL: 'info' } },
    { id: 'v2', at: began - 3 * DAY_MS, share: 1, envVariables: { LOG_LEVEL: 'info', REGION: '' } },
    ...world
      .facts()
      .filter(({ kind }) => kind === DEPLOYED)
      .map(({ at, data }) => ({ ...(data as unknown as Omit<Version, 'at'>), at })),
  ];
}

/** Who was live before gives up what the newer ones took. */
function allocationsOf(versions: readonly Version[]): Record<string, number> {
  let left = 1;
  const shares: [string, number][] = [];
  for (const { id, share } of versions.toReversed()) {
    const taken = Math.min(left, share);
    if (taken > 0) shares.push([id, taken]);
    left -= taken;
  }
  return Object.fromEntries(shares);
}

const NAME = `apps/${PLACE.project}/services/${PLACE.service}`;

const view = ({ id, at, envVariables }: Version, full: boolean) => ({
  ...{ name: `${NAME}/versions/${id}`, id, runtime: 'python312', env: 'standard', servingStatus: 'SERVING' },
  ...{ createTime: new Date(at).toISOString(), createdBy: 'deployer@acme.example' },
  ...(full ? { envVariables } : {}),
});

function answer(versions: readonly Version[], { pathname, searchParams }: URL): Response {
  const [, project, service, below, id] = PATH.exec(pathname) ?? [];
  if (project !== PLACE.project || (service && service !== PLACE.service)) return missing(pathname);
  if (!service) return Response.json({ name: `apps/${project}`, id: project, servingStatus: 'SERVING' });
  if (!below) return Response.json({ name: NAME, id: service, split: { allocations: allocationsOf(versions) } });
  const full = searchParams.get('view') === 'FULL';
  const found = versions.find((each) => each.id === id);
  if (id) return found ? Response.json(view(found, full)) : missing(pathname);
  return Response.json({ versions: versions.map((each) => view(each, full)) });
}

/** The App Engine Admin API v1 in miniature, with one service: a function of recorded facts and time. */
export function createAppEngineSimulator(world: SimulatorWorld, options: SimulatorOptions): Simulator {
  const began = world.now();
  return {
    hosts: ['appengine.googleapis.com'],
    dueWebhooks: () => [],
    async handle(request) {
      const { down, rateLimited } = world.scenario();
      if (down) return problem(503, 'UNAVAILABLE', 'The service is currently unavailable.');
      if (rateLimited) return problem(429, 'RESOURCE_EXHAUSTED', 'Quota exceeded.', { 'retry-after': '45' });
      const account = options.accountOf(request.headers.get('authorization')?.replace(/^Bearer /, '') ?? '');
      if (!account) return problem(401, 'UNAUTHENTICATED', 'Request had invalid authentication credentials.');
      if (!SCOPES.includes(account.scope) || !options.viewers.includes(account.email))
        return problem(403, 'PERMISSION_DENIED', 'You do not have permission to access the app.');
      return answer(versionsOf(world, began), new URL(request.url));
    },
  };
}
