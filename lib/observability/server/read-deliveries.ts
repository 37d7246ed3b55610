import 'server-only';
import { type SQL, sql } from 'drizzle-orm';
import type { DbOrTx } from '@/lib/db/client';
import { goesBackSql } from '@/lib/deployments/server/hold';
import { IN_FLIGHT_STATUSES } from '../../deployments/model/status';
import type { Axis } from '../model/classes';
import type { Delivery, Said } from '../model/dora';

/** So many are read at most, the newest: three months of a big estate. */
export const MOST = 20_000;

interface Wanted {
  /** Epoch milliseconds; what ended from then on is read, and what runs since. */
  from: number;
  /** What was sent later is not read; left out, all is. */
  to?: number;
  environmentIds: readonly string[];
  componentId: string | null;
}

type Row = Omit<Delivery, 'component' | 'environment' | 'said'> & {
  component_slug: string;
  component_name: string;
  environment_slug: string;
  environment_name: string;
};

/** A column of moments as epoch milliseconds. */
const ms = (column: SQL) => sql`(extract(epoch from ${column}) * 1000)::float8`;

function idsOf({ from, to, environmentIds, componentId }: Wanted): SQL {
  const since = sql`to_timestamp(${from / 1000})`;
  const here = sql`d.environment_id = any(${sql.param([...environmentIds])}::text[])`;
  // What never was sent ended without it.
  const sent = sql`coalesce(d.submitted_at, d.requested_at)`;
  const until = to === undefined ? sql`true` : sql`${sent} < to_timestamp(${to / 1000})`;
  const mine = componentId === null ? sql`true` : sql`d.component_id = ${componentId}`;
  const flying = sql.join(
    IN_FLIGHT_STATUSES.map((status) => sql`${status}`),
    sql`, `,
  );
  return sql`
    (select d.id from deployments d where ${here} and ${mine} and ${until} and d.finished_at >= ${since}
     order by d.finished_at desc limit ${MOST + 1})
    union all
    (select d.id from deployments d where d.status in (${flying}) and ${here} and ${mine} and ${until} and d.submitted_at >= ${since})`;
}

interface Read {
  deliveries: Delivery[];
  cut: boolean;
  /** From when on all are there, where it was cut. */
  countedFrom: number | null;
}

/** What ended in those environments since then, with what people said of it. Newest first. */
export async function readDeliveries(db: DbOrTx, wanted: Wanted): Promise<Read> {
  if (wanted.environmentIds.length === 0) return { deliveries: [], cut: false, countedFrom: null };
  const [{ rows }, said] = await Promise.all([
    db.execute<Row & Record<string, unknown>>(sql`
      select d.id, d.number, d.target_id as "targetId", d.kind, d.status, d.ref, d.sha, d.reason, r.version,
        split_part(r.message, E'\\n', 1) as title,
        c.slug as component_slug, c.name as component_name, e.slug as environment_slug, e.name as environment_name, t.label,
        ${ms(sql`d.requested_at`)} as "requestedAt", ${ms(sql`d.submitted_at`)} as "submittedAt",
        ${ms(sql`d.started_at`)} as "startedAt", ${ms(sql`d.provider_done_at`)} as "doneAt",
        ${ms(sql`d.finished_at`)} as "finishedAt", ${ms(sql`r.committed_at`)} as "committedAt",
        ${goesBackSql(sql`d`)} as "goesBack",
        exists (select 1 from deployments b where b.component_id = d.component_id and b.sha = d.sha
          and b.target_id = d.target_id and b.status = 'succeeded' and b.number < d.number
          and not exists (select 1 from classifications l where l.deployment_id = b.id and l.word = 'left_out'
            and l.undone_at is null)) as again
      from (${idsOf(wanted)}) wanted
      join deployments d on d.id = wanted.id
      join releases r on r.id = d.release_id
      join components c on c.id = d.component_id
      join environments e on e.id = d.environment_id
      join targets t on t.id = d.target_id
      order by d.number desc`),
    readSaid(db, wanted),
  ]);
  const all = rows.map((row) => toDelivery(row, said.get(row.id) ?? {}));
  return keepNewest(all, MOST);
}

/** What still runs is counted beside: only what has ended can be cut. */
export function keepNewest(all: readonly Delivery[], most: number): Read {
  const ends = all.flatMap(({ finishedAt }) => finishedAt ?? []).sort((a, b) => b - a);
  const last = ends[most - 1] ?? 0;
  if (ends.length <= most) return { deliveries: [...all], cut: false, countedFrom: null };
  const deliveries = all.filter(({ finishedAt }) => finishedAt === null || finishedAt >= last);
  return { deliveries, cut: true, countedFrom: last };
}

const whole = (value: number | null) => (value === null ? null : Math.round(Number(value)));

function toDelivery(row: Row, said: Delivery['said']): Delivery {
  const { component_slug, component_name, environment_slug, environment_name, ...rest } = row;
  return {
    ...rest,
    number: Number(row.number),
    component: { slug: component_slug, name: component_name },
    environment: { slug: environment_slug, name: environment_name },
    requestedAt: whole(row.requestedAt) ?? 0,
    submittedAt: whole(row.submittedAt),
    startedAt: whole(row.startedAt),
    doneAt: whole(row.doneAt),
    finishedAt: whole(row.finishedAt),
    committedAt: whole(row.committedAt),
    said,
  };
}

interface SaidRow extends Said {
  deployment_id: string;
  axis: Axis;
}

async function readSaid(db: DbOrTx, { from, environmentIds }: Wanted): Promise<Map<string, Delivery['said']>> {
  const { rows } = await db.execute<SaidRow & Record<string, unknown>>(sql`
    select s.id, s.deployment_id, s.axis, s.word, s.reason, s.by_name as "by", ${ms(sql`s.created_at`)} as "at"
    from classifications s join deployments d on d.id = s.deployment_id
    where s.undone_at is null and d.environment_id = any(${sql.param([...environmentIds])}::text[])
      and coalesce(d.finished_at, d.submitted_at) >= to_timestamp(${from / 1000})`);
  const said = new Map<string, Delivery['said']>();
  for (const { deployment_id, axis, id, word, reason, by, at } of rows)
    said.set(deployment_id, { ...said.get(deployment_id), [axis]: { id, word, reason, by, at: Math.round(at) } });
  return said;
}
