import { vendorText } from '@/lib/http/vendor-text';
import { type HealthAlert, type MetricPoint, type MetricQuestion, type MetricSeries, ProviderError } from '../port';
import { manifest } from './manifest';
import type { Alert, Range } from './schema';

const { mostPoints } = manifest.capabilities.health;
const SECOND = 1_000;
const TEXT = 200;

/** Whole seconds, never below what is wished, and long enough that no window has more than 11,000 points. */
export function stepFor({ from, to, stepMs }: MetricQuestion): number {
  const least = Math.ceil((to - from) / (mostPoints - 1) / SECOND);
  return Math.max(1, Math.ceil(stepMs / SECOND), least) * SECOND;
}

/** A point at each step; where the server gives none, or no number, is a gap. */
export function toSeries(
  { data, warnings = [] }: Range,
  { from, to }: Pick<MetricQuestion, 'from' | 'to'>,
  stepMs: number,
): MetricSeries {
  const partial = warnings.find((text) => !text.startsWith('PromQL info'));
  if (partial !== undefined) {
    const sentence = `The answer may not be whole: ${vendorText(partial, TEXT)}`;
    throw new ProviderError('unavailable', 'partial_answer', sentence);
  }
  if (data.result.length > 1) {
    const sentence = `The expression gives ${data.result.length} lines; one is needed. Put sum(…) or avg(…) around it at the target.`;
    throw new ProviderError('rejected', 'several_lines', sentence);
  }
  const given = new Map<number, number>();
  for (const [seconds, text] of data.result[0]?.values ?? []) {
    const value = Number(text);
    if (text.trim() !== '' && Number.isFinite(value)) given.set(Math.round((seconds * SECOND - from) / stepMs), value);
  }
  const points = Array.from(
    { length: Math.floor((to - from) / stepMs) + 1 },
    (_, index): MetricPoint => [from + index * stepMs, given.get(index) ?? null],
  );
  return { points, stepMs };
}

const UNIT_SECONDS: Record<string, number> = { ms: 0.001, s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800, y: 31_536_000 };

/** The longest range of an expression, in seconds: `rate(…[5m])` is a mean over five minutes. https://prometheus.io/docs/prometheus/latest/querying/basics/#time-durations */
export function longestRange(expression: string): number {
  const bare = expression.replace(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`/g, '""');
  const lengths = [...bare.matchAll(/\[\s*([0-9.a-z]+)/g)].map(([, text = '']) => secondsOf(text));
  return Math.max(0, ...lengths);
}

function secondsOf(duration: string): number {
  const parts = [...duration.matchAll(/([0-9.]+)(ms|[smhdwy])?/g)];
  return parts.reduce((sum, [, count, unit = 's']) => sum + Number(count) * (UNIT_SECONDS[unit] ?? 0), 0);
}

const STATES = new Map<string, HealthAlert['state']>([
  ['firing', 'firing'],
  ['pending', 'pending'],
]);

/** Null for what neither fires nor is about to. */
export function toAlert({ state, activeAt, labels, annotations }: Alert): HealthAlert | null {
  const known = STATES.get(state);
  if (!known) return null;
  const name = vendorText(labels.alertname ?? 'alert', TEXT);
  const since =
    activeAt !== undefined && Number.isFinite(Date.parse(activeAt)) ? new Date(activeAt).toISOString() : null;
  const sentence = vendorText(annotations.summary ?? annotations.description ?? name, TEXT);
  return {
    name,
    state: known,
    since,
    severity: labels.severity === undefined ? null : vendorText(labels.severity, TEXT),
    sentence,
  };
}

const MATCHER = /^\s*([a-zA-Z_]\w*)\s*=\s*"([^"]*)"\s*(?:,|$)/;

/** `job="api", severity="page"`: labels that an alert has to have; no other comparison. */
export function matchersOf(scope: string): [label: string, value: string][] {
  const matchers: [string, string][] = [];
  for (let rest = scope.trim().replace(/^\{(.*)\}$/s, '$1'); rest.trim() !== ''; ) {
    const found = MATCHER.exec(rest);
    if (!found) {
      const sentence = 'Say which alerts by their labels: job="api", severity="page". Mend it at the target.';
      throw new ProviderError('rejected', 'bad_scope', sentence);
    }
    matchers.push([found[1] ?? '', found[2] ?? '']);
    rest = rest.slice(found[0].length);
  }
  return matchers;
}

export function isInScope(labels: Readonly<Record<string, string>>, matchers: readonly [string, string][]): boolean {
  return matchers.every(([label, value]) => labels[label] === value);
}
