import 'server-only';
import { and, desc, eq, gt, gte, inArray, lte, ne, sql } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { components, connections, deployments, environments, failures, serviceNotices, targets } from '@/lib/db/schema';
import { preflightWeather } from '@/lib/gates/model/preflight';
import { catalog } from '@/lib/providers/catalog.generated';
import { type FailedAlike, type FailureView, isItUs, type ProviderSaid } from '../model/failure-view';
import { readPreflight } from './preflight';
import { loadTarget, notFound, readScope } from './read-scope';
import type { DeploymentRow } from './rows';

const DAYS = 90;
const SHOWN = 5;
/** How the connection stands now explains no failure that is older. */
const WEATHER_MS = 24 * 3_600_000;

/** Is it us? What it failed with, where else that happened, and what the provider said then. Throws `notFound`. */
export async function readFailure(ctx: ServiceContext, input: { deploymentId: string }): Promise<FailureView> {
  const row = await ctx.db.query.deployments.findFirst({ where: eq(deployments.id, input.deploymentId) });
  if (!row) throw notFound('deployment');
  const loaded = await loadTarget(ctx, row.targetId).catch(() => Promise.reject(notFound('deployment')));
  const [found] = await ctx.db.select().from(failures).where(eq(failures.deploymentId, row.id));
  const deployment = { id: row.id, number: row.number };
  const none = { times: 0, last: null };
  if (!found) {
    const verdict = 'It did not fail, or it did before failures were kept.';
    return {
      deployment,
      failure: null,
      here: none,
      elsewhere: { times: 0, newest: [] },
      said: [],
      weather: [],
      verdict,
    };
  }
  const [here, elsewhere, said, facts] = await Promise.all([
    alike(ctx, row, found, 'here'),
    alike(ctx, row, found, 'elsewhere'),
    saidThen(ctx, row),
    readPreflight(ctx.db, loaded),
  ]);
  const view = {
    here: { times: here.times, last: here.newest[0] ?? null },
    elsewhere,
    said,
    weather: preflightWeather(facts, ctx.clock.now()),
  };
  const { line, step, exitCode, source, failedAt } = found;
  const failure = { line, step, exitCode, source, at: failedAt.toISOString() };
  const isLate = ctx.clock.now() - failedAt.getTime() > WEATHER_MS;
  return { deployment, failure, ...view, verdict: isItUs(isLate ? { ...view, weather: [] } : view) };
}

/** With the same fingerprint, before it on this target, or anywhere else that the reader may see. */
async function alike(
  ctx: ServiceContext,
  row: DeploymentRow,
  found: typeof failures.$inferSelect,
  where: 'here' | 'elsewhere',
): Promise<{ times: number; newest: FailedAlike[] }> {
  const { ids, all } = await readScope(ctx);
  const place =
    where === 'here'
      ? and(eq(deployments.targetId, row.targetId), lte(deployments.number, row.number))
      : ne(deployments.targetId, row.targetId);
  const rows = await ctx.db
    .select({
      ...{ id: deployments.id, number: deployments.number, at: failures.failedAt },
      ...{ component: components.name, environment: environments.name, label: targets.label },
      times: sql<number>`(count(*) over ())::int`,
    })
    .from(failures)
    .innerJoin(deployments, eq(deployments.id, failures.deploymentId))
    .innerJoin(components, eq(components.id, deployments.componentId))
    .innerJoin(environments, eq(environments.id, deployments.environmentId))
    .innerJoin(targets, eq(targets.id, deployments.targetId))
    .where(
      and(
        eq(failures.fingerprint, found.fingerprint),
        gt(failures.failedAt, sql`now() - make_interval(days => ${DAYS})`),
        ne(deployments.id, row.id),
        place,
        all ? undefined : inArray(deployments.environmentId, ids.length > 0 ? ids : ['']),
      ),
    )
    .orderBy(desc(failures.failedAt))
    .limit(SHOWN);
  return {
    times: rows[0]?.times ?? 0,
    newest: rows.map(({ times: _, at, ...each }) => ({ ...each, at: at.toISOString() })),
  };
}

/** What was on the provider's page while it ran; that of the vendor's own cloud says nothing of a server elsewhere. */
async function saidThen({ db }: ServiceContext, row: DeploymentRow): Promise<ProviderSaid[]> {
  const manifest = Object.hasOwn(catalog, row.providerId) ? catalog[row.providerId] : undefined;
  const origins = manifest?.capabilities.serviceStatus?.origins;
  const [made] = await db
    .select({ origin: connections.origin })
    .from(connections)
    .where(eq(connections.id, row.connectionId));
  if (origins && made && !origins.includes(made.origin)) return [];
  const rows = await db
    .select()
    .from(serviceNotices)
    .where(
      and(
        eq(serviceNotices.providerId, row.providerId),
        // What was taken off the page between its last reading and the next was still there when this began.
        gte(serviceNotices.seenAt, sql`${row.submittedAt ?? row.requestedAt}::timestamptz - interval '5 minutes'`),
        lte(serviceNotices.since, row.finishedAt ?? sql`now()`),
      ),
    )
    .orderBy(desc(serviceNotices.seenAt))
    .limit(SHOWN);
  return rows.map(({ name, url, impact, latest, since, seenAt }) => ({
    ...{ provider: manifest?.label ?? row.providerId, name, url, impact, latest },
    ...{ since: since.toISOString(), seenAt: seenAt.toISOString() },
  }));
}
