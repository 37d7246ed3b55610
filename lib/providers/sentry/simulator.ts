import type { Simulator, SimulatorWorld } from '../port';
import { issues, projects, type SentryOptions } from './simulator/lists';
import { deploys, makeDeploy, makeRelease } from './simulator/releases';
import { sessions, timeseries } from './simulator/series';

export type { SentryOptions } from './simulator/lists';

const HOST = 'us.sentry.io';
const ORGANIZATION = 'aetherstack';
const TOKEN = 'sandbox-errors-token';
/** May read, and not write. */
export const READING_TOKEN = 'sandbox-errors-reader';

const refusal = (status: number, detail: string, headers: HeadersInit = {}) =>
  Response.json({ detail }, { status, headers });

/** Sentry in miniature: one organization. A function of seed, deployed things, written releases and time. */
export function createSentrySimulator(world: SimulatorWorld, options: SentryOptions): Simulator {
  return {
    hosts: [HOST],
    async handle(request) {
      const { down, rateLimited } = world.scenario();
      if (down) return new Response('Service Unavailable', { status: 503 });
      if (rateLimited)
        return refusal(429, 'You are attempting to use this endpoint too frequently.', { 'retry-after': '45' });
      const token = /^Bearer (.+)$/.exec(request.headers.get('authorization') ?? '')?.[1];
      if (token !== TOKEN && token !== READING_TOKEN) return refusal(401, 'Invalid token');
      const { pathname, searchParams } = new URL(request.url);
      const path = pathname.startsWith(`/api/0/organizations/${ORGANIZATION}/`)
        ? pathname.slice(`/api/0/organizations/${ORGANIZATION}`.length)
        : null;
      if (path === null) return refusal(404, 'The requested resource does not exist');
      if (request.method === 'POST' && token === READING_TOKEN)
        return refusal(403, 'You do not have permission to perform this action.');
      return (
        (await routed(world, options, request, path, searchParams)) ??
        refusal(404, 'The requested resource does not exist')
      );
    },
    dueWebhooks: () => [],
  };
}

async function routed(
  world: SimulatorWorld,
  options: SentryOptions,
  request: Request,
  path: string,
  query: URLSearchParams,
): Promise<Response | null> {
  const reading = request.method === 'GET';
  if (reading && path === '/projects/') return Response.json(projects(options));
  if (reading && path === '/sessions/') return sessions(world, options, query);
  if (reading && path === '/events-timeseries/') return timeseries(world, options, query);
  if (reading && path === '/issues/') return Response.json(issues(world, options, query));
  if (!reading && path === '/releases/') return makeRelease(world, await request.json());
  const version = /^\/releases\/([^/]+)\/deploys\/$/.exec(path)?.[1];
  if (version === undefined) return null;
  const named = decodeURIComponent(version);
  return reading ? deploys(world, named) : makeDeploy(world, named, await request.json());
}
