import { eq, inArray, type SQL, sql } from 'drizzle-orm';
import { emitAudit } from '@/lib/audit/emit';
import type { DbOrTx, ServiceContext, Tx } from '@/lib/auth/context';
import { attempts, deployments, settings } from '@/lib/db/schema';
import { CHANNEL } from '@/lib/realtime/publish';
import { DEADLINE_MS } from '../model/machine';
import { ACTIVE_STATUSES } from '../model/status';

const KEY = 'engine.heartbeat';
/** More than processes can know at one time, so that none pushes out another's. */
const NOTICED = 50;
/** Three missed beats and more: nobody can say what happened meanwhile, not even whether this is still the same state. */
const GAP_SECONDS = 60;

interface Heartbeat {
  /** Cluster, its timeline, database and table: another one means that this state came out of a copy. */
  identity: string;
  /** By the database's clock. */
  at: string;
  /** When this state was last found to have replaced another. */
  restoredAt: string | null;
  /** Heads of the audit log that this database was found to have forgotten, newest notice last, so that each is noticed once. */
  noticed?: string[];
}

/**
 * Says "workers are awake and this is the database that they know", every ten seconds. When that is not so (a restored
 * backup or snapshot, a copy, a failover, or nobody was awake), every active deployment is looked up before anything is sent
 * or ended, and the time in which nobody looked counts for no deadline. Safe in any number of processes. Returns how many deployments were marked.
 */
export async function beat(ctx: ServiceContext): Promise<number> {
  const identity = await databaseIdentity(ctx.db);
  const forgotten = (await ctx.forgottenHeads?.()) ?? [];
  return ctx.db.transaction(async (tx) => {
    const first: Heartbeat = { identity, at: '', restoredAt: null };
    const started = await tx.insert(settings).values({ key: KEY, value: first }).onConflictDoNothing().returning();
    const [row] = await tx.select().from(settings).where(eq(settings.key, KEY)).for('update');
    const last = row?.value as Heartbeat;
    const { now, gap } = await clockSince(tx, last.at);
    const other = last.identity !== identity || forgotten.some((head) => !last.noticed?.includes(head));
    const stood = started.length > 0 || gap > GAP_SECONDS;
    const before = (last.noticed ?? []).filter((head) => !forgotten.includes(head));
    const noticed = [...before, ...forgotten].slice(-NOTICED);
    const next: Heartbeat = { identity, at: now, restoredAt: other ? now : last.restoredAt, noticed };
    await tx.update(settings).set({ value: next }).where(eq(settings.key, KEY));
    return other || stood ? markActive(tx, ctx, other ? 'restored' : 'stood_still', { since: last.at, gap }) : 0;
  });
}

/** Whether the last beat is of this very database and young: what was decided from it may be sent. True before the first. */
export async function isFresh(ctx: ServiceContext): Promise<boolean> {
  const last = await lastBeat(ctx.db);
  if (!last) return true;
  if (last.identity !== (await databaseIdentity(ctx.db))) return false;
  return (await clockSince(ctx.db, last.at)).gap <= GAP_SECONDS;
}

/** Seconds since this state replaced another, and whether that was after `requestedAt`. */
export async function restoredSince(
  ctx: ServiceContext,
  requestedAt: Date,
): Promise<{ restored: boolean; seconds: number }> {
  const last = await lastBeat(ctx.db);
  if (!last?.restoredAt) return { restored: false, seconds: Number.POSITIVE_INFINITY };
  const { gap } = await clockSince(ctx.db, last.restoredAt);
  return { restored: requestedAt.getTime() < Date.parse(last.restoredAt), seconds: gap };
}

async function lastBeat(db: DbOrTx): Promise<Heartbeat | null> {
  const [row] = await db.select().from(settings).where(eq(settings.key, KEY));
  return (row?.value as Heartbeat | undefined) ?? null;
}

async function clockSince(db: DbOrTx, at: string): Promise<{ now: string; gap: number }> {
  const answer = await db.execute<{ now: string; gap: number }>(sql`
    select to_char(clock_timestamp() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as now,
      coalesce(extract(epoch from clock_timestamp() - nullif(${at}, '')::timestamptz), 0)::float8 as gap`);
  const row = answer.rows[0];
  if (!row) throw new Error('The database gave no time.');
  return row;
}

const OWN = sql`concat_ws('.', substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8),
  (select oid from pg_database where datname = current_database()), ${'public.deployments'}::regclass::oid)`;

