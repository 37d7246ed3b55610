import { sql } from 'drizzle-orm';
import type { Db } from '@/lib/db/client';
import { quotas } from '@/lib/db/schema';
import { ALL_RESOURCES, type Block, type Hold, type QuotaLedger } from '@/lib/http/quota';
import { describeError, log } from '@/lib/kernel/log';
import { Rounds } from '@/lib/kernel/rounds';
import type { QuotaSnapshot } from '@/lib/providers/port';
import {
  AUTOMATIC,
  type Budget,
  budgetWaitMs,
  type Consumer,
  isAutomatic,
  isBackground,
  lookWait,
  measureWait,
  partOf,
  tellWait,
  windowsAnHour,
} from '../model/consumer';
import type { UsageMeter } from './usage';

export interface LedgerDeps {
  db: Db;
  /** The process's clock, epoch milliseconds: only ever for "so long from now", which the database's clock says. */
  now: () => number;
  usage: UsageMeter;
  /** A simulated vendor has no fair-use rules to keep. */
  unbraked?: boolean | undefined;
}

export interface LedgerOf {
  connectionId: string;
  consumer: Consumer;
  /** Reads for a person or a token to see, see `lookWait`. */
  looking?: boolean;
  /** The vendor's limits count for so long; an hour where left out. */
  limitsFor?: 'minute' | undefined;
  /** Nothing is deployed through it, see `measureWait`. */
  measures?: boolean;
}

/** How soon a background read asks again whether it may go: the budget may have been raised meanwhile. */
const ASK_AGAIN_MS = 60_000;
const NAME_LIMIT = 60;
const SAME_WINDOW_MS = 5_000;
const SAVE_EVERY_MS = 1_000;

/** One connection's quota as all processes see it, for one consumer. */
export function quotaLedger(deps: LedgerDeps, of: LedgerOf): QuotaLedger {
  const givesWay = isBackground(of.consumer);
  return {
    hold: async ({ resource, reading, detail }) => {
      const state = await stateFor(deps.db, of, resource);
      if (state.pausedMs > 0) return { until: deps.now() + state.pausedMs, why: 'pause' };
      if (!reading && of.consumer === 'announce' && !deps.unbraked) return overTelling(deps, of, state);
      if (!reading || state.limit <= 0) return null;
      if (of.measures) return givesWay && !deps.unbraked ? overLow(deps, state) : null;
      if (givesWay) return overBudget(deps, of, { ...state, part: partOf(of.consumer, detail) });
      return of.looking && !isAutomatic(of.consumer) ? overReserve(deps, of, state) : null;
    },
    count: (what) => deps.usage.count(of.connectionId, of.consumer, what),
    saw: (quota) => noteQuota(deps.db, of.connectionId, quota),
    paused: (block) => quietly(savePause(deps, of.connectionId, block), of.connectionId),
  };
}

interface State {
  pausedMs: number;
  limit: number;
  remaining: number;
  resetMs: number;
  largest: number;
  percent: number;
  used: number;
  mine: number;
  elapsedMs: number;
}

const NOTHING_KNOWN: State = {
  pausedMs: 0,
  limit: 0,
  remaining: 0,
  resetMs: 0,
  largest: 0,
  percent: 100,
  used: 0,
  mine: 0,
  elapsedMs: 0,
};

interface Sharing {
  states: Rounds<State>;
  seen: Map<string, Window>;
}

/** What was told since figures were last written down. */
interface Window {
  figures: QuotaSnapshot | null;
}

const sharing = new WeakMap<Db, Sharing>();

function sharingOf(db: Db): Sharing {
  const known = sharing.get(db) ?? { states: new Rounds(), seen: new Map() };
  sharing.set(db, known);
  return known;
}

/** Before every request, so that a pause binds every process from the moment it is written down. */
function stateFor(db: Db, of: LedgerOf, resource: string): Promise<State> {
  const key = JSON.stringify([of.connectionId, of.consumer, resource]);
  return sharingOf(db).states.join(key, () => readState(db, of, resource));
}

/** The first at once; those of the next second together at its end, not each behind the one before it. */
function noteQuota(db: Db, connectionId: string, quota: QuotaSnapshot): void {
  const { seen } = sharingOf(db);
  const key = JSON.stringify([connectionId, quota.resource]);
  const pending = seen.get(key);
  if (pending) {
    pending.figures = pending.figures ? newer(pending.figures, quota) : quota;
    return;
  }
  const window: Window = { figures: null };
  seen.set(key, window);
  void quietly(saveQuota(db, connectionId, quota), connectionId);
  setTimeout(() => {
    seen.delete(key);
    if (window.figures) noteQuota(db, connectionId, window.figures);
  }, SAVE_EVERY_MS).unref();
}

/** Answers overtake each other: within one window the smaller rest is the later one. Windows end within seconds of each other. */
function newer(a: QuotaSnapshot, b: QuotaSnapshot): QuotaSnapshot {
  if (a.limit !== b.limit || Math.abs(a.resetAt - b.resetAt) > SAME_WINDOW_MS) return b.resetAt >= a.resetAt ? b : a;
  return b.remaining <= a.remaining ? b : a;
}

