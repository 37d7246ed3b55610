import type { Simulator, SimulatorWorld } from '../port';
import {
  chance,
  DEPLOYMENT,
  NAMESPACES,
  PATCHED,
  podsOf,
  RESTARTED,
  type StoreKind,
  startOf,
  storesOf,
} from './simulator/state';
import { deploymentView, podsView, replicaSetsView, storeView } from './simulator/views';

export const CLUSTER_HOST = 'cluster.aetherstack.example';
export const CLUSTER_TOKEN = 'sandbox-cluster-token';
/** May look and not change. */
export const READING_TOKEN = 'reading-cluster-token';

export interface KubernetesSimulator extends Simulator {
  /** As `kubectl rollout restart` would. */
  restart(namespace: string): Promise<void>;
  /** Somebody's `kubectl edit`. */
  edit(namespace: string, set: Record<string, string | null>): Promise<void>;
}

const REASONS: Record<number, string> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  409: 'Conflict',
  415: 'UnsupportedMediaType',
  422: 'Invalid',
  429: 'TooManyRequests',
};

function status(code: number, message: string, headers: Record<string, string> = {}): Response {
  const reason = REASONS[code] ?? 'InternalError';
  const body = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code };
  return Response.json(body, { status: code, headers });
}

/** A cluster with one Deployment in each of two namespaces. Its whole state is a function of facts and time. */
export function createKubernetesSimulator(world: SimulatorWorld, { seed }: { seed: number }): KubernetesSimulator {
  const settings = (namespace: string) => ({ kind: 'configmap' as const, namespace, name: 'backend-settings' });
  return {
    hosts: [CLUSTER_HOST],
    async handle(request) {
      const { down, rateLimited } = world.scenario();
      if (down) return status(503, 'the server is currently unable to handle the request');
      if (rateLimited) return status(429, 'too many requests', { 'retry-after': '30' });
      const token = request.headers.get('authorization')?.replace(/^Bearer /, '') ?? '';
      // A token that says more of itself begins with the one that is known.
      const known = [CLUSTER_TOKEN, READING_TOKEN].find((each) => token === each || token.startsWith(`${each}.`));
      if (!known) return status(401, 'Unauthorized');
      return answer({ world, seed, mayWrite: known === CLUSTER_TOKEN }, request);
    },
    dueWebhooks: () => [],
    restart: (namespace) => world.record({ at: world.now(), kind: RESTARTED, data: { namespace } }),
    edit: (namespace, set) =>
      world.record({
        ...{ at: world.now(), kind: PATCHED },
        data: { ...settings(namespace), set, manager: 'kubectl-edit', operation: 'Update' },
      }),
  };
}

interface Serving {
  world: SimulatorWorld;
  seed: number;
  mayWrite: boolean;
}

async function answer(serving: Serving, request: Request): Promise<Response> {
  const { pathname, searchParams } = new URL(request.url);
  const { world } = serving;
  if (pathname === '/version/') return Response.json(VERSION);
  if (pathname === '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews')
    return review(serving, await request.json());
  const [, group, namespace = '', kind = '', name = ''] =
    /^\/(api\/v1|apis\/apps\/v1)\/namespaces\/([^/]+)\/([a-z]+)(?:\/([^/]+))?$/.exec(pathname) ?? [];
  const known = NAMESPACES.some((each) => each === namespace);
  if (group === 'apis/apps/v1' && kind === 'deployments' && known && name === DEPLOYMENT)
    return Response.json(deploymentView(namespace, startOf(world)));
  if (group === 'apis/apps/v1' && kind === 'replicasets' && known && name === '') {
    const fits = searchParams.get('labelSelector') === `app=${DEPLOYMENT}`;
    return Response.json(replicaSetsView(namespace, startOf(world), fits));
  }
  if (group === 'api/v1' && kind === 'pods' && known && name === '') {
    const fits = searchParams.get('labelSelector') === `app=${DEPLOYMENT}`;
    const partial = (request.headers.get('accept') ?? '').includes('as=PartialObjectMetadataList');
    return Response.json(podsView(namespace, fits ? podsOf(world, namespace) : [], partial));
  }
  const store = /^(configmap|secret)s$/.exec(kind)?.[1] as StoreKind | undefined;
  if (group !== 'api/v1' || !store || name === '')
    return status(404, 'the server could not find the requested resource');
  return request.method === 'PATCH'
    ? patch(serving, request, { kind: store, namespace, name })
    : read(world, { kind: store, namespace, name });
}

