import type { Simulator, SimulatorFact, SimulatorWorld } from '../port';

const STAGES: [string, number][] = [
  ['waiting', 2_000],
  ['building', 10_000],
  ['releasing', 15_000],
];

function runView(fact: SimulatorFact | undefined, index: number, now: number) {
  if (!fact) return null;
  const age = now - fact.at;
  const end = fact.data.outcome === 'failure' ? 'failed' : 'live';
  return {
    id: String(100 + index),
    url: `https://vendor.example/runs/${100 + index}`,
    state: STAGES.find(([, until]) => age < until)?.[0] ?? end,
    label: String(fact.data.label),
    commit: String(fact.data.commit),
    startedAt: new Date(fact.at).toISOString(),
    finishedAt: age < 15_000 ? null : new Date(fact.at + 15_000).toISOString(),
  };
}

/** The vendor in miniature: its whole state is a function of the recorded facts and the time. */
export function createTemplateSimulator(world: SimulatorWorld): Simulator {
  const runs = () => world.facts().filter((fact) => fact.kind === 'run.created');
  const view = (index: number) => runView(runs()[index], index, world.now());

  async function create(request: Request): Promise<Response> {
    const { refuse, outcome, listLagMs, acceptThen502, acceptThenCut, acceptThenStall } = world.scenario();
    if (refuse === 1) return new Response(null, { status: 502 });
    const { label, commit } = await request.json();
    await world.record({ at: world.now(), kind: 'run.created', data: { label, commit, outcome, listLagMs } });
    if (acceptThen502 === 1) return new Response(null, { status: 502 });
    const fault = acceptThenCut === 1 ? 'cut' : acceptThenStall === 1 ? 'stall' : null;
    return Response.json(view(runs().length - 1), { headers: fault ? { 'x-sandbox-fault': fault } : {} });
  }

  function read(path: string): Response {
    if (path === '/account') return Response.json({ name: 'acme' });
    const id = /^\/projects\/[^/]+\/runs\/(\d+)$/.exec(path)?.[1];
    const found = id === undefined ? null : view(Number(id) - 100);
    if (id !== undefined) return found ? Response.json(found) : new Response(null, { status: 404 });
    const listed = runs().map((fact, index) =>
      world.now() - fact.at < Number(fact.data.listLagMs) ? null : view(index),
    );
    return Response.json({ runs: listed.filter((run) => run !== null) });
  }

  return {
    hosts: ['api.vendor.example'],
    async handle(request) {
      const { down, rateLimited } = world.scenario();
      if (down) return new Response(null, { status: 503 });
      if (rateLimited) return new Response(null, { status: 429, headers: { 'retry-after': '30' } });
      const token = request.headers.get('authorization')?.replace('Bearer ', '');
      if (token !== 'good-token' && token !== 'weak-token') return new Response(null, { status: 401 });
      if (request.method === 'GET') return read(new URL(request.url).pathname);
      return token === 'weak-token' ? new Response(null, { status: 403 }) : create(request);
    },
    dueWebhooks: () => [],
  };
}
