import { and, desc, eq, getTableColumns, inArray, type SQL, sql } from 'drizzle-orm';
import type { DbOrTx, ServiceContext, Tx } from '@/lib/auth/context';
import { deployments, sightings, targets } from '@/lib/db/schema';
import { IN_FLIGHT_STATUSES, TERMINAL_STATUSES } from '@/lib/deployments/model/status';
import { namesOf, versionOf } from '@/lib/deployments/model/version';
import { knownNames } from '@/lib/deployments/server/known-names';
import { ServiceError } from '@/lib/kernel/errors';
import { driftOf, type Known, sameDriftOf } from '../model/drift';
import type { Look } from '../model/schemas';
import { explainSight, type Finding, findLive, type Sight, type Target } from './find-live';
import { heldThere } from './held-there';
import { tellDrift } from './tell-drift';

type Sighting = typeof sightings.$inferSelect;
/** What changed while it was looked at is looked at again this soon. */
const SOON_SECONDS = 10;

/**
 * Looks at what is live on one target and writes it down. Drift is told once for each change, by event and audit line, and
 * again when it is over; trouble changes nothing of what was known. `orProvider`: what is down itself is asked of its
 * provider, for the engine, which acts on it; where that knows of nothing, it is no trouble to the caller. Throws `notFound`.
 */
export async function look(ctx: ServiceContext, targetId: string, orProvider = false): Promise<Look> {
  const before = await ctx.db.query.targets.findFirst({ where: eq(targets.id, targetId) });
  if (!before)
    throw new ServiceError('notFound', 'target_not_found', 'There is no such target. It may have been removed.');
  let finding = await findLive(ctx, before, orProvider);
  if (finding.kind === 'seen' && (await isNews(ctx, before, finding.sight)))
    finding = { kind: 'seen', sight: await explainSight(ctx, before, finding.sight) };
  if (finding.kind === 'seen' && !orProvider)
    finding = { kind: 'seen', sight: { ...finding.sight, held: await heldThere(ctx, before, finding.sight) } };
  return ctx.db.transaction(async (tx) => {
    const sighting = await lockSighting(tx, targetId);
    const [now] = await tx.select().from(targets).where(eq(targets.id, targetId));
    // What is live may have been put there after the look: then its answer is about the past.
    if (now?.currentDeploymentId !== before.currentDeploymentId) return later(tx, sighting);
    return finding.kind === 'seen'
      ? writeSight(tx, ctx, before, sighting, finding.sight)
      : writeNothing(tx, sighting, finding);
  });
}

async function isNews(ctx: ServiceContext, target: Target, sight: Sight): Promise<boolean> {
  if (driftOf(sight, await knownOf(ctx.db, target)) === null) return false;
  const [last] = await ctx.db.select().from(sightings).where(eq(sightings.targetId, target.id));
  return !last?.driftSince || last.sha !== sight.sha || last.version !== sight.version;
}

async function lockSighting(tx: Tx, targetId: string): Promise<Sighting> {
  await tx.insert(sightings).values({ targetId }).onConflictDoNothing();
  const [row] = await tx.select().from(sightings).where(eq(sightings.targetId, targetId)).for('update');
  if (!row) throw new Error('The sighting was not written.');
  return row;
}

/** What waits says nothing about what is live and may be any number of rows, so it is not among those that are read. */
async function knownOf(tx: DbOrTx, target: Target): Promise<Known> {
  const here = eq(deployments.targetId, target.id);
  const flying = await read(tx, and(here, inArray(deployments.status, [...IN_FLIGHT_STATUSES])));
  const ended = await read(tx, and(here, inArray(deployments.status, [...LOOKED_AT]))).limit(50);
  // What is live may be older than the newest fifty.
  const [current] = await read(tx, eq(deployments.id, target.currentDeploymentId ?? ''));
  const all = [...flying, ...ended, ...(current ? [current] : [])];
  const branches = all.filter((row) => row.refKind === 'branch').map((row) => row.sha);
  const known = await knownNames(tx, target.componentId, [...new Set(branches)]);
  const named = <R extends (typeof all)[number]>(row: R) => ({
    ...row,
    version: versionOf(row),
    also: namesOf(row, known.get(row.sha) ?? []),
  });
  const past = ended.filter((row) => row.id !== current?.id).map(named);
  return { current: current ? named(current) : null, inFlight: flying.map(named), past };
}

const LOOKED_AT = TERMINAL_STATUSES.filter((status) => status !== 'superseded');

function read(tx: DbOrTx, which: SQL | undefined) {
  const { id, number, sha, ref, refKind, status } = getTableColumns(deployments);
  return tx
    .select({ id, number, sha, ref, refKind, status })
    .from(deployments)
    .where(which)
    .orderBy(desc(deployments.number));
}

async function writeSight(tx: Tx, ctx: ServiceContext, target: Target, last: Sighting, sight: Sight): Promise<Look> {
  const known = await knownOf(tx, target);
  const again = last.driftBefore !== null && last.driftBefore === (sight.sha ?? sight.version);
  const drift = again ? sameDriftOf(sight, known) : driftOf(sight, known);
  const same = last.sha === sight.sha && last.version === sight.version;
  // The same drift, seen again without its author: what was found out about it stays.
  const kept = drift !== null && last.driftSince !== null && same;
  await tx
    .update(sightings)
    .set({
      lookedAt: sql`now()`,
      source: sight.source,
      sha: sight.sha,
      version: sight.version,
      ...(kept ? {} : { remoteId: sight.remoteId, remoteUrl: sight.url, byName: sight.byName }),
      driftSince: drift === null ? null : kept ? last.driftSince : sql`now()`,
      driftSentence: kept ? last.driftSentence : drift,
      driftBefore: null,
      ...heldFacts(sight.held),
      troubleCount: 0,
      troubleSentence: null,
    })
    .where(eq(sightings.targetId, target.id));
  if (drift !== null && !kept) await tellDrift(tx, ctx, target, drift);
  if (drift === null && last.driftSince !== null) await tellDrift(tx, ctx, target, null);
  return { live: sight.sha ?? sight.version, drift: kept ? last.driftSentence : drift, trouble: null };
}

/** Since when it is held stays while it is; what was not asked leaves what was known. */
function heldFacts(held: Sight['held']) {
  if (held === undefined) return {};
  return { heldSentence: held, heldSince: held === null ? null : sql`coalesce(${sightings.heldSince}, now())` };
}

/** Nothing was seen, so what was seen before is no younger for it. */
async function writeNothing(tx: Tx, last: Sighting, finding: Exclude<Finding, { kind: 'seen' }>): Promise<Look> {
  const trouble = finding.kind === 'trouble' ? finding.sentence : null;
  await tx
    .update(sightings)
    .set({
      lookedAt: sql`coalesce(${sightings.lookedAt}, now())`,
      troubleSentence: trouble,
      troubleCount: trouble ? last.troubleCount + 1 : 0,
      ...(finding.kind === 'nothing' ? heldFacts(null) : {}),
    })
    .where(eq(sightings.targetId, last.targetId));
  const nobodyElse = finding.kind === 'trouble' && finding.asked === true;
  return { live: last.sha ?? last.version, drift: last.driftSentence, trouble: nobodyElse ? null : trouble };
}

async function later(tx: Tx, last: Sighting): Promise<Look> {
  await tx
    .update(sightings)
    .set({ nextLookAt: sql`now() + make_interval(secs => ${SOON_SECONDS})` })
    .where(eq(sightings.targetId, last.targetId));
  return { live: last.sha ?? last.version, drift: last.driftSentence, trouble: null };
}
