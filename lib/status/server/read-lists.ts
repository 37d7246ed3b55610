import { desc, eq, inArray, sql } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { isPermitted } from '@/lib/auth/require';
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
import type { IncidentView, MaintenanceView } from '../model/view';
import { maintenanceState } from './maintenance-state';

const MOST = 50;

/** Incidents with everything that was said, those that go on first. Places that the reader may not see are left out. */
export async function listIncidents(ctx: ServiceContext): Promise<IncidentView[]> {
  const rows = await ctx.db
    .select({ row: incidents, number: deployments.number })
    .from(incidents)
    .leftJoin(deployments, eq(deployments.id, incidents.deploymentId))
    .orderBy(sql`${incidents.resolvedAt} is not null`, desc(incidents.startedAt))
    .limit(MOST);
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

const over = sql`${maintenanceState} in ('done', 'cancelled')`;

/** Maintenances: those to come, the nearest first, then those that are over, the newest first. */
export async function listMaintenances(ctx: ServiceContext): Promise<MaintenanceView[]> {
  const rows = await ctx.db
    .select({ row: maintenances, state: maintenanceState, freeze: { id: freezes.id, name: freezes.name } })
    .from(maintenances)
    .leftJoin(freezes, eq(freezes.id, maintenances.freezeId))
    .orderBy(over, sql`case when ${over} then null else ${maintenances.startsAt} end`, desc(maintenances.startsAt))
    .limit(MOST);
  const places = await placesOf(
    ctx,
    'maintenance',
    rows.map(({ row }) => row.id),
  );
  return rows.map(({ row, state, freeze }) => ({
    ...{ id: row.id, version: row.version, title: row.title, text: row.text, state },
    startsAt: row.startsAt.toISOString(),
    endsAt: row.endsAt.toISOString(),
    endedAt: row.endedAt?.toISOString() ?? null,
    places: places.get(row.id) ?? [],
    freeze,
    by: row.createdByName,
  }));
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
