import { createHash } from 'node:crypto';
import { type SQL, type SQLWrapper, sql } from 'drizzle-orm';

const PREFIX = 'pub-';
/** Hexadecimal digits of the SHA-256. */
const DIGITS = 40;

/** The key of one place of a click, made of the click's own: a click that comes twice finds what the first one made at each. */
export function placeKey(key: string, targetId: string): string {
  return `${PREFIX}${createHash('sha256').update(`${key}\u0000${targetId}`).digest('hex').slice(0, DIGITS)}`;
}

/** The same in SQL. */
export function placeKeyOf(key: SQLWrapper, targetId: SQLWrapper): SQL<string> {
  const bytes = sql`convert_to(${key}, 'UTF8') || '\\x00'::bytea || convert_to(${targetId}, 'UTF8')`;
  return sql<string>`${sql.raw(`'${PREFIX}'`)} || left(encode(sha256(${bytes}), 'hex'), ${sql.raw(String(DIGITS))})`;
}

/** Whether a deployment's key is one of these. */
export function isPlaceKey(key: SQLWrapper): SQL<boolean> {
  return sql<boolean>`starts_with(${key}, ${sql.raw(`'${PREFIX}'`)})`;
}
