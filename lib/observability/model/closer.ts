import type { HealthView } from './health-view';
import type { Chart, Span } from './series';
import { NARROWEST_MS } from './ticks';

const MINUTE = 60_000;

/** On whole minutes and never too narrow: what two people draw over nearly alike is one question. */
export function askedSpan({ from, to }: Span): Span {
  const missing = Math.max(0, NARROWEST_MS - (to - from)) / 2;
  const start = Math.floor((from - missing) / MINUTE) * MINUTE;
  return { from: start, to: Math.max(start + NARROWEST_MS, Math.ceil((to + missing) / MINUTE) * MINUTE) };
}

/** A path with the span that is looked at; without one it stays as it is. */
export function withSpan(path: string, span: Span | null): string {
  if (span === null) return path;
  const text = (at: number) => `${new Date(at).toISOString().slice(0, 19)}Z`;
  return `${path}${path.includes('?') ? '&' : '?'}from=${text(span.from)}&to=${text(span.to)}`;
}

const covers = (outer: Span, inner: Span) => outer.from <= inner.from && outer.to >= inner.to;

/** Of what was read before, the finest that has all of the span; else the whole. */
export function finestOf(known: readonly HealthView[], span: Span, whole: HealthView): HealthView {
  const fitting = known.filter((each) => covers(each, span));
  return fitting.sort((a, b) => a.to - a.from - (b.to - b.from))[0] ?? whole;
}

/**
 * What was read anew, with what was known before in the place of each chart that could not be read. `old`: the keys of those.
 */
export function filledWith(read: HealthView, known: HealthView): { view: HealthView; old: readonly string[] } {
  const anew = new Map(read.charts.map((chart) => [chart.key, chart]));
  const old: string[] = [];
  const charts = known.charts.map((chart): Chart => {
    const found = anew.get(chart.key);
    if (found && !found.problem) return found;
    old.push(chart.key);
    return found ? { ...chart, says: found.says } : chart;
  });
  const more = read.charts.filter(({ key }) => !known.charts.some((chart) => chart.key === key));
  return { view: { ...read, charts: [...charts, ...more] }, old };
}