const VERSION = {
  ...{ major: '1', minor: '34', gitVersion: 'v1.34.1', gitCommit: 'sandbox', gitTreeState: 'clean' },
  ...{ buildDate: '2026-08-01T00:00:00Z', goVersion: 'go1.25.0', compiler: 'gc', platform: 'linux/amd64' },
};

function review({ mayWrite }: Serving, { spec }: { spec: { namespace?: string } }): Response {
  const verbs = mayWrite ? ['get', 'patch'] : ['get'];
  const resourceRules = [
    { verbs: ['get'], apiGroups: ['apps'], resources: ['deployments'], resourceNames: [DEPLOYMENT] },
    { verbs: ['list'], apiGroups: ['apps'], resources: ['replicasets'] },
    { verbs: ['list'], apiGroups: [''], resources: ['pods'] },
    { verbs, apiGroups: [''], resources: ['configmaps'], resourceNames: ['backend-settings'] },
    { verbs, apiGroups: [''], resources: ['secrets'], resourceNames: ['backend-secrets'] },
  ];
  return Response.json(
    {
      ...{ kind: 'SelfSubjectRulesReview', apiVersion: 'authorization.k8s.io/v1', metadata: {}, spec },
      status: { resourceRules, nonResourceRules: [], incomplete: false },
    },
    { status: 201 },
  );
}

interface Ref {
  kind: StoreKind;
  namespace: string;
  name: string;
}

function find(world: SimulatorWorld, { kind, namespace, name }: Ref) {
  return storesOf(world).find((each) => each.kind === kind && each.namespace === namespace && each.name === name);
}

function read(world: SimulatorWorld, ref: Ref): Response {
  const found = find(world, ref);
  return found ? Response.json(storeView(found)) : status(404, `${ref.kind}s "${ref.name}" not found`);
}

const TYPES: Record<string, 'Apply' | 'Update'> = {
  'application/apply-patch+yaml': 'Apply',
  'application/merge-patch+json': 'Update',
};

async function patch({ world, seed, mayWrite }: Serving, request: Request, ref: Ref): Promise<Response> {
  if (!mayWrite) return status(403, `${ref.kind}s "${ref.name}" is forbidden`);
  const serial = world.facts().length;
  const { refuse, acceptThen502, acceptThenCut } = world.scenario();
  if (chance(seed, 'refuse', serial) < refuse) return status(502, 'Bad gateway');
  const found = find(world, ref);
  if (!found) return status(404, `${ref.kind}s "${ref.name}" not found`);
  const operation = TYPES[request.headers.get('content-type') ?? ''];
  if (!operation) return status(415, 'the body of the request was in an unknown format');
  const manager = new URL(request.url).searchParams.get('fieldManager');
  if (!manager && operation === 'Apply') return status(400, 'fieldManager is required for apply patch');
  const wanted = (await request.json()) as {
    metadata?: { resourceVersion?: string };
    data?: Record<string, string | null>;
  };
  const asked = wanted.metadata?.resourceVersion;
  if (asked !== undefined && asked !== String(found.version))
    return status(409, 'the object has been modified; please apply your changes to the latest version');
  const text = (value: string | null) =>
    value === null || ref.kind === 'configmap' ? value : Buffer.from(value, 'base64').toString('utf8');
  const set = Object.fromEntries(Object.entries(wanted.data ?? {}).map(([key, value]) => [key, text(value)]));
  await world.record({
    at: world.now(),
    kind: PATCHED,
    data: { ...ref, set, manager: manager ?? 'unknown', operation },
  });
  const dice = chance(seed, 'accepted', serial);
  if (dice < acceptThen502) return status(502, 'Bad gateway');
  const response = read(world, ref);
  if (dice >= acceptThen502 + acceptThenCut) return response;
  return new Response(response.body, {
    status: 200,
    headers: { ...Object.fromEntries(response.headers), 'x-sandbox-fault': 'cut' },
  });
}
