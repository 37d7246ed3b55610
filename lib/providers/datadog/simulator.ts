import type { Simulator, SimulatorWorld } from '../port';

export interface DatadogOptions {
  seed: number;
  /** How a service does in an environment at a moment; null = nothing is sent from there. */
  stateOf(service: string, environment: string, at: number): 'good' | 'bad' | null;
}

const HOST = 'api.datadoghq.com';
const API_KEY = 'sandbox-monitors-api';
const APPLICATION_KEY = 'sandbox-monitors-application';
/** Reads, and has no API key, so that it writes nothing. */
export const ACCESS_TOKEN = 'sandbox-monitors-access';
const STEP_SECONDS = 20;

const wrong = (status: number, error: string, headers: HeadersInit = {}) =>
  Response.json({ errors: [error] }, { status, headers });

/** Datadog in miniature: knows the preset's questions by their form. A function of seed, deployed things, events and time. */
export function createDatadogSimulator(world: SimulatorWorld, options: DatadogOptions): Simulator {
  const asked = new Map<string, number>();
  return {
    hosts: [HOST],
    async handle(request) {
      const { down, rateLimited } = world.scenario();
      if (down) return new Response('Service Unavailable', { status: 503 });
      const { pathname } = new URL(request.url);
      const limits = limitsTold(asked, pathname, world.now());
      // With nothing left it ends soon, so that a scenario does not last for an hour.
      if (rateLimited)
        return wrong(429, 'Too many requests', { ...limits, 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '45' });
      const answer = await answered(world, options, request);
      for (const [name, value] of Object.entries(limits)) answer.headers.set(name, value);
      return answer;
    },
    dueWebhooks: () => [],
  };
}

/**
 * Each address has a limit of its own, whose windows begin with the clock's; the numbers are examples, and more than a limit
 * is answered. Source: https://docs.datadoghq.com/api/latest/rate-limits/
 */
function limitsTold(asked: Map<string, number>, pathname: string, now: number): Record<string, string> {
  const isQuery = pathname === '/api/v1/query';
  const [limit, period, name] = isQuery ? [1_600, 3_600, 'metrics_query'] : [3_000, 60, `sandbox${pathname}`];
  const second = Math.floor(now / 1000);
  const window = `${pathname} ${Math.floor(second / period)}`;
  const used = (asked.get(window) ?? 0) + 1;
  for (const each of asked.keys()) if (each.startsWith(`${pathname} `)) asked.delete(each);
  asked.set(window, used);
  const told = { limit, period, name, remaining: Math.max(1, limit - used), reset: period - (second % period) };
  return Object.fromEntries(Object.entries(told).map(([key, value]) => [`x-ratelimit-${key}`, String(value)]));
}

/** The API key alone writes and proves itself; reading needs both, or a token. */
async function answered(world: SimulatorWorld, options: DatadogOptions, request: Request): Promise<Response> {
  const { pathname, searchParams } = new URL(request.url);
  const api = request.headers.get('dd-api-key') === API_KEY;
  const both = api && request.headers.get('dd-application-key') === APPLICATION_KEY;
  const isEvent = request.method === 'POST' && pathname === '/api/v1/events';
  if (isEvent || pathname === '/api/v1/validate') {
    if (!api) return wrong(403, 'Forbidden');
    return isEvent ? made(world, await request.json()) : Response.json({ valid: true });
  }
  const reads = both || request.headers.get('authorization') === `Bearer ${ACCESS_TOKEN}`;
  if (!reads) return wrong(403, 'Forbidden');
  if (pathname === '/api/v1/query') return line(world, options, searchParams);
  if (pathname === '/api/v1/monitor') return Response.json(monitors(world, options));
  return pathname === '/api/v1/events' ? listed(world, searchParams) : wrong(404, 'Not found');
}

type Kind = 'throughput' | 'errors' | 'latency';
const USUAL: Record<Kind, number> = { throughput: 20, errors: 0.002, latency: 0.12 };
const PLANTED: Record<Kind, number> = { throughput: 19, errors: 0.041, latency: 0.31 };

function kindOf(query: string): Kind | null {
  if (query.includes('.errors{')) return 'errors';
  if (query.includes('.hits{')) return 'throughput';
  return /^p\d\d:/.test(query) ? 'latency' : null;
}

/** −0.1 to 0.1, the same for the same moment. */
function noise(seed: number, at: number): number {
  const mixed = Math.imul((at / 1000) ^ seed, 0x9e3779b1) >>> 0;
  return (mixed / 2 ** 32 - 0.5) / 5;
}

