import { and, asc, eq, isNull, or, type SQL, sql } from 'drizzle-orm';
import type { DbOrTx } from '@/lib/auth/context';
import { deployments, freezes, pins } from '@/lib/db/schema';
import type { Hold } from '../model/facts';
import { activeFreezes } from '../model/windows';

export type FreezeRow = typeof freezes.$inferSelect;
type PinRow = typeof pins.$inferSelect;

/** A target, as scopes see it. */
export interface Place {
  targetId: string;
  environmentId: string;
  componentId: string;
}

/** One hold as people see it; times are ISO 8601 in UTC. */
export interface HoldNow extends Hold {
  id: string;
  since: string;
  until: string | null;
}

interface Scope {
  environmentId: string | null;
  componentId: string | null;
  targetId?: string | null;
}

/** Null in a scope means "any". */
export function covers(scope: Scope, place: Place): boolean {
  return (
    (scope.targetId ?? place.targetId) === place.targetId &&
    (scope.environmentId ?? place.environmentId) === place.environmentId &&
    (scope.componentId ?? place.componentId) === place.componentId
  );
}

/**
 * The database's clock, epoch milliseconds. Not `now()`: a transaction that waited for a lock must not judge by the
 * moment before the wait.
 */
export async function databaseNow(db: DbOrTx): Promise<number> {
  const read = await db.execute<{ now: number }>(
    sql`select (extract(epoch from clock_timestamp()) * 1000)::float8 as now`,
  );
  const now = read.rows[0]?.now;
  if (now === undefined) throw new Error('The database did not say what time it is.');
  return now;
}

/** Freezes that nobody has ended; whether one holds now is reckoned in its own time zone. */
export function openFreezes(db: DbOrTx, only?: SQL): Promise<FreezeRow[]> {
  return db
    .select()
    .from(freezes)
    .where(and(isNull(freezes.endedAt), only))
    .orderBy(asc(freezes.createdAt), asc(freezes.id));
}

/** Leaves out what was for once and days ago by any clock on earth, so that no claim reckons with it for ever. */
const mayStillHold = sql`(${freezes.recurrence} is not null or ${freezes.startsAt} >=
  to_char(now() at time zone 'utc' - interval '3 days' - make_interval(mins => ${freezes.durationMinutes}), 'YYYY-MM-DD"T"HH24:MI'))`;

/** A freeze that holds, and the window by which it does. */
export type FreezeNow = ReturnType<typeof activeFreezes<FreezeRow>>[number];

/** Freezes that hold at this moment by the database's clock, wherever they reach, in one query. */
export async function freezesNow(db: DbOrTx): Promise<FreezeNow[]> {
  const rows = await db
    .select({ freeze: freezes, now: sql<number>`(extract(epoch from clock_timestamp()) * 1000)::float8` })
    .from(freezes)
    .where(and(isNull(freezes.endedAt), mayStillHold))
    .orderBy(asc(freezes.createdAt), asc(freezes.id));
  return activeFreezes(
    rows.map(({ freeze }) => freeze),
    rows[0]?.now ?? 0,
  );
}

/** Pins that are neither lifted nor over, by the database's clock. */
export function openPins() {
  return and(isNull(pins.liftedAt), or(isNull(pins.expiresAt), sql`${pins.expiresAt} > clock_timestamp()`));
}

/** Everything that holds the target at this moment: pins and locks oldest first, then freezes, the longest first. */
export async function holdsOn(db: DbOrTx, place: Place, now: number): Promise<HoldNow[]> {
  const reaching = and(
    or(isNull(pins.targetId), eq(pins.targetId, place.targetId)),
    or(isNull(pins.environmentId), eq(pins.environmentId, place.environmentId)),
    or(isNull(pins.componentId), eq(pins.componentId, place.componentId)),
    openPins(),
  );
  const held = await db
    .select({ pin: pins, sha: deployments.sha })
    .from(pins)
    .leftJoin(deployments, eq(deployments.id, pins.deploymentId))
    .where(reaching)
    .orderBy(asc(pins.createdAt));
  const frozen = activeFreezes(
    (await openFreezes(db, mayStillHold)).filter((freeze) => covers(freeze, place)),
    now,
  );
  return [...held.map(({ pin, sha }) => ({ ...pinHold(pin), sha })), ...frozen.map(freezeHold)];
}

export function pinHold(row: PinRow): HoldNow {
  return {
    id: row.id,
    kind: row.kind,
    by: row.createdByName,
    reason: row.reason,
    since: row.createdAt.toISOString(),
    until: row.expiresAt?.toISOString() ?? null,
  };
}

export function freezeHold({ freeze, window }: FreezeNow): HoldNow {
  return {
    id: freeze.id,
    kind: 'freeze',
    by: freeze.createdByName,
    reason: `${freeze.name}: ${freeze.reason}`,
    // A freeze that was planned into a window that had begun holds from then on.
    since: new Date(Math.max(window.from, freeze.createdAt.getTime())).toISOString(),
    until: new Date(window.to).toISOString(),
  };
}
