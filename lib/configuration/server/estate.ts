import { sql } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { ServiceError } from '@/lib/kernel/errors';

export interface EstateTarget extends Record<string, unknown> {
  id: string;
  connection_id: string;
  provider_id: string;
  connection: string;
  /** Of its connection's server, as it is stored. */
  origin: string;
  config: Record<string, unknown>;
  name: string;
  environment: string;
  live_number: number | null;
  sent_ms: number | null;
}

export interface EstateEnvironment extends Record<string, unknown> {
  id: string;
  slug: string;
  name: string;
}

const MOST = 500;

/** The installation's targets with what is live on each, in the order of the console's lists. */
export async function estateTargets(ctx: ServiceContext): Promise<{ targets: EstateTarget[]; all: boolean }> {
  const { rows } = await ctx.db.execute<EstateTarget>(sql`
    select t.id, t.connection_id, c.provider_id, c.name as connection, c.origin, t.config, e.slug as environment,
      m.name || case when t.label = '' then '' else ' (' || t.label || ')' end as name,
      d.number::int as live_number, (extract(epoch from coalesce(b.submitted_at, d.submitted_at, d.requested_at)) * 1000)::float8 as sent_ms
    from targets t
    join connections c on c.id = t.connection_id
    join components m on m.id = t.component_id
    join environments e on e.id = t.environment_id
    left join deployments d on d.id = t.current_deployment_id
    -- What is served again was built, with the values of then, when its build was first asked for.
    left join lateral (
      select min(f.submitted_at) as submitted_at from deployments f
      where d.dispatch ? 'serve' and f.connection_id = d.connection_id and f.remote_id = d.remote_id
    ) b on true
    order by e.position, m.position, t.label limit ${MOST + 1}`);
  return { targets: rows.slice(0, MOST), all: rows.length <= MOST };
}

/** By id or slug. Throws `ServiceError` notFound. */
export async function environmentBy(ctx: ServiceContext, idOrSlug: string): Promise<EstateEnvironment> {
  const { rows } = await ctx.db.execute<EstateEnvironment>(
    sql`select id, slug, name from environments where id = ${idOrSlug} or slug = ${idOrSlug}`,
  );
  if (rows[0]) return rows[0];
  const sentence = 'There is no such environment. Choose one under What you deploy.';
  throw new ServiceError('notFound', 'environment_unknown', sentence);
}

export async function environmentNames(ctx: ServiceContext): Promise<Map<string, string>> {
  const { rows } = await ctx.db.execute<EstateEnvironment>(
    sql`select id, slug, name from environments order by position`,
  );
  return new Map(rows.map(({ slug, name }) => [slug, name]));
}

export async function databaseNow(ctx: ServiceContext): Promise<string> {
  const { rows } = await ctx.db.execute<{ ms: number }>(sql`select (extract(epoch from now()) * 1000)::float8 as ms`);
  return new Date(rows[0]?.ms ?? 0).toISOString();
}
