import type { SimulatorWorld } from '../../port';
import { placeIn, type SentryOptions } from './lists';

const HOUR = 3_600_000;
/** What was counted within the last minute and a half may still grow. */
const DELAY_MS = 90_000;

type Kind = 'traffic' | 'errors' | 'latency';

const USUAL: Record<Kind, number> = { traffic: 20, errors: 0.002, latency: 120 };
const PLANTED: Record<Kind, number> = { traffic: 19, errors: 0.041, latency: 310 };

function kindOf(field: string): Kind | null {
  if (/^(failure_rate\(\)|crash_rate\((session|user)\))$/.test(field)) return 'errors';
  if (/^p\d+\(/.test(field)) return 'latency';
  return /^(count\(|sum\(session\))/.test(field) ? 'traffic' : null;
}

/** −0.1 to 0.1, the same for the same moment. */
function noise(seed: number, at: number): number {
  const mixed = Math.imul((at / 1000) ^ seed, 0x9e3779b1) >>> 0;
  return (mixed / 2 ** 32 - 0.5) / 5;
}

function valueAt({ seed, stateOf }: SentryOptions, query: URLSearchParams, kind: Kind, at: number, stepMs: number) {
  const { project, environment } = placeIn(query);
  const state = stateOf(project, environment, at);
  if (state === null) return null;
  const level = (state === 'bad' ? PLANTED : USUAL)[kind] * (1 + noise(seed, at));
  return kind === 'traffic' ? Math.round((level * stepMs) / 1000) : level;
}

const momentOf = (query: URLSearchParams, name: string) => Date.parse(query.get(name) ?? '');

function slots(query: URLSearchParams, stepMs: number): number[] {
  const [from, to] = [momentOf(query, 'start'), momentOf(query, 'end')];
  if (!Number.isFinite(from) || !Number.isFinite(to)) return [];
  const first = Math.floor(from / stepMs) * stepMs;
  return Array.from({ length: Math.max(0, Math.ceil((to - first) / stepMs)) }, (_, index) => first + index * stepMs);
}

const bad = (detail: string) => Response.json({ detail }, { status: 400 });

export function sessions(world: SimulatorWorld, options: SentryOptions, query: URLSearchParams): Response {
  const [field = '', hours] = [query.get('field') ?? '', /^(\d+)h$/.exec(query.get('interval') ?? '1h')?.[1]];
  const kind = kindOf(field);
  if (!kind) return bad(`Invalid field: "${field}"`);
  if (!hours || 24 % Number(hours) !== 0) return bad('The interval has to be a part of a day, and an hour at least.');
  const stepMs = Number(hours) * HOUR;
  const all = slots(query, stepMs).filter((at) => at <= world.now());
  const values = all.map((at) => valueAt(options, query, kind, at, stepMs));
  return Response.json({
    ...{
      start: new Date(all[0] ?? 0).toISOString(),
      end: new Date((all.at(-1) ?? 0) + stepMs).toISOString(),
      query: '',
    },
    intervals: all.map((at) => new Date(at).toISOString()),
    groups: values.some((value) => value !== null) ? [{ by: {}, series: { [field]: values }, totals: {} }] : [],
  });
}

export function timeseries(world: SimulatorWorld, options: SentryOptions, query: URLSearchParams): Response {
  const [field, dataset] = [query.get('yAxis') ?? 'count()', query.get('dataset') ?? ''];
  const kind = kindOf(field);
  if (!kind) return bad(`Unknown function ${field}`);
  const stepMs = Number(query.get('interval') ?? '300') * 1000;
  const values = slots(query, stepMs)
    .filter((at) => at <= world.now())
    .map((timestamp) => {
      const value = valueAt(options, query, kind, timestamp, stepMs);
      const incomplete = timestamp + stepMs >= world.now() - DELAY_MS;
      // Slots in which nothing came are filled with zeros there.
      return { timestamp, value: value ?? 0, incomplete, sampleCount: value === null ? 0 : 10 };
    });
  const meta = { valueType: 'number', valueUnit: null, interval: stepMs };
  return Response.json({
    timeSeries: [{ values, yAxis: field, meta }],
    meta: { dataset, start: momentOf(query, 'start'), end: momentOf(query, 'end') },
  });
}
