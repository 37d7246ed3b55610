import { parseRecurrence, type Recurrence, WEEKDAYS, type Weekday } from './recurrence';
import type { FreezeTimes } from './windows';

const DAY_NAMES: Record<Weekday, string> = {
  MO: 'Monday',
  TU: 'Tuesday',
  WE: 'Wednesday',
  TH: 'Thursday',
  FR: 'Friday',
  SA: 'Saturday',
  SU: 'Sunday',
};
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** A freeze in words: `Every Friday 16:00–23:59, Europe/Berlin`. */
export function freezeSays(times: FreezeTimes): string {
  const start = wallClock(times.startsAt);
  const rule = times.recurrence === null ? null : parseRecurrence(times.recurrence);
  if (!rule) {
    const end = new Date(start.getTime() + times.durationMinutes * 60_000);
    const sameDay = start.toISOString().slice(0, 10) === end.toISOString().slice(0, 10);
    return sameDay
      ? `${dayOf(start)} ${clock(start)}–${clock(end)}, ${times.timeZone}`
      : `${dayOf(start)} ${clock(start)} – ${dayOf(end)} ${clock(end)}, ${times.timeZone}`;
  }
  const until = rule.until ? `, until ${dayOf(wallClock(`${rule.until}T00:00`))}` : '';
  return `${repetition(rule, start)} ${span(start, times.durationMinutes)}, ${times.timeZone}${until}`;
}

/** Wall clocks are reckoned as if they were UTC: only their digits are read. */
function wallClock(text: string): Date {
  return new Date(`${text}:00Z`);
}

const clock = (date: Date) => date.toISOString().slice(11, 16);
const dayOf = (date: Date) => `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;

function span(start: Date, minutes: number): string {
  if (minutes >= 1440) return `from ${clock(start)} for ${lasting(minutes)}`;
  return `${clock(start)}–${clock(new Date(start.getTime() + minutes * 60_000))}`;
}

function lasting(minutes: number): string {
  const parts = [
    [Math.floor(minutes / 1440), 'day'],
    [Math.floor((minutes % 1440) / 60), 'hour'],
    [minutes % 60, 'minute'],
  ] as const;
  return listed(parts.filter(([n]) => n > 0).map(([n, unit]) => `${n} ${unit}${n === 1 ? '' : 's'}`));
}

function repetition(rule: Recurrence, start: Date): string {
  switch (rule.frequency) {
    case 'DAILY':
      return `${every(rule.interval, 'day')}${filters(rule)}`;
    case 'WEEKLY':
      return weekly(rule, start);
    case 'MONTHLY':
      return `On ${daysOfMonth(rule, start)} of ${every(rule.interval, 'month').toLowerCase()}${inMonths(rule.months)}`;
    case 'YEARLY':
      return yearly(rule, start);
  }
}

function weekly(rule: Recurrence, start: Date): string {
  const days = listed(rule.days.length > 0 ? rule.days.map((each) => DAY_NAMES[each.day]) : [weekdayOf(start)]);
  const months = inMonths(rule.months);
  if (rule.interval === 1) return `Every ${days}${months}`;
  return `${every(rule.interval, 'week')} on ${days}${months}`;
}

function yearly(rule: Recurrence, start: Date): string {
  const months = rule.months.length > 0 ? rule.months : [start.getUTCMonth() + 1];
  const names = listed(months.map((month) => MONTHS[month - 1] ?? ''));
  if (rule.days.length === 0) {
    const days = listed((rule.monthDays.length > 0 ? rule.monthDays : [start.getUTCDate()]).map(monthDay));
    return `${every(rule.interval, 'year')} on ${days} ${names}`;
  }
  return `${every(rule.interval, 'year')} on ${daysOfMonth(rule, start)} of ${names}`;
}

/** `every Friday`, `the last Friday`, `day 1 and day 15`, `every Friday that is day 13`. */
function daysOfMonth(rule: Recurrence, start: Date): string {
  const named = rule.days.map(({ nth, day }) =>
    nth === null ? `every ${DAY_NAMES[day]}` : `the ${ordinal(nth)} ${DAY_NAMES[day]}`,
  );
  const numbered = (rule.monthDays.length > 0 || named.length > 0 ? rule.monthDays : [start.getUTCDate()]).map((day) =>
    day > 0 ? `day ${day}` : `the ${ordinal(day)} day`,
  );
  if (named.length === 0) return listed(numbered);
  return numbered.length === 0 ? listed(named) : `${listed(named)} that is ${listed(numbered, 'or')}`;
}

function filters(rule: Recurrence): string {
  const days =
    rule.days.length > 0
      ? ` that is a ${listed(
          rule.days.map((each) => DAY_NAMES[each.day]),
          'or',
        )}`
      : '';
  const numbers =
    rule.monthDays.length > 0
      ? ` that is ${listed(
          rule.monthDays.map((n) => `day ${n}`),
          'or',
        )}`
      : '';
  return `${days}${numbers}${inMonths(rule.months)}`;
}

const inMonths = (months: number[]) =>
  months.length > 0 ? ` in ${listed(months.map((month) => MONTHS[month - 1] ?? ''))}` : '';

function every(interval: number, unit: string): string {
  if (interval === 1) return `Every ${unit}`;
  return interval === 2 ? `Every second ${unit}` : `Every ${interval} ${unit}s`;
}

function monthDay(day: number): string {
  return day > 0 ? String(day) : `the ${ordinal(day)} day of`;
}

function ordinal(n: number): string {
  const words = ['', 'first', 'second', 'third', 'fourth', 'fifth'];
  if (n > 0) return words[n] ?? `${n}th`;
  return n === -1 ? 'last' : `${words[-n] ?? `${-n}th`} last`;
}

function weekdayOf(date: Date): string {
  return DAY_NAMES[WEEKDAYS[(date.getUTCDay() + 6) % 7] ?? 'MO'];
}

function listed(items: readonly string[], last = 'and'): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} ${last} ${items.at(-1)}`;
}
