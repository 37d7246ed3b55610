import { sql } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { ACTIVE_STATUSES } from '@/lib/deployments/model/status';
import { FIRST_ASKED_FOR } from '@/lib/deployments/server/first-asked-for';
import { readPolicyOf } from '@/lib/gates/model/policy';
import { ServiceError } from '@/lib/kernel/errors';

export interface EstateTarget extends Record<string, unknown> {
  id: string;
  connection_id: string;
  provider_id: string;
  connection: string;
  /** Of its connection's server, as it is stored. */
  origin: string;
  config: Record<string, unknown>;
  /** The line is about what runs there, and connection, provider, origin and config are its. */
  runtime: boolean;
  /** It has a line of each kind. */
  has_runtime: boolean;
  rendering: string | null;
  name: string;
  environment: string;
  live_id: string | null;
  live_number: number | null;
  live_ref: string | null;
  live_sha: string | null;
  sent_ms: number | null;
  /** The newest that has not ended. */
  next_id: string | null;
  next_number: number | null;
}

export interface EstateEnvironment extends Record<string, unknown> {
  id: string;
  slug: string;
  name: string;
  /** How many people a deployment there waits for. */
  approvals: number;
}

const MOST = 500;
const ACTIVE = sql.join(
  ACTIVE_STATUSES.map((status) => sql`${status}`),
  sql`, `,
);

/** The installation's targets with what is live on each, in the order of the console's lists; or those that are named. */
export async function estateTargets(
  ctx: ServiceContext,
  only?: ReadonlySet<string>,
): Promise<{ targets: EstateTarget[]; all: boolean }> {
  const named = only && sql`where id in (select jsonb_array_elements_text(${JSON.stringify([...only])}::jsonb))`;
  const { rows } = await ctx.db.execute<EstateTarget>(sql`
    select t.id, p.connection_id, c.provider_id, c.name as connection, c.origin, p.config, p.runtime, t.rendering, e.slug as environment,
      t.runtime is not null as has_runtime,
      m.name || case when t.label = '' then '' else ' (' || t.label || ')' end
        || case when p.runtime then ' on ' || c.name else '' end as name,
      d.id as live_id, d.number::int as live_number, d.ref as live_ref, d.sha as live_sha,
      n.id as next_id, n.number::int as next_number,
      (extract(epoch from coalesce(b.submitted_at, d.submitted_at, d.requested_at)) * 1000)::float8 as sent_ms
    from (select * from targets ${named ?? sql``}) t
    cross join lateral (
      select t.connection_id, t.config, false as runtime
      union all select t.runtime_connection_id, t.runtime, true where t.runtime is not null
    ) p
    join connections c on c.id = p.connection_id
    join components m on m.id = t.component_id
    join environments e on e.id = t.environment_id
    left join deployments d on d.id = t.current_deployment_id
    ${FIRST_ASKED_FOR}
    left join (
      select distinct on (a.target_id) a.target_id, a.id, a.number from deployments a where a.status in (${ACTIVE})
      order by a.target_id, a.number desc
    ) n on n.target_id = t.id
    order by e.position, m.position, t.label, t.id, p.runtime limit ${MOST + 1}`);
  return { targets: rows.slice(0, MOST), all: rows.length <= MOST };
}

/** By id or slug. Throws `ServiceError` notFound. */
export async function environmentBy(ctx: ServiceContext, idOrSlug: string): Promise<EstateEnvironment> {
  const { rows } = await ctx.db.execute<{ id: string; slug: string; name: string; policy: unknown }>(
    sql`select id, slug, name, policy from environments where id = ${idOrSlug} or slug = ${idOrSlug}`,
  );
  const [found] = rows;
  if (found)
    return { id: found.id, slug: found.slug, name: found.name, approvals: readPolicyOf(found.policy)?.approvals ?? 0 };
  const sentence = 'There is no such environment. Choose one under What you deploy.';
  throw new ServiceError('notFound', 'environment_unknown', sentence);
}

export async function environmentNames(ctx: ServiceContext): Promise<Map<string, string>> {
  const { rows } = await ctx.db.execute<{ slug: string; name: string }>(
    sql`select slug, name from environments order by position`,
  );
  return new Map(rows.map(({ slug, name }) => [slug, name]));
}

/** As precise as the database has it, to be compared there. */
export async function databaseMoment(ctx: ServiceContext): Promise<string> {
  const { rows } = await ctx.db.execute<{ at: string }>(sql`select now()::text as at`);
  return rows[0]?.at ?? '';
}

export async function databaseNow(ctx: ServiceContext): Promise<string> {
  const { rows } = await ctx.db.execute<{ ms: number }>(sql`select (extract(epoch from now()) * 1000)::float8 as ms`);
  return new Date(rows[0]?.ms ?? 0).toISOString();
}
