import { and, asc, desc, eq, inArray, type SQL, sql } from 'drizzle-orm';
import type { Db } from '@/lib/db/client';
import { components, deployments, environments, publicNames, sightings, targets } from '@/lib/db/schema';
import { IN_FLIGHT_STATUSES } from '@/lib/deployments/model/status';
import { versionOf } from '@/lib/deployments/model/version';
import { type Impact, worseOf } from '@/lib/status/model/words';
import { ofName, type PublicNews, publicWhere, readPublicNews, readUptime, statusLinks } from '@/lib/status/server';
import { publicStatus } from '../model/schemas';
import { PUBLIC_RELEASES, type PublicPlace, type PublicRelease, type PublicStatus } from '../model/status';

const LONGEST = 200;

/** Each column by name: a column that is added later stays here. */
const revision = { ref: deployments.ref, refKind: deployments.refKind, sha: deployments.sha };

/** What everybody may see: asks nobody who they are, and reads only targets that somebody made public. */
export async function readPublicStatus(db: Db): Promise<PublicStatus> {
  const [clock, rows, releases, news, uptimes] = await Promise.all([
    db.execute<{ at: string }>(
      sql`select to_char(date_trunc('minute', now() at time zone 'utc'), 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as at`,
    ),
    readPlaces(db),
    readReleases(db),
    readPublicNews(db),
    readUptime(db),
  ]);
  const { incidents, maintenances } = news;
  const places = rows.map(
    ({ targetId, ...place }): PublicPlace => ({
      ...place,
      ...troubleOf(news, targetId),
      uptime: uptimes.get(targetId) ?? null,
    }),
  );
  // Anything that is not in the schema fails here, and reaches nobody.
  return publicStatus.parse({
    ...{ schema: 1, at: clock.rows[0]?.at, places, releases },
    ...{ incidents, maintenances, links: statusLinks() },
  });
}

/** What goes on now and touches a target. */
function troubleOf({ incidents, maintenances, touched }: PublicNews, targetId: string) {
  const here = new Set(touched.flatMap((each) => (each.targetId === targetId ? [each.of] : [])));
  const impacts = incidents.filter(({ id, resolvedAt }) => resolvedAt === null && here.has(id));
  return {
    impact: impacts.reduce<Impact | null>((worst, { impact }) => worseOf(impact, worst ?? impact), null),
    maintained: maintenances.some(({ id, state }) => state === 'in_progress' && here.has(id)),
  };
}

type PlaceRow = Omit<PublicPlace, 'impact' | 'maintained' | 'uptime'> & { targetId: string };

async function readPlaces(db: Db): Promise<PlaceRow[]> {
  const inFlight = sql<boolean>`exists (select 1 from deployments as moving where moving.target_id = ${targets.id} and ${inStatuses(sql`moving.status`)})`;
  const rows = await db
    .select({
      ...{ targetId: targets.id, ...publicWhere },
      live: { ...revision, at: deployments.finishedAt },
      seen: { sha: sightings.sha, version: sightings.version, since: sightings.driftSince },
      inFlight,
    })
    .from(targets)
    .innerJoin(components, eq(components.id, targets.componentId))
    .innerJoin(environments, eq(environments.id, targets.environmentId))
    .leftJoin(deployments, eq(deployments.id, targets.currentDeploymentId))
    .leftJoin(sightings, eq(sightings.targetId, targets.id))
    .leftJoin(publicNames, ofName)
    .where(eq(targets.isPublic, true))
    .orderBy(
      ...[desc(environments.isProduction), asc(environments.position), asc(environments.slug)],
      ...[asc(components.position), asc(components.slug), asc(targets.label)],
    );
  return rows.map(({ live, seen, inFlight: moving, ...names }) => ({ ...names, ...standing(live, seen, moving) }));
}

type Live = { ref: string | null; refKind: 'branch' | 'tag' | null; sha: string | null; at: Date | null } | null;
type Seen = { sha: string | null; version: string | null; since: Date | null } | null;

/** What was found there counts for more than what we put there. */
function standing(live: Live, seen: Seen, moving: boolean): Pick<PublicPlace, 'version' | 'sha' | 'since' | 'state'> {
  if (seen?.since) {
    const sha = seen.sha?.slice(0, 7) ?? null;
    const version = seen.version?.slice(0, LONGEST) ?? sha;
    return { version, sha, since: seen.since.toISOString(), state: 'checking' };
  }
  const { ref, refKind, sha } = live ?? {};
  if (!ref || !refKind || !sha) return { version: null, sha: null, since: null, state: 'empty' };
  return {
    version: versionOf({ ref, refKind, sha }).slice(0, LONGEST),
    sha: sha.slice(0, 7),
    since: live?.at?.toISOString() ?? null,
    state: moving ? 'updating' : 'live',
  };
}

async function readReleases(db: Db): Promise<PublicRelease[]> {
  const open = db.select({ id: targets.id }).from(targets).where(eq(targets.isPublic, true));
  const rows = await db
    .select({ ...publicWhere, ...revision, at: deployments.finishedAt, kind: deployments.kind })
    .from(deployments)
    .innerJoin(targets, eq(targets.id, deployments.targetId))
    .innerJoin(components, eq(components.id, targets.componentId))
    .innerJoin(environments, eq(environments.id, targets.environmentId))
    .leftJoin(publicNames, ofName)
    .where(and(eq(deployments.status, 'succeeded'), inArray(deployments.targetId, open)))
    .orderBy(desc(deployments.number))
    .limit(PUBLIC_RELEASES);
  return rows.flatMap(({ at, kind, ref, refKind, sha, ...names }) =>
    at === null
      ? []
      : [
          {
            ...names,
            version: versionOf({ ref, refKind, sha }).slice(0, LONGEST),
            sha: sha.slice(0, 7),
            at: at.toISOString(),
            restored: kind === 'rollback',
          },
        ],
  );
}

function inStatuses(status: SQL): SQL {
  return sql`${status} in ${[...IN_FLIGHT_STATUSES]}`;
}
