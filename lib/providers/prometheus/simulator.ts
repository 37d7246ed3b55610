import type { Simulator, SimulatorWorld } from '../port';

export interface PrometheusOptions {
  seed: number;
  /** How a job (`backend-production`) does at a moment; null = it is not scraped. */
  stateOf(job: string, at: number): 'good' | 'bad' | null;
}

const HOST = 'metrics.aetherstack.example';
const TOKEN = 'sandbox-metrics-token';
/** A point of the past that is older than this is not kept. */
const KEPT_MS = 15 * 86_400_000;
const MOST = 11_000;

const ok = (data: object) => Response.json({ status: 'success', data });
const wrong = (status: number, errorType: string, error: string) =>
  Response.json({ status: 'error', errorType, error }, { status });

/** Prometheus in miniature: knows the presets' questions by their form. A function of seed, deployed things and time. */
export function createPrometheusSimulator(world: SimulatorWorld, options: PrometheusOptions): Simulator {
  return {
    hosts: [HOST],
    async handle(request) {
      const { down, rateLimited } = world.scenario();
      if (down) return new Response('Service Unavailable', { status: 503 });
      if (rateLimited) return new Response('Too many requests', { status: 429, headers: { 'retry-after': '45' } });
      if (request.headers.get('authorization') !== `Bearer ${TOKEN}`)
        return new Response('Unauthorized', { status: 401 });
      const { pathname, searchParams } = new URL(request.url);
      if (pathname === '/api/v1/query') return instant(world, searchParams);
      if (pathname === '/api/v1/query_range') return range(world, options, searchParams);
      if (pathname === '/api/v1/alerts') return ok({ alerts: alerts(world, options) });
      return new Response('404 page not found', { status: 404 });
    },
    dueWebhooks: () => [],
  };
}

function instant(world: SimulatorWorld, query: URLSearchParams): Response {
  if (!balanced(query.get('query') ?? '')) return wrong(400, 'bad_data', 'invalid parameter "query": parse error');
  return ok({ resultType: 'vector', result: [{ metric: {}, value: [world.now() / 1000, '1'] }] });
}

function balanced(expression: string): boolean {
  const count = (sign: string) => expression.split(sign).length;
  return expression.trim() !== '' && count('(') === count(')') && count('{') === count('}');
}

type Kind = 'throughput' | 'errors' | 'latency' | 'uptime';

function kindOf(expression: string): Kind | null {
  if (expression.includes('histogram_quantile(')) return 'latency';
  if (/\bup\{/.test(expression)) return 'uptime';
  if (/5xx|5\.\./.test(expression)) return 'errors';
  return expression.includes('rate(') ? 'throughput' : null;
}

const USUAL: Record<Kind, number> = { throughput: 20, errors: 0.002, latency: 0.12, uptime: 1 };
const PLANTED: Record<Kind, number> = { throughput: 19, errors: 0.041, latency: 0.31, uptime: 1 };

/** −0.1 to 0.1, the same for the same moment. */
function noise(seed: number, at: number): number {
  const mixed = Math.imul((at / 1000) ^ seed, 0x9e3779b1) >>> 0;
  return (mixed / 2 ** 32 - 0.5) / 5;
}

function range(world: SimulatorWorld, { seed, stateOf }: PrometheusOptions, query: URLSearchParams): Response {
  const expression = query.get('query') ?? '';
  const [from, to, step] = ['start', 'end', 'step'].map((name) => Number(query.get(name)) * 1000);
  if (!balanced(expression))
    return wrong(400, 'bad_data', 'invalid parameter "query": parse error: unclosed left parenthesis');
  if (from === undefined || to === undefined || !step) return wrong(400, 'bad_data', 'invalid parameter "step"');
  if ((to - from) / step > MOST)
    return wrong(
      400,
      'bad_data',
      'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)',
    );
  const [kind, job] = [kindOf(expression), /job="([^"]*)"/.exec(expression)?.[1]];
  const values: [number, string][] = [];
  for (let at = from; at <= Math.min(to, world.now()); at += step) {
    const state = kind && job !== undefined && at > world.now() - KEPT_MS ? stateOf(job, at) : null;
    if (!kind || !state) continue;
    const level = (state === 'bad' ? PLANTED : USUAL)[kind];
    values.push([at / 1000, String(kind === 'uptime' ? level : level * (1 + noise(seed, at)))]);
  }
  return ok({ resultType: 'matrix', result: values.length > 0 ? [{ metric: {}, values }] : [] });
}

function alerts(world: SimulatorWorld, { stateOf }: PrometheusOptions): object[] {
  if (stateOf('backend-production', world.now()) !== 'bad') return [];
  const labels = { alertname: 'HighErrorRate', severity: 'page', job: 'backend-production' };
  const annotations = { summary: 'More than 2 % of the requests to the backend in production fail.' };
  return [{ state: 'firing', activeAt: new Date(world.now()).toISOString(), labels, annotations, value: '4.1e-02' }];
}