function line(world: SimulatorWorld, { seed, stateOf }: DatadogOptions, asked: URLSearchParams): Response {
  const [query, from, to] = [asked.get('query') ?? '', Number(asked.get('from')), Number(asked.get('to'))];
  if (query.split('{').length !== query.split('}').length)
    return wrong(400, 'Error parsing query: unexpected end of input');
  const base = { status: 'ok', res_type: 'time_series', from_date: from * 1000, to_date: to * 1000, query };
  if (query.includes('by {'))
    return Response.json({ ...base, series: ['a', 'b'].map((scope) => ({ scope, pointlist: [] })) });
  const tags = new Map(
    [...query.matchAll(/\b(service|env):([\w-]+)/g)].map(([, key = '', value = '']) => [key, value]),
  );
  const kind = kindOf(query);
  const pointlist: [number, number][] = [];
  // A longer window has wider slots.
  const step = to - from > 4 * 3_600 ? 3_600 : STEP_SECONDS;
  for (let second = Math.ceil(from / step) * step; second * 1000 <= Math.min(to * 1000, world.now()); second += step) {
    const state = kind && stateOf(tags.get('service') ?? '', tags.get('env') ?? '', second * 1000);
    if (!kind || !state) continue;
    pointlist.push([second * 1000, (state === 'bad' ? PLANTED : USUAL)[kind] * (1 + noise(seed, second * 1000))]);
  }
  const series = { scope: '*', interval: step, length: pointlist.length, expression: query, pointlist };
  return Response.json({ ...base, series: pointlist.length > 0 ? [series] : [] });
}

function monitors(world: SimulatorWorld, { stateOf }: DatadogOptions): object[] {
  const isBad = stateOf('backend', 'production', world.now()) === 'bad';
  const query = 'sum(last_5m):sum:trace.http.request.errors{service:backend,env:production}.as_count() > 50';
  const shared = { type: 'query alert', query, message: '', options: {}, multi: false, priority: 1 };
  const triggered = Math.floor((world.now() - 60_000) / 1000);
  const groups = isBad ? { '*': { name: '*', status: 'Alert', last_triggered_ts: triggered } } : {};
  return [
    {
      ...{ ...shared, id: 11, name: 'Errors of the backend in production' },
      ...{ tags: ['service:backend', 'env:production'], overall_state: isBad ? 'Alert' : 'OK', state: { groups } },
    },
    {
      ...{ ...shared, id: 12, name: 'Queue of the dashboard', overall_state: 'No Data' },
      ...{ tags: ['service:dashboard', 'env:staging'], state: { groups: {} } },
    },
  ];
}

type Sent = Record<string, unknown>;

async function made(world: SimulatorWorld, sent: Sent): Promise<Response> {
  if (typeof sent.title !== 'string' || typeof sent.text !== 'string') return wrong(400, 'title and text are needed');
  const { refuse, acceptThen502 } = world.scenario();
  if (refuse > 0) return new Response('Bad Gateway', { status: 502 });
  const id = world.facts().filter(({ kind }) => kind === 'datadog.event').length + 1;
  const event = { date_happened: Math.floor(world.now() / 1000), ...sent, id, id_str: String(id) };
  await world.record({ at: world.now(), kind: 'datadog.event', data: event });
  if (acceptThen502 > 0) return new Response('Bad Gateway', { status: 502 });
  const { aggregation_key: _, ...shown } = event as Sent;
  return Response.json({ status: 'ok', event: { ...shown, url: `/event/event?id=${id}` } }, { status: 202 });
}

function listed(world: SimulatorWorld, asked: URLSearchParams): Response {
  const [start, end] = [Number(asked.get('start')), Number(asked.get('end'))];
  const wanted = (asked.get('tags') ?? '').split(',').filter(Boolean);
  const { listLagMs } = world.scenario();
  const events = world.facts().flatMap(({ at, kind, data }) => {
    const tags = Array.isArray(data.tags) ? data.tags.map((tag) => String(tag).toLowerCase()) : [];
    const happened = Number(data.date_happened);
    const isThere = kind === 'datadog.event' && at + listLagMs <= world.now() && happened >= start && happened <= end;
    const { aggregation_key: _, ...shown } = data;
    return isThere && wanted.every((tag) => tags.includes(tag)) ? [{ ...shown, tags }] : [];
  });
  return Response.json({ status: 'ok', events });
}
