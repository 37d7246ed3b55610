import { vendorText } from '@/lib/http/vendor-text';
import { type HealthAlert, type MetricPoint, type MetricQuestion, type MetricSeries, ProviderError } from '../port';
import { badQuestion } from './errors';
import type { Monitor, Query } from './schema';

const SECOND = 1_000;
const TEXT = 200;

/** A point at each step; the step is the vendor's own, which it chooses by the window. */
export function toSeries({ status, error, series = [] }: Query, window: MetricQuestion, host: string): MetricSeries {
  if (error || status !== 'ok') throw badQuestion(host, error ?? '');
  if (series.length > 1) {
    const sentence = `The expression gives ${series.length} lines; one is needed. Leave “by {…}” out at the target.`;
    throw new ProviderError('rejected', 'several_lines', sentence);
  }
  const [line] = series;
  const stepMs = line?.interval ? line.interval * SECOND : window.stepMs;
  const slot = (at: number) => Math.floor(at / stepMs) * stepMs;
  const given = new Map((line?.pointlist ?? []).map(([at, value]) => [slot(at), value]));
  const points: MetricPoint[] = [];
  for (let at = Math.ceil(window.from / stepMs) * stepMs; at <= window.to; at += stepMs)
    points.push([at, given.get(at) ?? null]);
  return { points, stepMs };
}

/** “No Data” is said as about to fire: a monitor that sees nothing calms nobody. */
const STATES = new Map<string, { state: HealthAlert['state']; says: string }>([
  ['Alert', { state: 'firing', says: 'It alerts.' }],
  ['Warn', { state: 'pending', says: 'It warns.' }],
  ['No Data', { state: 'pending', says: 'It sees no data.' }],
]);

/** Null for one that is calm, or that nobody watches. */
export function toAlert({ id, name, overall_state, priority, state }: Monitor): HealthAlert | null {
  const known = STATES.get(overall_state ?? '');
  if (!known) return null;
  const title = vendorText(name ?? `Monitor ${id}`, TEXT);
  const since = Object.values(state?.groups ?? {})
    .filter(({ status }) => status === overall_state)
    .flatMap(({ last_triggered_ts: at }) => (at ? [at * SECOND] : []));
  return {
    name: title,
    state: known.state,
    since: since.length > 0 ? new Date(Math.min(...since)).toISOString() : null,
    severity: priority ? `P${priority}` : null,
    sentence: `${title}: ${known.says}`,
  };
}
