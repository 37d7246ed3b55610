/** So many days are told, today among them; single samples and their sums are kept as long. */
export const UPTIME_DAYS = 90;
/** One sample of our own probes stands for so much time, in seconds. */
export const SLOT_SECONDS = 30;
const DAY_SECONDS = 86_400;
const DAY_MS = DAY_SECONDS * 1_000;
/** A day of which less was measured is not called up, however well that part went. */
export const ENOUGH = 0.5;
/** A day below it was more than a hiccup: a quarter of an hour. */
export const SLIGHT = 0.99;

/** What our own probes counted on one day. */
export interface DayCount {
  /** In UTC, `2026-11-27`. */
  day: string;
  ok: number;
  failed: number;
}

/** Share of the samples that were answered well, and share of the day that was measured; null: nobody looked. */
export type DayUptime = [share: number, measured: number] | null;

export interface PublicUptime {
  /** The first day, in UTC; the others follow, and the last is today. */
  from: string;
  days: DayUptime[];
  /** Over everything that was measured, each sample alike; null: nothing was. */
  share: number | null;
  /** On so many days something was measured. */
  measuredDays: number;
}

export const DAY_LEVELS = ['none', 'thin', 'up', 'slight', 'bad'] as const;
export type DayLevel = (typeof DAY_LEVELS)[number];

/** Never rounded up: 1 is said only where not one sample failed. Null for no samples. */
export function shareOf(ok: number, failed: number): number | null {
  if (ok + failed === 0) return null;
  if (failed === 0) return 1;
  return Math.min(99_999, Math.floor((ok / (ok + failed)) * 100_000)) / 100_000;
}

/**
 * The days up to `today` from what was counted. A day without a count is a gap, and counts neither way.
 * `elapsed`: how much of today is over, in seconds.
 */
export function uptimeOf(counts: readonly DayCount[], today: string, elapsed: number): PublicUptime {
  const last = Date.parse(`${today}T00:00:00Z`);
  const byDay = new Map(counts.map((each) => [each.day, each]));
  const names = Array.from({ length: UPTIME_DAYS }, (_, at) => dayAt(last - (UPTIME_DAYS - 1 - at) * DAY_MS));
  const told = names.map((day) => byDay.get(day) ?? { day, ok: 0, failed: 0 });
  const sum = (of: 'ok' | 'failed') => told.reduce((total, each) => total + each[of], 0);
  const days = told.map((each) => dayOf(each, each.day === today ? elapsed : DAY_SECONDS));
  return {
    from: names[0] ?? today,
    days,
    share: shareOf(sum('ok'), sum('failed')),
    measuredDays: days.filter((each) => each !== null).length,
  };
}

function dayOf({ ok, failed }: DayCount, seconds: number): DayUptime {
  const share = shareOf(ok, failed);
  if (share === null) return null;
  const slots = Math.max(1, Math.floor(seconds / SLOT_SECONDS));
  return [share, Math.floor(Math.min(1, (ok + failed) / slots) * 100) / 100];
}

/** How a day looks. Green needs both: nothing failed, and half of the day was measured. */
export function levelOf(day: DayUptime): DayLevel {
  if (day === null) return 'none';
  const [share, measured] = day;
  if (share < SLIGHT) return 'bad';
  if (share < 1) return 'slight';
  return measured < ENOUGH ? 'thin' : 'up';
}

export const LEVEL_WORDS: Readonly<Record<DayLevel, string>> = {
  none: 'not measured',
  thin: 'up where it was measured, which was less than half of the day',
  up: 'up',
  slight: 'short trouble',
  bad: 'trouble',
};

/** "99.98 %"; never rounded up. `share`: 0 to 1. */
export function percentOf(share: number): string {
  return share === 1 ? '100 %' : `${(Math.floor(share * 10_000) / 100).toFixed(2)} %`;
}

/** The name of the day that stands at `index`. */
export function dayNamed(from: string, index: number): string {
  return dayAt(Date.parse(`${from}T00:00:00Z`) + index * DAY_MS);
}

function dayAt(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
