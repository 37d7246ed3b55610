import 'server-only';
import { type SQL, sql } from 'drizzle-orm';
import type { DbOrTx } from '@/lib/db/client';
import { ACTIVE_STATUSES, type DEPLOYMENT_STATUSES, TERMINAL_STATUSES } from '../../deployments/model/status';
import { exposition, type Family, type Sample } from '../model/exposition';

type Read = (db: DbOrTx) => Promise<Family[]>;

async function all<R extends Record<string, unknown>>(db: DbOrTx, query: SQL): Promise<R[]> {
  return (await db.execute(query)).rows as R[];
}

async function one<R extends Record<string, number>>(db: DbOrTx, query: SQL): Promise<Partial<R>> {
  return (await all<R>(db, query))[0] ?? {};
}

const gauge = (name: string, help: string, ...samples: Sample[]): Family => ({ name, help, type: 'gauge', samples });
/** Age in seconds of the oldest, by the database's clock; 0 when there is none. */
const age = (column: SQL) => sql`coalesce(greatest(0, extract(epoch from now() - min(${column}))), 0)::float8`;

/** What walks a whole table is counted at most this often in a process, however many scrape it. */
const COUNT_EVERY_MS = 60_000;

interface Slow {
  at: number;
  ended: Map<string, number>;
  setAside: number;
}
const counted = new WeakMap<object, Slow>();

/** What only ever grows, and grows slowly. A second Prometheus, or a short interval, costs the database nothing. */
async function slowly(db: DbOrTx): Promise<Slow> {
  const known = counted.get(db);
  const now = performance.now();
  if (known && now - known.at < COUNT_EVERY_MS) return known;
  const ended = await countByStatus(db, TERMINAL_STATUSES);
  const aside = await one(
    db,
    sql`select count(*)::float8 as n from inbox where state in ('received', 'failed') and tries >= 3`,
  );
  const fresh = { at: now, ended, setAside: aside.n ?? 0 };
  counted.set(db, fresh);
  return fresh;
}

async function countByStatus(db: DbOrTx, list: readonly Status[]): Promise<Map<string, number>> {
  const wanted = sql.param([...list]);
  const rows = await all<{ status: string; n: number }>(
    db,
    sql`select status, count(*)::float8 as n from deployments where status = any(${wanted}::text[]) group by status`,
  );
  return new Map(rows.map(({ status, n }) => [status, n]));
}

type Status = (typeof DEPLOYMENT_STATUSES)[number];

const deployments: Read = async (db) => {
  const { ended } = await slowly(db);
  const active = await countByStatus(db, ACTIVE_STATUSES);
  const samples = (list: readonly Status[], count: ReadonlyMap<string, number>) =>
    list.map((status) => ({ labels: { status }, value: count.get(status) ?? 0 }));
  const stuck = await one(
    db,
    sql`select count(*) filter (where attention is not null)::float8 as asked,
      count(*) filter (where trouble_count > 0)::float8 as troubled from deployments where next_check_at is not null`,
  );
  return [
    gauge(
      'aetherstack_deployments',
      'Deployments that have not ended, by status.',
      ...samples(ACTIVE_STATUSES, active),
    ),
    {
      name: 'aetherstack_deployments_ended_total',
      help: 'Deployments that have ended, by how.',
      type: 'counter',
      samples: samples(TERMINAL_STATUSES, ended),
    },
    gauge('aetherstack_deployments_asking', 'Deployments that wait for a person to say whether they started.', {
      value: stuck.asked ?? 0,
    }),
    gauge('aetherstack_deployments_troubled', 'Deployments whose provider did not answer well the last time.', {
      value: stuck.troubled ?? 0,
    }),
  ];
};

const reconcile: Read = async (db) => {
  const due = await one(
    db,
    sql`select count(*)::float8 as n, ${age(sql`next_check_at`)} as lag from deployments where next_check_at < now()`,
  );
  const beat = await one(
    db,
    sql`select extract(epoch from now() - nullif(value->>'at', '')::timestamptz)::float8 as age
      from settings where key = 'engine.heartbeat'`,
  );
  const drift = await one(db, sql`select count(*)::float8 as n from sightings where drift_since is not null`);
  return [
    gauge('aetherstack_reconcile_due', 'Deployments that are due to be looked at.', { value: due.n ?? 0 }),
    gauge('aetherstack_reconcile_lag_seconds', 'How long the one that is due longest has been due.', {
      value: due.lag ?? 0,
    }),
    gauge(
      'aetherstack_heartbeat_age_seconds',
      'Since the workers of any instance last said that they are awake; NaN when none ever did.',
      { value: beat.age ?? Number.NaN },
    ),
    gauge('aetherstack_targets_drifted', 'Targets where something else is live than was put there from here.', {
      value: drift.n ?? 0,
    }),
  ];
};

