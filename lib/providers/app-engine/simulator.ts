import type { Simulator, SimulatorWorld } from '../port';

/** A version went live: `id`, `envVariables`, its share of the requests, and of which `service` where not of the default one. */
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

type Variables = Record<string, string>;

/** By service, what its two versions have before anybody comes: the older first. */
const EXAMPLES: Record<string, readonly [Variables, Variables]> = {
  default: [{ LOG_LEVEL: 'info' }, { LOG_LEVEL: 'info', REGION: '' }],
  'dashboard-preview': [
    { API_BASE_URL: 'https://api.acme.example/staging' },
    { API_BASE_URL: 'https://api.acme.example/staging', SESSION_HOURS: '2' },
  ],
};

/** `began`: when the world did. Oldest first; null for a service that is not there. */
function versionsOf(world: SimulatorWorld, began: number, service: string): Version[] | null {
  const [older, newer] = EXAMPLES[service] ?? [];
  if (!older || !newer) return null;
  return [
    { id: 'v1', at: began - 40 * DAY_MS, share: 0, envVariables: older },
    { id: 'v2', at: began - 3 * DAY_MS, share: 1, envVariables: newer },
    ...world
      .facts()
      .filter(({ kind, data }) => kind === DEPLOYED && (data.service ?? PLACE.service) === service)
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

const nameOf = (service: string) => `apps/${PLACE.project}/services/${service}`;

const view = (service: string, { id, at, envVariables }: Version, full: boolean) => ({
  ...{ name: `${nameOf(service)}/versions/${id}`, id, runtime: 'python312', env: 'standard', servingStatus: 'SERVING' },
  ...{ createTime: new Date(at).toISOString(), createdBy: 'deployer@acme.example' },
  ...(full ? { envVariables } : {}),
});

function answer(world: SimulatorWorld, began: number, { pathname, searchParams }: URL): Response {
  const [, project, service, below, id] = PATH.exec(pathname) ?? [];
  if (project !== PLACE.project) return missing(pathname);
  if (!service) return Response.json({ name: `apps/${project}`, id: project, servingStatus: 'SERVING' });
  const versions = versionsOf(world, began, service);
  if (!versions) return missing(pathname);
  const split = { allocations: allocationsOf(versions) };
  if (!below) return Response.json({ name: nameOf(service), id: service, split });
  const full = searchParams.get('view') === 'FULL';
  const found = versions.find((each) => each.id === id);
  if (id) return found ? Response.json(view(service, found, full)) : missing(pathname);
  return Response.json({ versions: versions.map((each) => view(service, each, full)) });
}

/** The App Engine Admin API v1 in miniature, with two services: a function of recorded facts and time. */
export function createAppEngineSimulator(world: SimulatorWorld, options: SimulatorOptions): Simulator {
  const began = world.facts()[0]?.at ?? world.now();
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
      return answer(world, began, new URL(request.url));
    },
  };
}
