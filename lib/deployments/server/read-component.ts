import 'server-only';
import { and, eq, gte, inArray, sql } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { deployments } from '@/lib/db/schema';
import type { ComponentView } from '../model/view';
import { readEstate, toMatrixCell } from './read-cells';
import { notFound } from './read-scope';
import { selectSummaries, toSummary } from './row-views';

const DAY_MS = 24 * 3600_000;

/** One component: where it runs, its last 20 deployments and the last 30 days in figures. */
export async function readComponent(ctx: ServiceContext, input: { slug: string }): Promise<ComponentView> {
  const estate = await readEstate(ctx, { componentSlug: input.slug });
  const component = estate.components[0];
  if (!component) throw notFound('component');
  const mine = and(eq(deployments.componentId, component.id), inArray(deployments.environmentId, estate.scope.ids));
  const [history, stats] = await Promise.all([
    selectSummaries(ctx.db).where(mine).orderBy(sql`${deployments.number} desc`).limit(20),
    readStats(ctx, mine),
  ]);
  const { slug, name, kind, description, paths } = component;
  return {
    component: { slug, name, kind, description, paths },
    environments: estate.scope.environments.map((environment) => ({
      slug: environment.slug,
      name: environment.name,
      isProduction: environment.isProduction,
      cells: estate.cells.filter((cell) => cell.environmentSlug === environment.slug).map(toMatrixCell),
    })),
    history: history.map(toSummary),
    stats,
  };
}

/** A month of a busy component; beyond it the figures stand for the newest so many, and the page stays quick. */
const COUNTED = 2_000;

/** Counts those that have ended: what still runs has neither succeeded nor failed. */
async function readStats(ctx: ServiceContext, mine: ReturnType<typeof and>): Promise<ComponentView['stats']> {
  const since = new Date(ctx.clock.now() - 30 * DAY_MS);
  const newest = ctx.db
    .select({ status: deployments.status, startedAt: deployments.startedAt, finishedAt: deployments.finishedAt })
    .from(deployments)
    .where(mine)
    .orderBy(sql`${deployments.number} desc`)
    .limit(COUNTED)
    .as('newest');
  const succeeded = sql`${newest.status} = 'succeeded'`;
  const [row] = await ctx.db
    .select({
      total30d: sql<number>`count(*)::int`,
      succeeded30d: sql<number>`(count(*) filter (where ${succeeded}))::int`,
      p50Ms: sql<
        number | null
      >`(percentile_disc(0.5) within group (order by extract(epoch from ${newest.finishedAt} - ${newest.startedAt}) * 1000) filter (where ${succeeded}))::float8`,
    })
    .from(newest)
    .where(gte(newest.finishedAt, since));
  if (!row) return { total30d: 0, succeeded30d: 0, p50Ms: null };
  return { ...row, p50Ms: row.p50Ms === null ? null : Math.round(row.p50Ms) };
}
