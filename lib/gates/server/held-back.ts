import { and, asc, eq, inArray, isNotNull, not, or, type SQL, sql } from 'drizzle-orm';
import type { DbOrTx } from '@/lib/auth/context';
import {
  type components,
  deployments,
  type environments,
  type pins,
  releases,
  sightings,
  targets,
} from '@/lib/db/schema';
import { goesBackSql } from '@/lib/deployments/server/hold';
import type { GateFacts } from '../model/facts';
import { freezesHolding, passesRollBack } from '../model/gates';
import type { HeldBack, PinEntry, ScopeView } from '../model/view';
import { covers, type FreezeNow, freezeHold } from './holds';

/** What the reader may see, by id. */
export interface Estate {
  environments: Map<string, typeof environments.$inferSelect>;
  components: Map<string, typeof components.$inferSelect>;
  targets: Map<string, typeof targets.$inferSelect>;
}

export interface Reach {
  environmentId: string | null;
  componentId: string | null;
  targetId?: string | null;
}

/** A queue of this length is a sign of other trouble; more is not listed. */
const LISTED = 500;

export function readQueued(db: DbOrTx, { targets: known }: Estate) {
  return readWaiting(db, [...known.keys()], eq(deployments.status, 'queued'));
}

/** What their hosts keep back: builds that stand there, and what is queued; not what has a host serve a build it has. */
export function readStanding(db: DbOrTx, targetIds: readonly string[]) {
  const built = and(inArray(deployments.status, ['building', 'deploying']), isNotNull(deployments.waitingFor));
  const servesAgain = sql`${deployments.dispatch} ? 'serve'`;
  return readWaiting(db, targetIds, and(or(eq(deployments.status, 'queued'), built), not(servesAgain)));
}

async function readWaiting(db: DbOrTx, targetIds: readonly string[], which: SQL | undefined) {
  if (targetIds.length === 0) return [];
  return db
    .select({
      id: deployments.id,
      number: deployments.number,
      sha: deployments.sha,
      // A re-run of a roll-back is one as well.
      kind: sql<
        GateFacts['kind']
      >`case when ${goesBackSql(sql`${deployments}`)} then 'rollback' else ${deployments.kind} end`,
      targetId: deployments.targetId,
      message: releases.message,
      requestedBy: deployments.requestedByName,
      freezeOverride: deployments.freezeOverride,
    })
    .from(deployments)
    .innerJoin(releases, eq(releases.id, deployments.releaseId))
    .where(and(which, inArray(deployments.targetId, [...targetIds])))
    .orderBy(asc(deployments.number))
    .limit(LISTED);
}

/** By target, how far what is live there is behind its branch; without those of which nobody knows. */
export async function readBehind(db: DbOrTx): Promise<Map<string, number>> {
  const rows = await db
    .select({ targetId: targets.id, behind: sightings.behind })
    .from(targets)
    .innerJoin(sightings, eq(sightings.targetId, targets.id))
    .innerJoin(deployments, eq(deployments.id, targets.currentDeploymentId))
    .where(eq(sightings.behindOf, deployments.sha));
  return new Map(rows.flatMap(({ targetId, behind }) => (behind === null ? [] : [[targetId, behind] as const])));
}

export function reached(estate: Estate, scope: Reach) {
  return [...estate.targets.values()].filter((target) =>
    covers(scope, { targetId: target.id, environmentId: target.environmentId, componentId: target.componentId }),
  );
}

/** How far a hold reaches, in the names of what is there. */
export function scopeOf(estate: Estate, row: Reach): ScopeView {
  const target = row.targetId ? (estate.targets.get(row.targetId) ?? null) : null;
  const environmentId = target?.environmentId ?? row.environmentId;
  const componentId = target?.componentId ?? row.componentId;
  const named = (found: { id: string; slug: string; name: string } | undefined) =>
    found ? { id: found.id, slug: found.slug, name: found.name } : null;
  return {
    environment: environmentId ? named(estate.environments.get(environmentId)) : null,
    component: componentId ? named(estate.components.get(componentId)) : null,
    target: target && { id: target.id, label: target.label },
  };
}

/** What does not go live, wherever. */
export interface Backlog {
  queued: Awaited<ReturnType<typeof readQueued>>;
  behind: ReadonlyMap<string, number>;
}

const ANYWHERE = { environmentId: null, componentId: null };

/** With the commit at which a roll-back holds its target. */
export type PinRow = typeof pins.$inferSelect & { sha: string | null };

type Waiting = Backlog['queued'][number];

/** Per target what waits there and is kept back. A wide hold lists only targets where something is. */
function heldBackWhere(
  estate: Estate,
  reach: Reach,
  { queued, behind }: Backlog,
  isKept: (waiting: Waiting) => boolean,
): HeldBack[] {
  const own = reached(estate, reach).map((target) => ({
    targetId: target.id,
    component: estate.components.get(target.componentId)?.name ?? '',
    environment: estate.environments.get(target.environmentId)?.name ?? '',
    label: target.label,
    queued: queued
      .filter((each) => each.targetId === target.id && isKept(each))
      .map(({ id, number, sha, message, requestedBy }) => ({ id, number, sha, message, requestedBy })),
    commitsBehind: behind.get(target.id) ?? null,
  }));
  return reach.targetId ? own : own.filter((each) => each.queued.length > 0);
}

/** What a pin or lock keeps back. */
export function heldBackBy(
  estate: Estate,
  pin: Reach & Pick<PinRow, 'kind' | 'deploymentId' | 'sha'>,
  backlog: Backlog,
): HeldBack[] {
  const passes = (waiting: Waiting) => pin.kind === 'rollback' && passesRollBack(waiting, pin);
  return heldBackWhere(estate, pin, backlog, (each) => each.id !== pin.deploymentId && !passes(each));
}

/** What the host of one target keeps back. */
export function heldBackAt(estate: Estate, targetId: string, backlog: Backlog): HeldBack[] {
  return heldBackWhere(estate, { ...ANYWHERE, targetId }, backlog, () => true);
}

/** What a freeze keeps back that holds now: all that nobody has let through it. */
export function heldBackInFreeze(estate: Estate, frozen: FreezeNow, backlog: Backlog): HeldBack[] {
  const hold = freezeHold(frozen);
  return heldBackWhere(
    estate,
    frozen.freeze,
    backlog,
    ({ freezeOverride }) => freezesHolding([hold], freezeOverride).length > 0,
  );
}

/** What lifting it does, step by step. */
export function resumeSteps(kind: PinEntry['kind'], heldBack: readonly HeldBack[], targetCount: number): string[] {
  const waiting = heldBack.flatMap((each) => each.queued);
  const where = targetCount === 1 ? 'this target' : `${targetCount} targets`;
  const steps = [`New deployments to ${where} are let through again, unless something else holds them.`];
  if (waiting.length > 0) {
    const names = waiting
      .slice(0, 5)
      .map((each) => `#${each.number}`)
      .join(', ');
    const more = waiting.length > 5 ? ` and ${waiting.length - 5} more` : '';
    steps.push(`What waits is sent at once, the oldest of each target first: ${names}${more}.`);
  } else steps.push('Nothing waits for it, so nothing is sent by lifting it.');
  if (kind === 'rollback') steps.push('What was rolled back stays live until the next deployment.');
  return [...steps, 'Who lifted it stays in the audit log.'];
}
