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
import { whatStarts } from '../model/what-starts';
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

/** What does not go live, wherever, and everything that holds. */
export interface Backlog {
  queued: Awaited<ReturnType<typeof readQueued>>;
  behind: ReadonlyMap<string, number>;
  holders: readonly Holder[];
}

type Waiting = Backlog['queued'][number];

/** A pin, lock or freeze that holds now. `keeps`: of what waits where it reaches. */
export interface Holder {
  id: string;
  reach: Reach;
  says: string;
  keeps: (waiting: Waiting) => boolean;
}

/** With the commit at which a roll-back holds its target. */
export type PinRow = typeof pins.$inferSelect & { sha: string | null };

export function pinHolder(pin: PinRow): Holder {
  const passes = (waiting: Waiting) => pin.kind === 'rollback' && passesRollBack(waiting, pin);
  return {
    id: pin.id,
    reach: pin,
    says: `the ${pin.kind === 'lock' ? 'lock' : 'roll-back'} of ${pin.createdByName}`,
    keeps: (waiting) => waiting.id !== pin.deploymentId && !passes(waiting),
  };
}

/** It keeps back all that nobody has let through it. */
export function freezeHolder(frozen: FreezeNow): Holder {
  const hold = freezeHold(frozen);
  return {
    id: frozen.freeze.id,
    reach: frozen.freeze,
    says: `the freeze “${frozen.freeze.name}”`,
    keeps: ({ freezeOverride }) => freezesHolding([hold], freezeOverride).length > 0,
  };
}

/** What one of them keeps back, per target. One that reaches wide lists only targets where something is. */
export function heldBackBy(estate: Estate, holder: Holder, backlog: Backlog): HeldBack[] {
  const all = reached(estate, holder.reach).map((target) =>
    heldBackThere(estate, target, backlog, { keeps: holder.keeps, but: holder.id }),
  );
  return holder.reach.targetId ? all : all.filter(({ queued }) => queued.length > 0);
}

/** What the host of one target keeps back. */
export function heldBackAt(estate: Estate, targetId: string, backlog: Backlog): HeldBack[] {
  const target = estate.targets.get(targetId);
  return target ? [heldBackThere(estate, target, backlog, { keeps: () => true, but: null })] : [];
}

function heldBackThere(
  estate: Estate,
  target: typeof targets.$inferSelect,
  { queued, behind, holders }: Backlog,
  { keeps, but }: { keeps: Holder['keeps']; but: string | null },
): HeldBack {
  const { id: targetId, environmentId, componentId, label } = target;
  const others = holders.filter(
    ({ id, reach }) => id !== but && covers(reach, { targetId, environmentId, componentId }),
  );
  const alsoHeldBy = (waiting: Waiting) => [
    ...new Set(others.filter((each) => each.keeps(waiting)).map(({ says }) => says)),
  ];
  return {
    targetId,
    component: estate.components.get(componentId)?.name ?? '',
    environment: estate.environments.get(environmentId)?.name ?? '',
    label,
    queued: queued
      .filter((each) => each.targetId === targetId && keeps(each))
      .map((each) => {
        const { id, number, sha, message, requestedBy } = each;
        return { id, number, sha, message, requestedBy, alsoHeldBy: alsoHeldBy(each) };
      }),
    commitsBehind: behind.get(targetId) ?? null,
  };
}

/** What lifting it does, step by step. */
export function resumeSteps(kind: PinEntry['kind'], heldBack: readonly HeldBack[], targetCount: number): string[] {
  const where = targetCount === 1 ? 'this target' : `${targetCount} targets`;
  const starts = whatStarts(heldBack);
  return [
    `New deployments to ${where} are let through again, unless something else holds them.`,
    ...(starts.length > 0 ? starts : ['Nothing waits for it, so nothing is sent by lifting it.']),
    ...(kind === 'rollback' ? ['What was rolled back stays live until the next deployment.'] : []),
    'Who lifted it stays in the audit log.',
  ];
}
