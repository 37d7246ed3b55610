import { and, desc, eq, type SQL, sql } from 'drizzle-orm';
import type { DbOrTx, ServiceContext } from '@/lib/auth/context';
import { components, deployments, environments, targets } from '@/lib/db/schema';
import { askRecord } from '@/lib/rendering/server/ask-record';
import { BUILD_RECORD_PATH } from '../../rendering/model/build-record';
import { hasRendering } from '../../rendering/model/mode';
import { recordAddresses } from '../../rendering/model/proof';
import { type BakedFact, type BakedValue, compareBaked, readBaked, readLeftOut, readSalt } from '../model/baked';
import type { DeploymentRow } from './rows';

/**
 * The public values in a build, against those of what was last built for the target itself: where those were not read, of an
 * older one only what it says against the build counts. Null for a build of the same target: that is its own configuration,
 * as it was.
 */
export async function readBakedFact(
  db: DbOrTx,
  what: { sourceId: string; targetId: string },
): Promise<BakedFact | null> {
  const [source] = await db
    .select({ targetId: deployments.targetId, evidence: deployments.evidence, environment: environments.name })
    .from(deployments)
    .innerJoin(environments, eq(environments.id, deployments.environmentId))
    .where(eq(deployments.id, what.sourceId));
  if (!source || source.targetId === what.targetId) return null;
  const { environment, evidence } = source;
  const build = readBaked(evidence);
  const last = await lastBuilt(db, what.targetId);
  const isProof = (build ?? []).length > 0;
  const own = last && readBaked(last) === null && !isProof ? await lastBuilt(db, what.targetId, WITH_VALUES) : last;
  const salts = { build: readSalt(evidence), own: readSalt(own) };
  return { ...compareBaked(environment, build, readBaked(own), salts), leftOut: readLeftOut(evidence) };
}

const WITH_VALUES = sql`${deployments.evidence} ? 'baked'`;

/** The evidence of what was last built for a target, or of the last of which more holds; null where there is none. */
async function lastBuilt(db: DbOrTx, targetId: string, more?: SQL): Promise<DeploymentRow['evidence']> {
  const [row] = await db
    .select({ evidence: deployments.evidence })
    .from(deployments)
    .where(
      and(
        eq(deployments.targetId, targetId),
        eq(deployments.status, 'succeeded'),
        // What was promoted here, or served again, was built at another place or time.
        sql`not (${deployments.dispatch} ? 'serve')`,
        more,
      ),
    )
    .orderBy(desc(deployments.number))
    .limit(1);
  return row?.evidence ?? null;
}

/** For the evidence of a deployment that is about to count as live. What nobody can see from outside is left out. */
export async function bakedEvidence(ctx: ServiceContext, row: DeploymentRow): Promise<Recorded | Record<never, never>> {
  return (row.dispatch.serve ? await ofSource(ctx, row) : await ofBuild(ctx, row)) ?? {};
}

/** As it stands in the evidence. */
interface Recorded {
  baked: BakedValue[];
  bakedSalt?: string;
  bakedLeftOut?: string[];
}

interface Told {
  baked: BakedValue[] | null;
  salt?: string | null | undefined;
  leftOut?: string[] | undefined;
}

function recorded({ baked, salt, leftOut = [] }: Told): Recorded | null {
  const more = { ...(salt ? { bakedSalt: salt } : {}), ...(leftOut.length > 0 ? { bakedLeftOut: leftOut } : {}) };
  return baked && { baked, ...more };
}

/** It is the same build. */
async function ofSource(ctx: ServiceContext, row: DeploymentRow): Promise<Recorded | null> {
  const [source] = await ctx.db
    .select({ evidence: deployments.evidence })
    .from(deployments)
    .where(eq(deployments.id, row.sourceDeploymentId ?? ''));
  if (!source) return null;
  const { evidence } = source;
  return recorded({ baked: readBaked(evidence), salt: readSalt(evidence), leftOut: readLeftOut(evidence) });
}

/** A record of another commit is of another build; one without a commit counts only at the build's own address. */
async function ofBuild(ctx: ServiceContext, row: DeploymentRow): Promise<Recorded | null> {
  const [place] = await ctx.db
    .select({ kind: components.kind, probe: targets.probe })
    .from(targets)
    .innerJoin(components, eq(components.id, targets.componentId))
    .where(eq(targets.id, row.targetId));
  if (!place || !hasRendering(place)) return null;
  const own = await ownAddress(ctx, row);
  if (own) {
    const found = await askRecord(ctx, [`${own}${BUILD_RECORD_PATH}`]);
    if (found.kind === 'record' && (found.record.sha ?? row.sha) === row.sha) return recorded(found.record);
  }
  if (!place.probe) return null;
  const found = await askRecord(ctx, recordAddresses(place.probe.url, BUILD_RECORD_PATH));
  return found.kind === 'record' && found.record.sha === row.sha ? recorded(found.record) : null;
}

/** Where the host serves this very build. Its trouble says nothing about the deployment, so it is left for another time. */
async function ownAddress(ctx: ServiceContext, row: DeploymentRow): Promise<string | null> {
  if (!row.remoteId) return null;
  try {
    const { provider, context } = await ctx.openConnection(row.connectionId);
    const ref = { id: row.remoteId, attempt: row.remoteAttempt, url: row.remoteUrl ?? '' };
    const address = (await provider.methods.previews?.read(context, row.config, ref))?.address;
    return address?.replace(/\/+$/, '') ?? null;
  } catch {
    return null;
  }
}
