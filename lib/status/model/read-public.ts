import {
  type LinkedRelease,
  LONGEST_NAME,
  LONGEST_TEXT,
  type PublicIncident,
  type PublicMaintenance,
  type PublicUpdate,
  type PublicWhere,
  type StatusLinks,
} from './public';
import { type DayUptime, type PublicUptime, UPTIME_DAYS } from './uptime';
import { IMPACTS, INCIDENT_STATES, MAINTENANCE_STATES } from './words';

/** By hand: a schema library would weigh more than the page that reads it. What is not as we serve it is left out. */
const MOST = 200;

export function incidentsIn(value: unknown): PublicIncident[] {
  return each(value, (raw) => {
    const impact = IMPACTS.find((word) => word === raw['impact']);
    const state = INCIDENT_STATES.find((word) => word === raw['state']);
    const { id, title, startedAt, resolvedAt } = raw;
    if (!isText(id) || !isText(title) || !isMoment(startedAt) || !impact || !state) return null;
    return {
      ...{ id, title, impact, state, startedAt },
      resolvedAt: isMoment(resolvedAt) ? resolvedAt : null,
      places: placesIn(raw['places']),
      release: releaseIn(raw['release']),
      updates: updatesIn(raw['updates']),
    };
  });
}

export function maintenancesIn(value: unknown): PublicMaintenance[] {
  return each(value, (raw) => {
    const state = MAINTENANCE_STATES.find((word) => word === raw['state']);
    const { id, title, text, from, to, plannedAt, changedAt } = raw;
    if (!isText(id) || !isText(title) || !isMoment(from) || !isMoment(to) || !state) return null;
    return {
      ...{ id, title, state, from, to },
      text: isText(text, LONGEST_TEXT) ? text : '',
      places: placesIn(raw['places']),
      plannedAt: isMoment(plannedAt) ? plannedAt : from,
      changedAt: isMoment(changedAt) ? changedAt : from,
    };
  });
}

export function uptimeIn(value: unknown): PublicUptime | null {
  const { from, days, share, measuredDays } = fields(value);
  if (!isText(from) || !/^\d{4}-\d\d-\d\d$/.test(from) || !Array.isArray(days)) return null;
  return {
    from,
    days: days.slice(0, UPTIME_DAYS).map(dayIn),
    share: isShare(share) ? share : null,
    measuredDays: typeof measuredDays === 'number' ? measuredDays : 0,
  };
}

export function linksIn(value: unknown): StatusLinks | null {
  const { page, rss, feed, subscribe, unsubscribe } = fields(value);
  if (![page, rss, feed, subscribe, unsubscribe].every(isWebAddress)) return null;
  return { page, rss, feed, subscribe, unsubscribe } as StatusLinks;
}

function updatesIn(value: unknown): PublicUpdate[] {
  return each(value, ({ id, state, text, at }) => {
    const known = INCIDENT_STATES.find((word) => word === state);
    if (!isText(id) || !known || !isText(text, LONGEST_TEXT) || !isMoment(at)) return null;
    return { id, state: known, text, at };
  });
}

function placesIn(value: unknown): PublicWhere[] {
  return each(value, whereIn);
}

function whereIn({ component, environment, label }: Record<string, unknown>): PublicWhere | null {
  if (!isText(component) || !isText(environment)) return null;
  return { component, environment, label: isText(label) ? label : '' };
}

function releaseIn(value: unknown): LinkedRelease | null {
  const raw = fields(value);
  const where = whereIn(raw);
  const { version, sha, at } = raw;
  if (!where || !isText(version) || !isText(sha) || !isMoment(at)) return null;
  return { ...where, version, sha, at };
}

function dayIn(value: unknown): DayUptime {
  if (!Array.isArray(value)) return null;
  const [share, measured] = value;
  return isShare(share) && isShare(measured) ? [share, measured] : null;
}

function each<T>(value: unknown, read: (raw: Record<string, unknown>) => T | null): T[] {
  if (!Array.isArray(value)) return [];
  return value.slice(0, MOST).flatMap((one) => read(fields(one)) ?? []);
}

export function fields(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

export function isText(value: unknown, longest = LONGEST_NAME): value is string {
  return typeof value === 'string' && value.length <= longest;
}

export function isMoment(value: unknown): value is string {
  return isText(value) && !Number.isNaN(Date.parse(value));
}

function isShare(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= 1;
}

/** Nothing that a browser would run. */
function isWebAddress(value: unknown): value is string {
  return isText(value, 2_000) && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);
}
