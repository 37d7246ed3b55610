import type { FreezeEntry, HoldsView } from '@/lib/gates/model/view';

/** A window as the calendar draws it. Times are milliseconds since the epoch. */
export interface Bar {
  freeze: Pick<FreezeEntry, 'id' | 'name' | 'scope'>;
  from: number;
  to: number;
}

/** One day of the viewer's zone, from midnight to midnight, and what is frozen in it. */
export interface Day {
  /** Midnight at which it begins. */
  at: number;
  inMonth: boolean;
  bars: Bar[];
}

/** Midnight of the day that lies `days` after the one of `date`; safe over changes of the clock. */
export function midnight(date: Date, days = 0): Date {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + days);
}

export function monthOf(date: Date, months = 0): Date {
  return new Date(date.getFullYear(), date.getMonth() + months, 1);
}

/** The Monday on which the grid of a month begins. */
export function gridStart(month: Date): Date {
  return midnight(month, -((month.getDay() + 6) % 7));
}

/** The six weeks that hold a month, as whole days. */
export function gridSpan(month: Date): { from: Date; to: Date } {
  const from = gridStart(month);
  return { from, to: midnight(from, 42) };
}

export function barsOf({ windows, freezes }: Pick<HoldsView, 'windows' | 'freezes'>): Bar[] {
  const byId = new Map(freezes.map((freeze) => [freeze.id, freeze]));
  return windows
    .flatMap(({ freezeId, from, to }) => {
      const freeze = byId.get(freezeId);
      return freeze ? [{ freeze, from: Date.parse(from), to: Date.parse(to) }] : [];
    })
    .sort((a, b) => a.from - b.from || a.to - b.to);
}

/** Five or six weeks from Monday, each day with the windows that touch it. */
export function weeksOf(month: Date, bars: readonly Bar[]): Day[][] {
  const start = gridStart(month);
  const weeks: Day[][] = [];
  for (let at = start; weeks.length < 6; at = midnight(at, 7)) {
    if (weeks.length > 0 && at.getMonth() !== month.getMonth() && at > month) break;
    weeks.push(Array.from({ length: 7 }, (_, day) => dayOf(midnight(at, day), month, bars)));
  }
  return weeks;
}

function dayOf(date: Date, month: Date, bars: readonly Bar[]): Day {
  const [at, end] = [date.getTime(), midnight(date, 1).getTime()];
  return {
    at,
    inMonth: date.getMonth() === month.getMonth(),
    bars: bars.filter((bar) => bar.from < end && bar.to > at),
  };
}

/** "16:00–24:00" of this day: a window that began before or ends after says so with the day's edge. */
export function hoursOn(day: Pick<Day, 'at'>, bar: Bar): string {
  const end = midnight(new Date(day.at), 1).getTime();
  if (bar.from <= day.at && bar.to >= end) return 'all day';
  const clock = (at: number) =>
    new Date(at).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const from = bar.from <= day.at ? '00:00' : clock(bar.from);
  return `${from}–${bar.to >= end ? '24:00' : clock(bar.to)}`;
}
