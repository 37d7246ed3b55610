import { and, desc, eq, inArray, sql } from 'drizzle-orm';
import type { DbOrTx } from '@/lib/db/client';
import {
  components,
  deployments,
  environments,
  incidents,
  incidentTargets,
  incidentUpdates,
  maintenances,
  maintenanceTargets,
  publicNames,
  targets,
} from '@/lib/db/schema';
import { versionOf } from '@/lib/deployments/model/version';
import { redactText } from '@/lib/kernel/redact';
import {
  type LinkedRelease,
  LONGEST_NAME,
  LONGEST_TEXT,
  type PublicIncident,
  type PublicMaintenance,
  type PublicWhere,
  TOLD_INCIDENTS,
  TOLD_MAINTENANCES,
} from '../model/public';
import { maintenanceState } from './maintenance-state';
import { ofName, publicWhere } from './public-place';

/** A place of an incident or a maintenance, with the target that never leaves the server. */
export interface Touched extends PublicWhere {
  of: string;
  targetId: string;
}

export interface PublicNews {
  incidents: PublicIncident[];
  maintenances: PublicMaintenance[];
  /** Public targets, by what touches them. */
  touched: Touched[];
}

/** Everything that was said to everybody, of late; of one thing when it is named. What is no public place is left out. */
export async function readPublicNews(
  db: DbOrTx,
  only?: { incidentId: string } | { maintenanceId: string },
): Promise<PublicNews> {
  // One after the other: a transaction has one connection.
  const incidentRows = only && 'maintenanceId' in only ? [] : await incidentRowsOf(db, only?.incidentId);
  const maintenanceRows = only && 'incidentId' in only ? [] : await maintenanceRowsOf(db, only?.maintenanceId);
  const ids = incidentRows.map(({ id }) => id);
  const updates = await updatesOf(db, ids);
  const releases = await releasesOf(db, ids);
  const ofIncidents = await touchedBy(db, 'incident', ids);
  const ofMaintenances = await touchedBy(
    db,
    'maintenance',
    maintenanceRows.map(({ id }) => id),
  );
  const touched = [...ofIncidents, ...ofMaintenances];
  return {
    incidents: incidentRows.map(
      (row): PublicIncident => ({
        ...row,
        title: told(row.title, LONGEST_NAME),
        startedAt: row.startedAt.toISOString(),
        resolvedAt: row.resolvedAt?.toISOString() ?? null,
        places: placesIn(touched, row.id),
        release: releases.get(row.id) ?? null,
        updates: updates.filter(({ of }) => of === row.id).map(({ of: _, ...update }) => update),
      }),
    ),
    maintenances: maintenanceRows.map(
      (row): PublicMaintenance => ({
        ...row,
        title: told(row.title, LONGEST_NAME),
        text: told(row.text, LONGEST_TEXT),
        from: row.from.toISOString(),
        to: row.to.toISOString(),
        plannedAt: row.plannedAt.toISOString(),
        changedAt: row.changedAt.toISOString(),
        places: placesIn(touched, row.id),
      }),
    ),
    touched,
  };
}

/** What somebody pasted by mistake does not go out; a secret that became known later does not either. */
function told(text: string, longest: number): string {
  return redactText(text).slice(0, longest);
}

function placesIn(touched: readonly Touched[], id: string): PublicWhere[] {
  return touched
    .filter(({ of }) => of === id)
    .map(({ component, environment, label }) => ({ component, environment, label }));
}

/** Each column by name: one that is added later stays here. */
function incidentRowsOf(db: DbOrTx, id: string | undefined) {
  const { title, impact, state, startedAt, resolvedAt } = incidents;
  return db
    .select({ id: incidents.id, title, impact, state, startedAt, resolvedAt })
    .from(incidents)
    .where(id === undefined ? undefined : eq(incidents.id, id))
    .orderBy(sql`${resolvedAt} is not null`, desc(startedAt))
    .limit(TOLD_INCIDENTS);
}

function maintenanceRowsOf(db: DbOrTx, id: string | undefined) {
  const { title, text, startsAt, endsAt, endedAt, createdAt, changedAt } = maintenances;
  const over = sql`${maintenanceState} in ('done', 'cancelled')`;
  return db
    .select({
      ...{ id: maintenances.id, title, text, state: maintenanceState },
      ...{ from: startsAt, plannedAt: createdAt, changedAt },
      to: sql`greatest(${startsAt}, coalesce(case when ${endedAt} > ${startsAt} then ${endedAt} end, ${endsAt}))`.mapWith(
        endsAt,
      ),
    })
    .from(maintenances)
    .where(id === undefined ? undefined : eq(maintenances.id, id))
    .orderBy(over, sql`case when ${over} then null else ${startsAt} end`, desc(startsAt))
    .limit(TOLD_MAINTENANCES);
}

async function updatesOf(db: DbOrTx, ids: string[]) {
  if (ids.length === 0) return [];
  const { id, state, text, at, incidentId } = incidentUpdates;
  const rows = await db
    .select({ of: incidentId, id, state, text, at })
    .from(incidentUpdates)
    .where(inArray(incidentId, ids))
    .orderBy(desc(at), desc(id));
  return rows.map((row) => ({ ...row, text: told(row.text, LONGEST_TEXT), at: row.at.toISOString() }));
}

async function touchedBy(db: DbOrTx, what: 'incident' | 'maintenance', ids: string[]): Promise<Touched[]> {
  if (ids.length === 0) return [];
  const [link, of] =
    what === 'incident'
      ? ([incidentTargets, incidentTargets.incidentId] as const)
      : ([maintenanceTargets, maintenanceTargets.maintenanceId] as const);
  return await db
    .select({ of, targetId: targets.id, ...publicWhere })
    .from(link)
    .innerJoin(targets, and(eq(targets.id, link.targetId), eq(targets.isPublic, true)))
    .innerJoin(components, eq(components.id, targets.componentId))
    .innerJoin(environments, eq(environments.id, targets.environmentId))
    .leftJoin(publicNames, ofName)
    .where(inArray(of, ids))
    .orderBy(environments.position, components.position, components.slug, targets.label);
}

/** Of a deployment that an incident names only what the status page tells of any: it went live, on a public place. */
async function releasesOf(db: DbOrTx, ids: string[]): Promise<Map<string, LinkedRelease>> {
  if (ids.length === 0) return new Map();
  const { ref, refKind, sha, finishedAt } = deployments;
  const rows = await db
    .select({ of: incidents.id, ref, refKind, sha, at: finishedAt, ...publicWhere })
    .from(incidents)
    .innerJoin(deployments, and(eq(deployments.id, incidents.deploymentId), eq(deployments.status, 'succeeded')))
    .innerJoin(targets, and(eq(targets.id, deployments.targetId), eq(targets.isPublic, true)))
    .innerJoin(components, eq(components.id, targets.componentId))
    .innerJoin(environments, eq(environments.id, targets.environmentId))
    .leftJoin(publicNames, ofName)
    .where(inArray(incidents.id, ids));
  return new Map(
    rows.flatMap(({ of, at, ref: name, refKind: kind, sha: commit, ...where }) =>
      at === null
        ? []
        : [
            [
              of,
              {
                ...where,
                version: told(versionOf({ ref: name, refKind: kind, sha: commit }), LONGEST_NAME),
                sha: commit.slice(0, 7),
                at: at.toISOString(),
              },
            ],
          ],
    ),
  );
}