const queues: Read = async (db) => {
  const there = await one(db, sql`select (to_regclass('pgboss.job') is not null)::int as yes`);
  const rows = there.yes
    ? await all<{ queue: string; state: string; n: number; waits: number }>(
        db,
        sql`select name as queue, state::text as state, count(*)::float8 as n,
          coalesce(max(extract(epoch from now() - greatest(created_on, start_after))), 0)::float8 as waits
          from pgboss.job where state in ('created', 'retry', 'active') and name not like '\\_\\_pgboss%'
          group by name, state`,
      )
    : [];
  const waiting = rows.filter(({ state, waits }) => state !== 'active' && waits > 0);
  return [
    gauge(
      'aetherstack_jobs',
      'Jobs of a queue that wait or run.',
      ...rows.map(({ queue, state, n }) => ({ labels: { queue, state }, value: n })),
    ),
    gauge(
      'aetherstack_jobs_lag_seconds',
      'How long the oldest job that may run has waited.',
      ...waiting.map(({ queue, state, waits }) => ({ labels: { queue, state }, value: waits })),
    ),
  ];
};

const deliveries: Read = async (db) => {
  const inbox = await one(
    db,
    sql`select count(*)::float8 as n, ${age(sql`received_at`)} as lag from inbox
      where state in ('received', 'failed') and tries < 3`,
  );
  const sent = await one(
    db,
    sql`select count(*)::float8 as n, ${age(sql`next_try_at`)} as lag from notifications
      where next_try_at is not null and next_try_at < now()`,
  );
  return [
    gauge('aetherstack_webhooks_waiting', 'Deliveries of providers that are kept and not worked off yet.', {
      value: inbox.n ?? 0,
    }),
    gauge('aetherstack_webhooks_set_aside', 'Deliveries of providers that failed three times and wait for a person.', {
      value: (await slowly(db)).setAside,
    }),
    gauge('aetherstack_webhook_lag_seconds', 'How long the oldest of them has waited.', { value: inbox.lag ?? 0 }),
    gauge('aetherstack_notifications_due', 'Notifications that are due to be sent.', { value: sent.n ?? 0 }),
    gauge('aetherstack_notification_lag_seconds', 'How long the one that is due longest has been due.', {
      value: sent.lag ?? 0,
    }),
  ];
};

/** A connection is named by its id: what people call it may say who or what is inside. */
const providers: Read = async (db) => {
  const states = await all<{ connection: string; provider: string; state: string }>(
    db,
    sql`select id as connection, provider_id as provider, state from connections order by id`,
  );
  const calls = await all<{ connection: string; provider: string; charged: number; free: number; held: number }>(
    db,
    sql`select c.id as connection, c.provider_id as provider, coalesce(t.charged, 0)::float8 as charged,
        coalesce(t.free, 0)::float8 as free, coalesce(t.held, 0)::float8 as held
      from connections c left join request_totals t on t.connection_id = c.id order by 1`,
  );
  return [
    gauge(
      'aetherstack_connection_failing',
      '1 when the last check of the credential failed, 0 otherwise.',
      ...states.map(({ state, ...labels }) => ({ labels, value: state === 'failing' ? 1 : 0 })),
    ),
    {
      name: 'aetherstack_provider_requests_total',
      help: 'Requests to a provider, by what became of them: charged to the quota, answered for free (not modified), or held back by us.',
      type: 'counter',
      samples: calls.flatMap(({ connection, provider, ...outcomes }) =>
        (['charged', 'free', 'held'] as const).map((outcome) => ({
          labels: { connection, provider, outcome },
          value: outcomes[outcome],
        })),
      ),
    },
  ];
};

const quotaLeft: Read = async (db) => {
  const quotas = await all<{
    connection: string;
    provider: string;
    resource: string;
    most: number;
    remaining: number;
    reset: number;
  }>(
    db,
    sql`select q.connection_id as connection, c.provider_id as provider, q.resource, q."limit"::float8 as most,
        (case when q.reset_at < now() then q."limit" else q.remaining end)::float8 as remaining,
        extract(epoch from q.reset_at)::float8 as reset
      from quotas q join connections c on c.id = q.connection_id where q."limit" > 0 order by 1, 3`,
  );
  const quota = (value: 'most' | 'remaining' | 'reset') =>
    quotas.map(({ connection, provider, resource, ...row }) => ({
      labels: { connection, provider, resource },
      value: row[value],
    }));
  return [
    gauge('aetherstack_quota_limit', 'What a provider allows in its window.', ...quota('most')),
    gauge('aetherstack_quota_remaining', 'What is left of it.', ...quota('remaining')),
    gauge('aetherstack_quota_reset_timestamp_seconds', 'When the window ends.', ...quota('reset')),
  ];
};

const READS: readonly Read[] = [deployments, reconcile, queues, deliveries, providers, quotaLeft];

/** How this console does, for Prometheus: counts and ages, and no name of a person, a repository or a component. */
export async function readMetrics(db: DbOrTx): Promise<string> {
  const families: Family[] = [];
  // One after the other: a scrape takes one connection, however busy the pool is.
  for (const read of READS) families.push(...(await read(db)));
  return exposition(families);
}
