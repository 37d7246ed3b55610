/** The part of RFC 5545 that a freeze calendar knows: https://www.rfc-editor.org/rfc/rfc5545#section-3.3.10 */
export interface Recurrence {
  frequency: 'DAILY' | 'WEEKLY' | 'MONTHLY' | 'YEARLY';
  interval: number;
  /** `FR`, or `-1FR` for the last Friday. */
  days: { nth: number | null; day: Weekday }[];
  monthDays: number[];
  months: number[];
  /** Last day on which it may begin, `2026-12-31`; null = for ever. */
  until: string | null;
}

export const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

const FREQUENCIES = ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'] as const;
const DAY = /^([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)$/;
/** A time of day is not asked for any more; of one that was stored with it the day counts. */
const UNTIL = /^(\d{4})(\d\d)(\d\d)(?:T\d{6}Z)?$/;
const UNTIL_TIME = /((?:^|;)UNTIL=\d{8})T[^;]*/;

/** Times of a freeze are those of its own zone, and a time after UNTIL would be one of another. */
export function hasUntilTime(rule: string): boolean {
  return UNTIL_TIME.test(rule);
}

export function withoutUntilTime(rule: string): string {
  return rule.replace(UNTIL_TIME, '$1');
}

/** Null for what is not such a rule: libraries forgive what would then freeze on other days than were meant. */
export function parseRecurrence(rule: string): Recurrence | null {
  const parts = new Map<string, string>();
  for (const part of rule.split(';')) {
    const [name = '', value] = part.split('=');
    if (value === undefined || value === '' || parts.has(name)) return null;
    parts.set(name, value);
  }
  const frequency = FREQUENCIES.find((each) => each === parts.get('FREQ'));
  const interval = parts.has('INTERVAL') ? whole(parts.get('INTERVAL') ?? '', 1, 99) : 1;
  const days = list(parts.get('BYDAY'), parseDay);
  const monthDays = list(parts.get('BYMONTHDAY'), (text) => monthDay(text));
  const months = list(parts.get('BYMONTH'), (text) => whole(text, 1, 12));
  const until = parts.has('UNTIL') ? parseUntil(parts.get('UNTIL') ?? '') : null;
  if (!frequency || interval === null || !days || !monthDays || !months || until === undefined) return null;
  const nthAllowed = frequency === 'MONTHLY' || (frequency === 'YEARLY' && months.length > 0);
  if (!nthAllowed && days.some((each) => each.nth !== null)) return null;
  if (frequency === 'WEEKLY' && monthDays.length > 0) return null;
  return { frequency, interval, days, monthDays, months, until };
}

function list<T>(text: string | undefined, parse: (text: string) => T | null): T[] | null {
  if (text === undefined) return [];
  const values = text.split(',').map(parse);
  return values.every((value) => value !== null) ? (values as T[]) : null;
}

function whole(text: string, from: number, to: number): number | null {
  if (!/^[+-]?\d{1,2}$/.test(text)) return null;
  const value = Number(text);
  return value >= from && value <= to ? value : null;
}

function monthDay(text: string): number | null {
  const value = whole(text, -31, 31);
  return value === 0 ? null : value;
}

function parseDay(text: string): { nth: number | null; day: Weekday } | null {
  const match = DAY.exec(text);
  return match ? { nth: match[1] ? Number(match[1]) : null, day: match[2] as Weekday } : null;
}

/** Undefined for a day that does not exist. */
function parseUntil(text: string): string | undefined {
  const match = UNTIL.exec(text);
  if (!match) return undefined;
  const day = `${match[1]}-${match[2]}-${match[3]}`;
  const read = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(read.getTime()) && read.toISOString().startsWith(day) ? day : undefined;
}
