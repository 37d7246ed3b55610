import { and, asc, eq, inArray } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { isPermitted, requireAnywhere, whyNot } from '@/lib/auth/require';
import { components, connections, deployments, environments, sightings, targets } from '@/lib/db/schema';
import { ACTIVE_STATUSES } from '@/lib/deployments/model/status';
import { catalog } from '@/lib/providers/catalog.generated';
import { shownUrl } from '@/lib/targets/model/probe';
import type { Shown } from '../model/proof';
import type { RenderingRow, RenderingView } from '../model/rendering-view';

/** Every web dashboard in the environments that the reader may see, in the order of the matrix. Asks no provider. */
export async function readRendering(ctx: ServiceContext): Promise<RenderingView> {
  requireAnywhere(ctx.actor, 'deployment.read');
  const rows = (await selectTargets(ctx)).filter((row) =>
    isPermitted(ctx.actor, 'deployment.read', row.environment.slug),
  );
  const underWay = await selectUnderWay(
    ctx,
    rows.map(({ target }) => target.id),
  );
  return { rows: rows.map((row) => toRow(ctx, row, underWay.get(row.target.id) ?? null)) };
}

function selectTargets(ctx: ServiceContext) {
  return ctx.db
    .select({
      target: { id: targets.id, label: targets.label, probe: targets.probe, rendering: targets.rendering },
      component: { slug: components.slug, name: components.name },
      environment: { slug: environments.slug, name: environments.name, isProduction: environments.isProduction },
      connection: { id: connections.id, name: connections.name, providerId: connections.providerId },
      live: {
        id: deployments.id,
        number: deployments.number,
        sha: deployments.sha,
        ref: deployments.ref,
        finishedAt: deployments.finishedAt,
        evidence: deployments.evidence,
      },
      drift: { since: sightings.driftSince, sentence: sightings.driftSentence },
    })
    .from(targets)
    .innerJoin(components, eq(components.id, targets.componentId))
    .innerJoin(environments, eq(environments.id, targets.environmentId))
    .innerJoin(connections, eq(connections.id, targets.connectionId))
    .leftJoin(deployments, eq(deployments.id, targets.currentDeploymentId))
    .leftJoin(sightings, eq(sightings.targetId, targets.id))
    .where(eq(components.kind, 'dashboard'))
    .orderBy(asc(components.position), asc(components.slug), asc(environments.position), asc(targets.label));
}

/** The oldest that is not over yet: what stands in front. */
async function selectUnderWay(ctx: ServiceContext, targetIds: string[]) {
  const found = await ctx.db
    .select({
      targetId: deployments.targetId,
      deploymentId: deployments.id,
      number: deployments.number,
      mode: deployments.rendering,
    })
    .from(deployments)
    .where(and(inArray(deployments.targetId, targetIds), inArray(deployments.status, [...ACTIVE_STATUSES])))
    .orderBy(asc(deployments.number));
  return new Map(found.reverse().map(({ targetId, ...each }) => [targetId, each]));
}

type Row = Awaited<ReturnType<typeof selectTargets>>[number];

function toRow(ctx: ServiceContext, row: Row, underWay: RenderingRow['underWay']): RenderingRow {
  const { target, component, environment, connection, drift } = row;
  const manifest = catalog[connection.providerId];
  return {
    ...{ targetId: target.id, label: target.label, component, environment, mode: target.rendering, underWay },
    modes: [...(manifest?.capabilities.rendering?.modes ?? [])],
    host: {
      label: manifest?.label ?? connection.providerId,
      connectionId: connection.id,
      connectionName: connection.name,
    },
    address: target.probe ? shownUrl(target.probe.url) : null,
    live: toLive(row.live),
    drift: drift?.since ? { since: drift.since.toISOString(), sentence: drift.sentence ?? '' } : null,
    baked: bakedNames(row.live?.evidence ?? null),
    refusal: whyNot(ctx.actor, 'deployment.request', environment.slug),
  };
}

function toLive(live: Row['live']): RenderingRow['live'] {
  if (!live) return null;
  const proof = live.evidence?.rendering as Shown | undefined;
  return {
    ...{ deploymentId: live.id, number: live.number, sha: live.sha, ref: live.ref },
    ...{ at: live.finishedAt?.toISOString() ?? null, shown: proof?.shown ?? null, proof: proof?.sentence ?? null },
  };
}

/** Written into the evidence when the deployment was verified; see lib/deployments/server/baked.ts. */
function bakedNames(evidence: Record<string, unknown> | null): string[] | null {
  const baked = evidence?.baked;
  if (!Array.isArray(baked)) return null;
  return baked.flatMap((each: { name?: unknown }) => (typeof each?.name === 'string' ? [each.name] : [])).sort();
}
