import type { Point, Span } from './series';

const QUARTER_MS = 900_000;
const HOUR_MS = 4 * QUARTER_MS;
const DAY_MS = 24 * HOUR_MS;

/** How wide the slices are in which something is counted: about 30 in any span, on whole quarters, hours or days of UTC. */
export function bucketMs({ from, to }: Span): number {
  const days = (to - from) / DAY_MS;
  if (days <= 0.5) return QUARTER_MS;
  if (days <= 2) return HOUR_MS;
  if (days <= 10) return 6 * HOUR_MS;
  return days <= 45 ? DAY_MS : 3 * DAY_MS;
}

/** The share of `good` in each slice, in percent, at the slice's middle; null where there was nothing. */
export function shares(events: readonly { at: number; good: boolean }[], span: Span): Point[] {
  const width = bucketMs(span);
  const start = Math.floor(span.from / width) * width;
  const slices = Array.from({ length: Math.ceil((span.to - start) / width) }, () => ({ all: 0, good: 0 }));
  for (const { at, good } of events) {
    const slice = slices[Math.floor((at - start) / width)];
    if (!slice) continue;
    slice.all += 1;
    if (good) slice.good += 1;
  }
  return slices.map(({ all, good }, at): Point => {
    const middle = Math.min(span.to, Math.max(span.from, start + (at + 0.5) * width));
    return [middle, all === 0 ? null : (100 * good) / all];
  });
}