/** A managed database may keep its control data to itself; what is left is enough to see a copy. */
async function databaseIdentity(db: DbOrTx): Promise<string> {
  const read = (query: SQL) => db.execute<{ identity: string }>(query).then(({ rows }) => rows[0]?.identity ?? '');
  try {
    return await read(
      sql`select concat_ws('.', (select system_identifier from pg_control_system()), ${OWN}) as identity`,
    );
  } catch (error) {
    if ((error as { cause?: { code?: string } }).cause?.code !== '42501') throw error;
    return read(sql`select ${OWN} as identity`);
  }
}

type Why = 'restored' | 'stood_still';

const SAYS: Record<Why, (since: string) => string> = {
  restored: () =>
    'This database was restored from a backup or taken over from another server, so what was sent since may be missing in it. The provider is asked for a run before anything is sent.',
  stood_still: (since) =>
    `No worker of this console was awake${since ? ` since ${since.slice(0, 16).replace('T', ' ')} UTC` : ''}. The provider is asked for a run before anything is sent.`,
};

/**
 * After a standstill of the very same database, a look-up is made where it says something or where something may be on
 * the wire. What waits, was never claimed and cannot be found goes on: only a person could say more, and knows no more.
 */
const TELLING = sql`(coalesce((${deployments.dispatch}->>'findable')::boolean, true) or ${deployments.kind} = 'retry' or ${deployments.dispatch} ? 'serve'
  or ${deployments.status} not in ('queued', 'awaiting_approval')
  or exists (select from ${attempts} a where a.deployment_id = ${deployments.id}))`;

/** What waits for its turn or for an answer has all of its time again; of people and runs, what was left of theirs. */
function timeAnew(gapSeconds: number) {
  const later = sql`deadline_at + make_interval(secs => ${Math.max(0, gapSeconds)})`;
  const whole = sql`now() + make_interval(secs => ${DEADLINE_MS.queued / 1000})`;
  return {
    deadlineAt: sql`case when status in ('queued', 'submitting') then ${whole} else ${later} end`,
    // What comes next for a request to people is its deadline.
    nextCheckAt: sql`case when status = 'awaiting_approval' then ${later} else next_check_at end`,
  };
}

interface Standstill {
  since: string;
  /** Seconds. */
  gap: number;
}

async function markActive(tx: Tx, ctx: ServiceContext, why: Why, { since, gap }: Standstill): Promise<number> {
  const sentence = SAYS[why](since);
  const lookFirst = why === 'restored' ? sql`true` : sql`look_first or ${TELLING}`;
  const active = await tx
    .update(deployments)
    .set({ lookFirst, ...timeAnew(gap) })
    .where(inArray(deployments.status, [...ACTIVE_STATUSES]))
    .returning({ lookFirst: deployments.lookFirst });
  const marked = active.filter((each) => each.lookFirst);
  if (marked.length > 0) await tellEach(tx, ctx, why, sentence);
  if (marked.length === 0 && why === 'stood_still') return 0;
  await emitAudit(tx, ctx, {
    action: 'database.restored',
    resource: { kind: 'installation', id: null },
    outcome: 'done',
    code: why,
    sentence: `${sentence} Concerned: ${marked.length} ${marked.length === 1 ? 'deployment' : 'deployments'}.`,
    data: { why, count: marked.length },
  });
  return marked.length;
}

async function tellEach(tx: Tx, ctx: ServiceContext, why: Why, sentence: string): Promise<void> {
  await tx.execute(sql`
    insert into events (topic, kind, deployment_id, target_id, actor_name, data)
    select 'deployment', 'look_first', id, target_id, ${ctx.actor.name}, ${JSON.stringify({ sentence, why })}::jsonb
    from ${deployments} where look_first and status = any(${sql.param([...ACTIVE_STATUSES])}::text[])`);
  await tx.execute(sql`select pg_notify(${CHANNEL}, '')`);
}

/** Seconds since workers of any instance last said that they are awake, by the database's clock; null = never. */
export async function heartbeatAge(db: DbOrTx): Promise<number | null> {
  const { rows } = await db.execute<{ age: number | null }>(sql`
    select extract(epoch from now() - nullif(value->>'at', '')::timestamptz)::float8 as age
    from settings where key = ${KEY}`);
  const age = rows[0]?.age ?? null;
  return age === null ? null : Math.max(0, Math.round(Number(age)));
}
