import { desc, eq, inArray, type SQL, type SQLWrapper, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { ServiceContext } from '@/lib/auth/context';
import { isPermitted } from '@/lib/auth/require';
import { cursorAt, cursorInvalid, exactly, type Place, placeAt } from '@/lib/db/keyset';
import {
  components,
  deployments,
  environments,
  freezes,
  incidents,
  incidentTargets,
  incidentUpdates,
  maintenances,
  maintenanceTargets,
  targets,
} from '@/lib/db/schema';
import type { Page } from '@/lib/kernel/page';
import type { pageInput } from '../model/schemas';
import type { IncidentView, MaintenanceView } from '../model/view';
import { maintenanceState } from './maintenance-state';

type Asked = z.output<typeof pageInput>;

/** Both lists go by whether a thing is over, then by moment and id: the cursor says all three. */
function placeIn(cursor: string | undefined): (Place & { over: boolean }) | null {
  if (cursor === undefined) return null;
  const over = cursor.startsWith('1~');
  if (!over && !cursor.startsWith('0~')) throw cursorInvalid();
  return { ...placeAt(cursor.slice(2), /^[a-z]{3}_[0-9a-z]{26}$/), over };
}

function pageOf<R extends { over: boolean; at: string; row: { id: string } }>(rows: R[], limit: number) {
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  const nextCursor = last ? `${last.over ? 1 : 0}~${cursorAt({ at: last.at, id: last.row.id })}` : null;
  return { page, nextCursor };
}

const resolved = sql<boolean>`${incidents.resolvedAt} is not null`;

/** Incidents with everything that was said, those that go on first. Places that the reader may not see are left out. */
export async function listIncidents(ctx: ServiceContext, { cursor, limit }: Asked): Promise<Page<IncidentView>> {
  const from = placeIn(cursor);
  const place = sql`(${incidents.startedAt}, ${incidents.id})`;
  const rows = await ctx.db
    .select({ row: incidents, number: deployments.number, over: resolved, at: exactly(incidents.startedAt) })
    .from(incidents)
    .leftJoin(deployments, eq(deployments.id, incidents.deploymentId))
    .where(
      from
        ? sql`(${resolved}) > ${from.over} or ((${resolved}) = ${from.over} and ${place} < (${from.at}::timestamptz, ${from.id}))`
        : undefined,
    )
    .orderBy(resolved, desc(incidents.startedAt), desc(incidents.id))
    .limit(limit + 1);
  const { page, nextCursor } = pageOf(rows, limit);
  return { rows: await incidentViews(ctx, page), nextCursor };
}

type IncidentRow = { row: typeof incidents.$inferSelect; number: number | null };

async function incidentViews(ctx: ServiceContext, rows: IncidentRow[]): Promise<IncidentView[]> {
  const ids = rows.map(({ row }) => row.id);
  if (ids.length === 0) return [];
  const [updates, places] = await Promise.all([
    ctx.db
      .select()
      .from(incidentUpdates)
      .where(inArray(incidentUpdates.incidentId, ids))
      .orderBy(desc(incidentUpdates.at), desc(incidentUpdates.id)),
    placesOf(ctx, 'incident', ids),
  ]);
  return rows.map(({ row, number }) => ({
    ...{ id: row.id, version: row.version, title: row.title, impact: row.impact, state: row.state },
    startedAt: row.startedAt.toISOString(),
    resolvedAt: row.resolvedAt?.toISOString() ?? null,
    places: places.get(row.id) ?? [],
    deployment: row.deploymentId === null || number === null ? null : { id: row.deploymentId, number },
    by: row.createdByName,
    updates: updates
      .filter(({ incidentId }) => incidentId === row.id)
      .map(({ id, state, text, at, byName }) => ({ id, state, text, at: at.toISOString(), by: byName })),
  }));
}

const over = sql<boolean>`${maintenanceState} in ('done', 'cancelled')`;

/** Those to come go upwards in time, those that are over downwards. */
function laterThan(from: (Place & { over: boolean }) | null): SQL | undefined {
  if (!from) return undefined;
  const [place, there] = [
    sql`(${maintenances.startsAt}, ${maintenances.id})`,
    sql`(${from.at}::timestamptz, ${from.id})`,
  ];
  return from.over ? sql`${over} and ${place} < ${there}` : sql`${over} or ${place} > ${there}`;
}

/** Maintenances: those to come, the nearest first, then those that are over, the newest first. */
export async function listMaintenances(ctx: ServiceContext, { cursor, limit }: Asked): Promise<Page<MaintenanceView>> {
  const columns = { row: maintenances, state: maintenanceState, freeze: { id: freezes.id, name: freezes.name } };
  const toCome = (column: SQLWrapper) => sql`case when ${over} then null else ${column} end`;
  const rows = await ctx.db
    .select({ ...columns, over, at: exactly(maintenances.startsAt) })
    .from(maintenances)
    .leftJoin(freezes, eq(freezes.id, maintenances.freezeId))
    .where(laterThan(placeIn(cursor)))
    .orderBy(
      ...[over, toCome(maintenances.startsAt), toCome(maintenances.id)],
      ...[desc(maintenances.startsAt), desc(maintenances.id)],
    )
    .limit(limit + 1);
  const { page, nextCursor } = pageOf(rows, limit);
  const places = await placesOf(
    ctx,
    'maintenance',
    page.map(({ row }) => row.id),
  );
  const views = page.map(({ row, state, freeze }) => ({
    ...{ id: row.id, version: row.version, title: row.title, text: row.text, state },
    startsAt: row.startsAt.toISOString(),
    endsAt: row.endsAt.toISOString(),
    endedAt: row.endedAt?.toISOString() ?? null,
    places: places.get(row.id) ?? [],
    freeze,
    by: row.createdByName,
  }));
  return { rows: views, nextCursor };
}

async function placesOf(ctx: ServiceContext, what: 'incident' | 'maintenance', ids: string[]) {
  const found = new Map<string, IncidentView['places']>();
  if (ids.length === 0) return found;
  const [link, of] =
    what === 'incident'
      ? ([incidentTargets, incidentTargets.incidentId] as const)
      : ([maintenanceTargets, maintenanceTargets.maintenanceId] as const);
  const rows = await ctx.db
    .select({ of, targetId: targets.id, component: components.name, environment: environments, target: targets })
    .from(link)
    .innerJoin(targets, eq(targets.id, link.targetId))
    .innerJoin(components, eq(components.id, targets.componentId))
    .innerJoin(environments, eq(environments.id, targets.environmentId))
    .where(inArray(of, ids))
    .orderBy(environments.position, components.position, components.slug, targets.label);
  for (const { of: id, targetId, component, environment, target } of rows) {
    if (!target.isPublic && !isPermitted(ctx.actor, 'deployment.read', environment.slug)) continue;
    const place = { targetId, component, environment: environment.name, label: target.label };
    found.set(id, [...(found.get(id) ?? []), { ...place, isPublic: target.isPublic }]);
  }
  return found;
}
