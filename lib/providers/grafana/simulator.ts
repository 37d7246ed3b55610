import type { Simulator, SimulatorWorld } from '../port';

const HOST = 'panels.aetherstack.example';
const TOKEN = 'sandbox-dashboards-token';
/** May look, and annotate nothing. */
export const VIEWING_TOKEN = 'sandbox-dashboards-viewer';

const said = (status: number, message: string, headers: HeadersInit = {}) =>
  Response.json({ message }, { status, headers });

/** The annotations of a Grafana, with one dashboard, `backend`. A function of what was written, and time. */
export function createGrafanaSimulator(world: SimulatorWorld): Simulator {
  return {
    hosts: [HOST],
    async handle(request) {
      const { down, rateLimited } = world.scenario();
      if (down) return new Response('Service Unavailable', { status: 503 });
      if (rateLimited) return said(429, 'Too many requests', { 'retry-after': '45' });
      const token = /^Bearer (.+)$/.exec(request.headers.get('authorization') ?? '')?.[1];
      if (token !== TOKEN && token !== VIEWING_TOKEN) return said(401, 'Invalid API key');
      const { pathname, searchParams } = new URL(request.url);
      if (pathname !== '/api/annotations') return said(404, 'Not found');
      if (request.method === 'GET') return Response.json(listed(world, searchParams));
      if (token === VIEWING_TOKEN) return said(403, 'You’ll need additional permissions: annotations:create');
      return made(world, await request.json());
    },
    dueWebhooks: () => [],
  };
}

type Sent = Record<string, unknown>;

function listed(world: SimulatorWorld, asked: URLSearchParams): object[] {
  const wanted = asked.getAll('tags');
  const moment = (name: string, otherwise: number) => Number(asked.get(name) ?? otherwise);
  const [from, to] = [moment('from', 0), moment('to', Number.MAX_SAFE_INTEGER)];
  const { listLagMs } = world.scenario();
  return world
    .facts()
    .filter(({ at, kind, data }) => {
      const [tags, time] = [data.tags as string[], Number(data.time)];
      const isThere = kind === 'grafana.annotation' && at + listLagMs <= world.now();
      return isThere && time >= from && time <= to && wanted.every((tag) => tags.includes(tag));
    })
    .map(({ data }) => data)
    .slice(0, moment('limit', 100));
}

async function made(world: SimulatorWorld, sent: Sent): Promise<Response> {
  if (typeof sent.text !== 'string' || sent.text === '') return said(400, 'Failed to save annotation: text is empty');
  if (sent.dashboardUID !== undefined && sent.dashboardUID !== 'backend') return said(404, 'Dashboard not found');
  const { refuse, acceptThen502 } = world.scenario();
  if (refuse > 0) return new Response('Bad Gateway', { status: 502 });
  const id = world.facts().filter(({ kind }) => kind === 'grafana.annotation').length + 1;
  const data = { tags: [], time: world.now(), timeEnd: sent.time ?? world.now(), ...sent, id };
  await world.record({ at: world.now(), kind: 'grafana.annotation', data });
  if (acceptThen502 > 0) return new Response('Bad Gateway', { status: 502 });
  return Response.json({ id, message: 'Annotation added' });
}
