import { type SQL, type SQLWrapper, sql } from 'drizzle-orm';
import { ServiceError } from '@/lib/kernel/errors';
import { isWithinReach } from '@/lib/kernel/moment';

/** What every list says of a cursor that it did not make. */
export function cursorInvalid(): ServiceError {
  return new ServiceError('invalid', 'cursor_invalid', 'This page link is broken. Start again from the first page.');
}

/** Microseconds survive only as text; a `Date` would cut them and skip or repeat lines. */
export function exactly(column: SQLWrapper): SQL<string> {
  return sql<string>`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
}

/** Where a page of a list by moment and id ended. */
export interface Place {
  at: string;
  id: string;
}

export const cursorAt = ({ at, id }: Place) => `${at}~${id}`;

/** The place that `cursorAt` wrote. Throws `cursor_invalid` for anything else, days that there are not included. */
export function placeAt(cursor: string, id: RegExp): Place {
  const [at = '', name = '', ...more] = cursor.split('~');
  const ms = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/.test(at) ? Date.parse(at) : Number.NaN;
  const isReal = isWithinReach(ms) && new Date(ms).toISOString().slice(0, 23) === at.slice(0, 23);
  if (!isReal || !id.test(name) || more.length > 0) throw cursorInvalid();
  return { at, id: name };
}
