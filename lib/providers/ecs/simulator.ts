import type { Simulator, SimulatorWorld } from '../port';
import { type SimulatedKey, whoSigned } from './simulator/signature';
import { ACCOUNT, CLUSTER, chance, REGISTERED, type SimulatedService, State, UPDATED } from './simulator/state';
import { arnOf, definitionView, serviceView } from './simulator/views';

export interface EcsSimulator extends Simulator {
  services(): SimulatedService[];
  /** Keys that it knows, by what they may do. */
  keys: { good: SimulatedKey; weak: SimulatedKey };
}

// In pieces, so that nobody takes them for real ones.
const KEYS = {
  good: { id: ['AKIA', 'SANDBOXCONSOLE00'].join(''), secret: 'sandbox-secret', user: 'release-console', writes: true },
  weak: { id: ['AKIA', 'SANDBOXVIEWER000'].join(''), secret: 'readonly-secret', user: 'viewer', writes: false },
};
const TYPE = 'application/x-amz-json-1.1';
type Json = Record<string, unknown>;

const ok = (body: unknown) => new Response(JSON.stringify(body), { headers: { 'content-type': TYPE } });
const problem = (code: string, message: string, status = 400) =>
  new Response(JSON.stringify({ __type: code, message }), { status, headers: { 'content-type': TYPE } });

/** Amazon ECS in miniature: one cluster with two services. Its whole state is a function of facts and time. */
export function createEcsSimulator(world: SimulatorWorld, { seed }: { seed: number }): EcsSimulator {
  const state = new State(world);
  return {
    hosts: ['ecs.us-east-1.amazonaws.com', 'ecs.eu-central-1.amazonaws.com'],
    dueWebhooks: () => [],
    services: () => state.services(),
    keys: KEYS,
    async handle(request) {
      const { down, rateLimited } = world.scenario();
      if (down) return problem('ServerException', 'Service Unavailable', 503);
      if (rateLimited) return problem('ThrottlingException', 'Rate exceeded');
      const body = await request.text();
      const who = whoSigned(request, body, Object.values(KEYS));
      if (typeof who === 'string') return problem(who, 'The security token included in the request is invalid.');
      const operation = (request.headers.get('x-amz-target') ?? '').replace(
        /^AmazonEC2ContainerServiceV20141113\./,
        '',
      );
      return answer({ world, state, seed, who }, operation, JSON.parse(body) as Json);
    },
  };
}

interface Serving {
  world: SimulatorWorld;
  state: State;
  seed: number;
  who: SimulatedKey;
}

function answer(serving: Serving, operation: string, input: Json): Response | Promise<Response> {
  const { state, who } = serving;
  if (operation === 'DescribeClusters') return ok({ clusters: [], failures: [] });
  if (operation === 'DescribeServices') return services(state, input);
  if (operation === 'DescribeTaskDefinition') return described(state, String(input.taskDefinition), input.include);
  if (!who.writes)
    return problem(
      'AccessDeniedException',
      `User: arn:aws:iam::${ACCOUNT}:user/${who.user} is not authorized to perform: ecs:${operation}`,
    );
  if (operation === 'RegisterTaskDefinition') return register(serving, input);
  if (operation === 'UpdateService') return update(serving, input);
  return problem('UnknownOperationException', '');
}

const inCluster = ({ cluster }: Json) => cluster === CLUSTER || cluster === arnOf('cluster', CLUSTER);

function services(state: State, input: Json): Response {
  if (!inCluster(input)) return problem('ClusterNotFoundException', 'Cluster not found.');
  const asked = (input.services as string[]).map((name) => ({
    name,
    found: state.services().find((s) => s.name === name),
  }));
  return ok({
    services: asked.flatMap(({ found }) => (found ? [serviceView(found)] : [])),
    failures: asked.flatMap(({ name, found }) =>
      found ? [] : [{ arn: arnOf('service', `${CLUSTER}/${name}`), reason: 'MISSING' }],
    ),
  });
}

/** `family:revision`, a family's newest, or an ARN. */
function find(state: State, asked: string) {
  const [family, revision] = (asked.split('task-definition/').at(-1) ?? '').split(':');
  const ofFamily = state.definitions().filter((each) => each.family === family);
  return revision === undefined ? ofFamily.at(-1) : ofFamily.find((each) => String(each.revision) === revision);
}

function described(state: State, asked: string, include: unknown): Response {
  const found = find(state, asked);
  if (!found) return problem('ClientException', 'Unable to describe task definition.');
  const tags = Array.isArray(include) && include.includes('TAGS') ? { tags: found.input.tags ?? [] } : {};
  return ok({ taskDefinition: definitionView(found), ...tags });
}

/** Nothing runs from it yet, so a lost answer of this one is no matter: the scenarios are about what changes something. */
async function register({ world, state, who }: Serving, input: Json): Promise<Response> {
  const by = `arn:aws:iam::${ACCOUNT}:user/${who.user}`;
  await world.record({ at: world.now(), kind: REGISTERED, data: { input, by } });
  const made = state.definitions().filter((each) => each.family === input.family);
  const last = made.at(-1);
  return last
    ? ok({ taskDefinition: definitionView(last), tags: last.input.tags ?? [] })
    : problem('ServerException', '', 500);
}

async function update({ world, state, seed }: Serving, input: Json): Promise<Response> {
  if (!inCluster(input)) return problem('ClusterNotFoundException', 'Cluster not found.');
  const serial = world.facts().length;
  if (chance(seed, 'refuse', serial) < world.scenario().refuse) return problem('ServerException', '', 502);
  const found = find(state, String(input.taskDefinition));
  if (!state.services().some(({ name }) => name === input.service))
    return problem('ServiceNotFoundException', 'Service not found.');
  if (!found) return problem('ClientException', 'TaskDefinition not found.');
  const runs = `${found.family}:${found.revision}`;
  await world.record({ at: world.now(), kind: UPDATED, data: { service: input.service, runs } });
  const service = state.services().find(({ name }) => name === input.service);
  return lostAfter(
    world,
    seed,
    serial,
    service ? ok({ service: serviceView(service) }) : problem('ServerException', '', 500),
  );
}

/** The request took effect, and yet its answer does not arrive. */
function lostAfter(world: SimulatorWorld, seed: number, serial: number, response: Response): Response {
  const { acceptThen502, acceptThenCut, acceptThenStall, acceptThenStallMs } = world.scenario();
  const dice = chance(seed, 'accepted', serial);
  if (dice < acceptThen502) return problem('ServerException', '', 502);
  const cut = dice < acceptThen502 + acceptThenCut;
  if (!cut && dice >= acceptThen502 + acceptThenCut + acceptThenStall) return response;
  response.headers.set('x-sandbox-fault', cut ? 'cut' : 'stall');
  if (!cut) response.headers.set('x-sandbox-stall-ms', String(acceptThenStallMs));
  return response;
}
