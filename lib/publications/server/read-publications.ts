import { and, asc, desc, eq, inArray, notInArray, sql } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { isPermitted } from '@/lib/auth/require';
import { hasOutlived } from '@/lib/connections/model/way-out';
import {
  components,
  connections,
  deployments,
  environments,
  extensionInstalls,
  extensionPackages,
  extensionPublications,
  targets,
} from '@/lib/db/schema';
import { TERMINAL_STATUSES } from '@/lib/deployments/model/status';
import { catalog } from '@/lib/providers/catalog.generated';
import type { AnyProvider, CredentialReport } from '@/lib/providers/port';
import {
  type PlaceView,
  PUBLICATION_ROWS,
  type PublicationCell,
  type PublicationRow,
  type PublicationsView,
} from '../model/view';
import { placeName } from './publish-to';
import { readAsks } from './unpublish-asks';
import { recallBy } from './unpublish-there';

const DAYS = 90;

const manifests: Readonly<Record<string, AnyProvider['manifest']>> = catalog;

/** Providers that take packages, by the catalogue. */
export const GALLERIES = Object.values(manifests).flatMap(({ id, capabilities }) => (capabilities.publish ? [id] : []));

/** Every gallery that the person may see. */
export async function readPlaces(ctx: ServiceContext): Promise<PlaceView[]> {
  const rows = await ctx.db
    .select({
      ...{ target: targets, component: components, environment: environments },
      ...{ providerId: connections.providerId, report: connections.report },
    })
    .from(targets)
    .innerJoin(components, eq(components.id, targets.componentId))
    .innerJoin(environments, eq(environments.id, targets.environmentId))
    .innerJoin(connections, eq(connections.id, targets.connectionId))
    .where(inArray(connections.providerId, GALLERIES))
    .orderBy(asc(components.position), asc(environments.position), asc(targets.label));
  const asked = await readAsks(
    ctx.db,
    rows.map(({ target }) => target.id),
  );
  const places: PlaceView[] = [];
  const recalls = new Map<string, PlaceView['recall']>();
  for (const { target, component, environment, providerId, report } of rows) {
    const manifest = manifests[providerId];
    const traits = manifest?.capabilities.publish;
    const maySee = (['deployment.read', 'deployment.request'] as const).some((each) =>
      isPermitted(ctx.actor, each, environment.slug),
    );
    if (!manifest || !traits || !maySee) continue;
    // A connection is opened once, however many places it has.
    const recall = recalls.get(target.connectionId) ?? (await recallBy(ctx, target.connectionId, traits.recall));
    recalls.set(target.connectionId, recall);
    places.push({
      targetId: target.id,
      name: placeName(component.name, environment.name, target.label),
      gallery: manifest.label,
      audience: traits.audience,
      environment: { slug: environment.slug, name: environment.name },
      extension: String(target.config.extension ?? ''),
      channel: String(target.config.channel ?? ''),
      notice: noticeFor(manifest, report as CredentialReport | null, target.config),
      recall,
      mayPublish: isPermitted(ctx.actor, 'deployment.request', environment.slug),
      unpublishing: asked.get(target.id) ?? null,
    });
  }
  return places;
}

/** Not where another way publishes, nor where a check since the end of the token's kind took it. */
function noticeFor(
  manifest: AnyProvider['manifest'],
  report: CredentialReport | null,
  config: Record<string, unknown>,
): string | null {
  const { notice = null, noticeUnless } = manifest.capabilities.publish ?? {};
  if (noticeUnless !== undefined && config[noticeUnless] !== undefined) return null;
  return hasOutlived(manifest, report) ? null : notice;
}

type CellRow = typeof extensionPublications.$inferSelect & { overdue: boolean };

export async function readCells(
  ctx: ServiceContext,
  packageIds: string[],
  targetIds: string[],
): Promise<Map<string, PublicationCell[]>> {
  const cells = new Map<string, PublicationCell[]>();
  if (packageIds.length === 0 || targetIds.length === 0) return cells;
  const overdue = sql<boolean>`coalesce(${extensionPublications.deadlineAt} < now(), false)`;
  const rows = await ctx.db
    .select({ row: extensionPublications, overdue })
    .from(extensionPublications)
    .where(
      and(inArray(extensionPublications.packageId, packageIds), inArray(extensionPublications.targetId, targetIds)),
    );
  for (const { row, overdue: isOverdue } of rows)
    cells.set(row.packageId, [...(cells.get(row.packageId) ?? []), cellOf({ ...row, overdue: isOverdue })]);
  return cells;
}

function cellOf({ targetId, state, overdue, detail, url, deploymentId, ...times }: CellRow): PublicationCell {
  return {
    ...{ targetId, state, overdue, detail, url, deploymentId },
    since: times.since.toISOString(),
    deadlineAt: times.deadlineAt?.toISOString() ?? null,
    lookedAt: times.lookedAt?.toISOString() ?? null,
    provenAt: times.proof?.at ?? null,
  };
}

type PackageRow = typeof extensionPackages.$inferSelect;

export function rowOf(row: PackageRow, cells: PublicationCell[]): PublicationRow {
  const { id: packageId, publisher, name, version, targetPlatform, prerelease, scan } = row;
  return { packageId, extension: `${publisher}.${name}`, version, targetPlatform, prerelease, scan, cells };
}

/** Versions × galleries: the newest packages, and where each of them is. */
export async function readPublications(ctx: ServiceContext): Promise<PublicationsView> {
  const places = await readPlaces(ctx);
  const targetIds = places.map(({ targetId }) => targetId);
  const packages = await ctx.db
    .select()
    .from(extensionPackages)
    .orderBy(desc(extensionPackages.uploadedAt), asc(extensionPackages.id))
    .limit(PUBLICATION_ROWS);
  const ids = packages.map(({ id }) => id);
  const cells = await readCells(ctx, ids, targetIds);
  return {
    places,
    rows: packages.map((row) => rowOf(row, cells.get(row.id) ?? [])),
    underWay: await readUnderWay(ctx, ids, targetIds),
    installs: await readInstalls(ctx, targetIds),
  };
}

async function readUnderWay(
  ctx: ServiceContext,
  packageIds: string[],
  targetIds: string[],
): Promise<PublicationsView['underWay']> {
  const packageId = sql<string>`${deployments.dispatch} -> 'publish' ->> 'packageId'`;
  return ctx.db
    .select({ packageId, targetId: deployments.targetId, deploymentId: deployments.id, number: deployments.number })
    .from(deployments)
    .where(
      and(
        inArray(deployments.targetId, targetIds),
        notInArray(deployments.status, [...TERMINAL_STATUSES]),
        inArray(packageId, packageIds),
      ),
    )
    .orderBy(asc(deployments.number));
}

async function readInstalls(ctx: ServiceContext, targetIds: string[]): Promise<PublicationsView['installs']> {
  if (targetIds.length === 0) return [];
  const since = sql`to_char((now() at time zone 'utc') - make_interval(days => ${DAYS}), 'YYYY-MM-DD')`;
  return ctx.db
    .select()
    .from(extensionInstalls)
    .where(and(inArray(extensionInstalls.targetId, targetIds), sql`${extensionInstalls.day} >= ${since}`))
    .orderBy(asc(extensionInstalls.day), asc(extensionInstalls.targetId));
}