async function readState(db: Db, { connectionId, consumer }: LedgerOf, resource: string): Promise<State> {
  const { rows } = await db.execute<{ [K in keyof State]: number }>(sql`
    select
      coalesce((select ceil(max(extract(epoch from q.blocked_until - now())) * 1000)
                from quotas q where q.connection_id = c.id and q.resource in (${resource}, ${ALL_RESOURCES})), 0)::float8 as "pausedMs",
      coalesce(own."limit", 0)::float8 as "limit", coalesce(own.remaining, 0)::float8 as remaining,
      coalesce(extract(epoch from own.reset_at - now()) * 1000, 0)::float8 as "resetMs",
      coalesce((select max(q."limit") from quotas q where q.connection_id = c.id), 0)::float8 as largest,
      coalesce((select u.charged from quota_usage u where u.connection_id = c.id and u.hour = date_trunc('hour', now(), 'UTC')
                and u.consumer = ${consumer}), 0)::float8 as mine,
      c.budget_percent::float8 as percent,
      coalesce((select sum(u.charged) from quota_usage u where u.connection_id = c.id and u.hour = date_trunc('hour', now(), 'UTC')
                and u.consumer in (${sql.join(
                  AUTOMATIC.map((each) => sql`${each}`),
                  sql`, `,
                )})), 0)::float8 as used,
      (extract(epoch from now() - date_trunc('hour', now(), 'UTC')) * 1000)::float8 as "elapsedMs"
    from connections c left join quotas own on own.connection_id = c.id and own.resource = ${resource}
    where c.id = ${connectionId}`);
  return rows[0] ?? NOTHING_KNOWN;
}

function overBudget(deps: LedgerDeps, of: LedgerOf, state: Budget): Hold | null {
  const used = state.used + deps.usage.pendingAutomatic(of.connectionId);
  const limit = state.limit * windowsAnHour(of.limitsFor);
  const waitMs = Math.min(budgetWaitMs({ ...state, limit, used }), ASK_AGAIN_MS);
  return waitMs > 0 ? { until: deps.now() + waitMs, why: 'budget' } : null;
}

function overLow(deps: LedgerDeps, state: State): Hold | null {
  const waitMs = measureWait(state);
  return waitMs > 0 ? { until: deps.now() + waitMs, why: 'low' } : null;
}

function overReserve(deps: LedgerDeps, of: LedgerOf, state: State): Hold | null {
  const mine = state.mine + deps.usage.pendingOf(of.connectionId, of.consumer);
  const largest = state.largest * windowsAnHour(of.limitsFor);
  const wait = lookWait({ ...state, largest, mine });
  return wait && { until: deps.now() + wait.waitMs, why: wait.why };
}

function overTelling(deps: LedgerDeps, of: LedgerOf, state: State): Hold | null {
  const mine = state.mine + deps.usage.pendingOf(of.connectionId, of.consumer);
  const wait = tellWait({ ...state, mine });
  return wait && { until: deps.now() + wait.waitMs, why: wait.why };
}

/** Keeps the newest figures; an answer that was overtaken within the same window does not give back what is used. */
async function saveQuota(db: Db, connectionId: string, quota: QuotaSnapshot): Promise<void> {
  const figures = { limit: quota.limit, remaining: quota.remaining, resetAt: new Date(quota.resetAt) };
  await db
    .insert(quotas)
    .values({ connectionId, resource: quota.resource.slice(0, NAME_LIMIT), ...figures, updatedAt: sql`now()` })
    .onConflictDoUpdate({
      target: [quotas.connectionId, quotas.resource],
      set: { ...figures, updatedAt: sql`now()` },
      setWhere: sql`excluded.reset_at > ${quotas.resetAt} + interval '5 seconds'
        or excluded.remaining <= ${quotas.remaining} or excluded."limit" <> ${quotas.limit}`,
    });
}

/** A pause is only ever made longer: an answer that was under way longer knows less. */
async function savePause(deps: LedgerDeps, connectionId: string, block: Block): Promise<void> {
  const until = sql`now() + make_interval(secs => ${Math.max(0, block.until - deps.now()) / 1000}::float8)`;
  await deps.db
    .insert(quotas)
    .values({
      connectionId,
      resource: block.resource.slice(0, NAME_LIMIT),
      limit: 0,
      remaining: 0,
      resetAt: until,
      blockedUntil: until,
      updatedAt: sql`now()`,
    })
    .onConflictDoUpdate({
      target: [quotas.connectionId, quotas.resource],
      set: { blockedUntil: sql`greatest(${quotas.blockedUntil}, excluded.blocked_until)`, updatedAt: sql`now()` },
    });
}

/** Bookkeeping must not fail the call that it accounts for. */
async function quietly(work: Promise<void>, connectionId: string): Promise<void> {
  try {
    await work;
  } catch (error) {
    log.warn('quota could not be saved', { connectionId, ...describeError(error) });
  }
}
