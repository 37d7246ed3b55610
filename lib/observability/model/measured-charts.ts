import { DRAWN, usualOf } from './own-charts';
import type { Chart, ChartLink, Point, Series, Span, Unit } from './series';
import { SIGNAL_WORDS } from './signal-words';
import type { Reading } from './verdict';

const UNITS: Record<Reading['signal'], Unit> = {
  throughput: 'per_second',
  errors: 'percent',
  latency: 'ms',
  uptime: 'percent',
};

/** So far apart that both spans together have no more points than are drawn, and never closer than half a minute. */
export function stepOfCharts(span: Span, before: Span): number {
  return Math.max(30_000, Math.ceil((span.to - before.from) / (2 * DRAWN)));
}

/** One value for each slot of a span, the mean of what was measured in it; null where nothing was, which is a gap. */
export function bySlot(points: readonly Point[], { from, to }: Span, stepMs: number): Point[] {
  const slots = Array.from({ length: Math.ceil((to - from) / stepMs) }, () => ({ sum: 0, of: 0 }));
  for (const [at, value] of points) {
    const slot = at < from ? undefined : slots[Math.floor((at - from) / stepMs)];
    if (!slot || value === null) continue;
    slot.sum += value;
    slot.of += 1;
  }
  return slots.map(({ sum, of }, index): Point => [from + index * stepMs, of === 0 ? null : sum / of]);
}

function seriesOf({ signal, source, points, summedUp, ...reading }: Reading, span: Span, atLeast: number): Series {
  // Whoever measures more seldom, or kept only sums of it, has no gaps because of that.
  const kept = summedUp && span.from < summedUp.until ? summedUp.stepMs : 0;
  const drawn = bySlot(points, span, Math.max(atLeast, reading.stepMs, kept));
  const last = drawn.findLast(([, value]) => value !== null)?.[0];
  return {
    ...{ key: signal, label: SIGNAL_WORDS[signal], unit: UNITS[signal], shape: 'line', source },
    points: drawn,
    of: drawn.filter(([, value]) => value !== null).length,
    observedAt: last === undefined ? null : new Date(last).toISOString(),
  };
}

/** What is measured of one target, as charts over the axis of the others. `name`: the target, in words. */
export function measuredCharts(
  target: { id: string; name: string },
  readings: readonly Reading[],
  { span, before, stepMs }: { span: Span; before: Span; stepMs: number },
  /** Dashboards that show the same place over the span. */
  dashboards: readonly ChartLink[] = [],
): Chart[] {
  return readings.map((reading, index) => {
    const [now, then] = [seriesOf(reading, span, stepMs), seriesOf(reading, before, stepMs)];
    const worse = reading.signal === 'uptime' ? 'low' : 'high';
    const links = [...(reading.url ? [{ label: 'The same line there', href: reading.url }] : []), ...dashboards];
    return {
      key: `${target.id}:${reading.signal}:${index}`,
      title: `${SIGNAL_WORDS[reading.signal]} of ${target.name}`,
      says: reading.problem
        ? `It could not be read: ${reading.problem}`
        : 'As it is measured, the same line as in verdicts.',
      unit: now.unit,
      series: [now],
      before: [then],
      usual: usualOf(now.points, worse),
      usualBefore: usualOf(then.points, worse),
      ...(reading.problem ? { problem: reading.problem } : {}),
      ...(links.length > 0 ? { links } : {}),
    };
  });
}
