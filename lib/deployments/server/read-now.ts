import 'server-only';
import { asc, desc, inArray, notInArray, sql } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { connections, deployments } from '@/lib/db/schema';
import { catalog } from '@/lib/providers/catalog.generated';
import { headlineOf } from '../model/headline';
import { IN_FLIGHT_STATUSES } from '../model/status';
import type { DeploymentSummary, NowView } from '../model/view';
import { type Estate, type EstateCell, readEstate } from './read-cells';
import { readNeedsYou } from './read-needs-you';
import { readOutcomes } from './read-outcomes';
import { connectionProblem, mayIn, type ReadScope } from './read-scope';
import { readProgress } from './read-steps';
import { readUsual } from './read-usual';
import { readWeather } from './read-weather';
import { readWorse } from './read-worse';
import { selectSummaries, toSummary } from './row-views';

const RECENT = 10;
const QUICK = 24;
const NO_STEPS = { stepsDone: 0, stepsTotal: 0, currentStep: null };

/** The first page: the worst thing in one sentence, what moves, what waits for a person, and where to press Deploy. */
export async function readNow(ctx: ServiceContext): Promise<NowView> {
  const estate = await readEstate(ctx);
  const active = estate.cells.flatMap((cell) => cell.active);
  const moving = estate.cells.flatMap((cell) =>
    cell.active.filter((each) => each.status !== 'awaiting_approval').map((each) => ({ cell, each })),
  );
  const inProduction = estate.cells.filter((cell) => cell.environment.isProduction);
  const [usual, progress, recent, last, connectionRows, production, forYou, worse] = await Promise.all([
    readUsual(ctx.db, [...new Set(moving.map(({ cell }) => cell.targetId))]),
    readProgress(
      ctx.db,
      moving.map(({ each }) => each.id),
    ),
    readRecent(ctx, estate.scope),
    readLastEnded(ctx, estate.scope),
    ctx.db.select().from(connections).orderBy(asc(connections.name)),
    readOutcomes(ctx, inProduction),
    readNeedsYou(ctx, active),
    readWorse(ctx.db, inProduction.map(targetOf), ctx.clock.now()),
  ]);
  const inFlight = moving.map(({ cell, each }) => ({
    ...each,
    usual: usual.get(cell.targetId) ?? null,
    ...(progress.get(each.id) ?? NO_STEPS),
  }));
  const weather = await readWeather(ctx.db, connectionRows, ctx.clock.now());
  const seen = connectionRows.map((row) => ({ ...toConnection(row), weather: weather(row) }));
  const drift = estate.cells.flatMap((cell) => driftOf(estate, cell));
  return {
    headline: headlineOf({
      now: ctx.clock.now(),
      unknown: needsDecision(estate),
      connections: seen.filter((each) => estate.cells.some((cell) => cell.connection.id === each.id)),
      production,
      inFlight,
      last,
      drift,
      worse,
      forYou: forYou.filter((each) => each.status === 'awaiting_approval'),
    }),
    inFlight,
    needsYou: forYou,
    recent,
    pins: estate.cells.flatMap((cell) => pinsOf(estate, cell)),
    drift,
    connections: mayIn(ctx.actor, 'connection.read', null) ? seen : [],
    quickDeploys: quickDeploys(estate, new Set(connectionRows.filter(takesPackages).map(({ id }) => id))),
  };
}

const targetOf = ({ targetId }: EstateCell) => targetId;

function toConnection(row: typeof connections.$inferSelect): Omit<NowView['connections'][number], 'weather'> {
  const problem = row.state === 'failing' ? (connectionProblem(row.report) ?? 'The last check failed.') : null;
  return { id: row.id, name: row.name, state: row.state, checkedAt: row.checkedAt?.toISOString() ?? null, problem };
}

/** What has ended or waits; what moves is shown above it. */
async function readRecent(ctx: ServiceContext, scope: ReadScope): Promise<DeploymentSummary[]> {
  const moving = notInArray(deployments.status, [...IN_FLIGHT_STATUSES, 'queued', 'awaiting_approval']);
  const rows = await selectSummaries(ctx.db)
    .where(scope.all ? moving : sql`${moving} and ${inArray(deployments.environmentId, scope.ids)}`)
    .orderBy(desc(deployments.number))
    .limit(RECENT);
  return rows.map(toSummary);
}

/** What ended last, whichever was asked for last: one that waited for days may end after a newer one. */
async function readLastEnded(ctx: ServiceContext, { ids }: ReadScope): Promise<DeploymentSummary | null> {
  if (ids.length === 0) return null;
  const rows = await selectSummaries(ctx.db).where(
    sql`${deployments.id} = (
      select newest.id from unnest(${sql.param(ids)}::text[]) as here(id)
      cross join lateral (
        select d.id, d.number, d.finished_at from ${deployments} d
        where d.environment_id = here.id and d.finished_at is not null order by d.finished_at desc limit 1
      ) newest
      order by newest.finished_at desc, newest.number desc limit 1
    )`,
  );
  return rows.map(toSummary)[0] ?? null;
}

function needsDecision(estate: Estate): DeploymentSummary[] {
  return estate.cells.flatMap((cell) => cell.active).filter((each) => each.attention === 'unknown_outcome');
}

const placeOf = ({ environment, label, targetId }: EstateCell) => ({ environment: environment.name, label, targetId });

function pinsOf(estate: Estate, cell: EstateCell): NowView['pins'] {
  const component = estate.components.find((row) => row.id === cell.componentId)?.name ?? '';
  return cell.pins.map((pin) => ({ ...pin, component, ...placeOf(cell) }));
}

function driftOf(estate: Estate, cell: EstateCell): NowView['drift'] {
  if (!cell.drift) return [];
  const component = estate.components.find((row) => row.id === cell.componentId)?.name ?? '';
  return [{ ...cell.drift, component, ...placeOf(cell) }];
}

/** What goes to a gallery is a package, chosen among the extension's versions and not here. */
function takesPackages({ providerId }: typeof connections.$inferSelect): boolean {
  return Object.hasOwn(catalog, providerId) && catalog[providerId]?.capabilities.publish !== undefined;
}

/** One per target that is deployed by the composer, the most recently used first. */
function quickDeploys(estate: Estate, galleries: ReadonlySet<string>): NowView['quickDeploys'] {
  const byId = new Map(estate.components.map((row) => [row.id, row]));
  const used = (cell: EstateCell) => Math.max(cell.current?.number ?? 0, cell.latest?.number ?? 0);
  const composed = estate.cells.filter(({ connection }) => !galleries.has(connection.id));
  const newestFirst = composed.sort((a, b) => used(b) - used(a)).slice(0, QUICK);
  return newestFirst.flatMap((cell) => {
    const component = byId.get(cell.componentId);
    if (!component) return [];
    return [
      {
        targetId: cell.targetId,
        label: cell.label,
        componentSlug: component.slug,
        componentName: component.name,
        environmentSlug: cell.environment.slug,
        environmentName: cell.environment.name,
        current: cell.current?.version ?? null,
        deploy: cell.deploy,
        mayOverride: cell.mayOverride,
      },
    ];
  });
}
