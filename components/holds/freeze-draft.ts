import type { FreezeInput } from '@/lib/gates/model/schemas';
import type { FreezeEntry } from '@/lib/gates/model/view';
import { EVERYTHING, type ScopeDraft } from './scope-fields';

export const WEEKDAYS = [
  { code: 'MO', name: 'Monday' },
  { code: 'TU', name: 'Tuesday' },
  { code: 'WE', name: 'Wednesday' },
  { code: 'TH', name: 'Thursday' },
  { code: 'FR', name: 'Friday' },
  { code: 'SA', name: 'Saturday' },
  { code: 'SU', name: 'Sunday' },
] as const;

export type Repeats = 'once' | 'daily' | 'weekly' | 'yearly' | 'rule';

/** Minutes in each unit that a length is typed in. */
export const UNITS = { minutes: 1, hours: 60, days: 1440 } as const;
export type Unit = keyof typeof UNITS;

/** What the form of a freeze holds: text as typed. */
export interface FreezeDraft {
  scope: ScopeDraft;
  name: string;
  reason: string;
  timeZone: string;
  /** Wall clock in `timeZone`: `2026-12-24T18:00`. */
  startsAt: string;
  length: string;
  unit: Unit;
  repeats: Repeats;
  days: string[];
  rule: string;
}

const WEEKLY = /^FREQ=WEEKLY;BYDAY=([A-Z,]+)$/;

function repeatsOf(recurrence: string | null): Pick<FreezeDraft, 'repeats' | 'days' | 'rule'> {
  if (recurrence === null) return { repeats: 'once', days: [], rule: '' };
  if (recurrence === 'FREQ=DAILY') return { repeats: 'daily', days: [], rule: recurrence };
  if (recurrence === 'FREQ=YEARLY') return { repeats: 'yearly', days: [], rule: recurrence };
  const days = WEEKLY.exec(recurrence)?.[1]?.split(',') ?? [];
  if (days.length > 0 && days.every((day) => WEEKDAYS.some(({ code }) => code === day)))
    return { repeats: 'weekly', days, rule: recurrence };
  return { repeats: 'rule', days: [], rule: recurrence };
}

function lengthOf(minutes: number): Pick<FreezeDraft, 'length' | 'unit'> {
  const unit = minutes % 1440 === 0 ? 'days' : minutes % 60 === 0 ? 'hours' : 'minutes';
  return { length: String(minutes / UNITS[unit]), unit };
}

/** The form of a freeze that exists. */
export function draftOf(freeze: FreezeEntry): FreezeDraft {
  const { scope, name, reason, timeZone, startsAt } = freeze;
  return {
    scope: { ...EVERYTHING, environmentId: scope.environment?.id ?? '', componentId: scope.component?.id ?? '' },
    name,
    reason,
    timeZone,
    startsAt: startsAt.slice(0, 16),
    ...lengthOf(freeze.durationMinutes),
    ...repeatsOf(freeze.recurrence),
  };
}

/** The form of a new one: four hours from the next full hour, in the viewer's zone. `now` is in that zone. */
export function newDraft(now: Date, timeZone: string): FreezeDraft {
  const pad = (part: number) => String(part).padStart(2, '0');
  const start = new Date(now.getFullYear(), now.getMonth(), now.getDate(), now.getHours() + 1);
  const day = `${start.getFullYear()}-${pad(start.getMonth() + 1)}-${pad(start.getDate())}`;
  return {
    scope: EVERYTHING,
    name: '',
    reason: '',
    timeZone,
    startsAt: `${day}T${pad(start.getHours())}:00`,
    length: '4',
    unit: 'hours',
    repeats: 'once',
    days: [],
    rule: '',
  };
}

/** The day on which the first window begins, `FR`. */
export function weekdayOf(startsAt: string): string | null {
  const at = new Date(`${startsAt.slice(0, 10)}T00:00:00Z`);
  return Number.isNaN(at.getTime()) ? null : (WEEKDAYS[(at.getUTCDay() + 6) % 7]?.code ?? null);
}

function recurrenceOf({ repeats, days, rule, startsAt }: FreezeDraft): string | null {
  switch (repeats) {
    case 'once':
      return null;
    case 'daily':
      return 'FREQ=DAILY';
    case 'yearly':
      return 'FREQ=YEARLY';
    case 'weekly': {
      const own = weekdayOf(startsAt);
      const chosen = days.length > 0 ? days : own ? [own] : [];
      const ordered = WEEKDAYS.filter(({ code }) => chosen.includes(code)).map(({ code }) => code);
      return `FREQ=WEEKLY;BYDAY=${ordered.join(',')}`;
    }
    case 'rule':
      return rule
        .trim()
        .replace(/^RRULE:/i, '')
        .toUpperCase();
  }
}

/** What is sent; the schema says what is wrong with it. */
export function inputOf(draft: FreezeDraft): FreezeInput & { recurrence: string | null } {
  const { scope, name, reason, timeZone, startsAt, length, unit } = draft;
  return {
    environmentId: scope.environmentId || null,
    componentId: scope.componentId || null,
    name,
    reason,
    timeZone,
    startsAt: startsAt.slice(0, 16),
    durationMinutes: length.trim() === '' ? 0 : Math.round(Number(length.replace(',', '.')) * UNITS[unit]) || 0,
    recurrence: recurrenceOf(draft),
  };
}
