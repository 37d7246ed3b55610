import { asc, eq } from 'drizzle-orm';
import { personId } from '@/lib/auth/actor';
import type { ServiceContext } from '@/lib/auth/context';
import { isPermitted, whyNot, whyNotEverywhere } from '@/lib/auth/require';
import { components, deployments, environments, pins, targets } from '@/lib/db/schema';
import type { Permission } from '@/lib/members/model/role';
import { freezeSays } from '../model/freeze-words';
import type { FreezeEntry, HoldsView, PinEntry } from '../model/view';
import { activeFreezes, nextWindow, windowsOf } from '../model/windows';
import {
  type Backlog,
  type Estate,
  freezeHolder,
  heldBackBy,
  type PinRow,
  pinHolder,
  type Reach,
  reached,
  readBehind,
  readQueued,
  resumeSteps,
  scopeOf,
} from './held-back';
import { databaseNow, type FreezeRow, openFreezes, openPins } from './holds';
import { readHostHolds } from './host-holds';

const DAY_MS = 86_400_000;
const MAX_SPAN_MS = 400 * DAY_MS;

/** Everything that holds something back where the reader may look, and the freezes of a span (this month when left out). */
export async function readHolds(
  ctx: ServiceContext,
  input: { from?: string | undefined; to?: string | undefined },
): Promise<HoldsView> {
  const estate = await readEstate(ctx);
  const [now, pinRows, freezeRows, queued, behind] = await Promise.all([
    databaseNow(ctx.db),
    readPins(ctx),
    openFreezes(ctx.db),
    readQueued(ctx.db, estate),
    readBehind(ctx.db),
  ]);
  const visible = (scope: { environmentId: string | null; componentId: string | null; targetId?: string | null }) =>
    scope.targetId
      ? estate.targets.has(scope.targetId)
      : !scope.environmentId || estate.environments.has(scope.environmentId);
  const frozen = freezeRows.filter(visible);
  const held = pinRows.filter(visible);
  // What reaches only where the reader may not look holds nothing that they see.
  const holders = [...held.map(pinHolder), ...activeFreezes(frozen, now).map(freezeHolder)];
  const backlog = { queued, behind, holders };
  return {
    hosts: await readHostHolds(ctx.db, estate, { behind, holders }),
    pins: held.map((row) => toPin(ctx, estate, row, backlog)),
    freezes: frozen.map((row) => toFreeze(ctx, estate, row, { backlog, now })),
    windows: windowsIn(frozen, input, now),
    scopes: {
      environments: [...estate.environments.values()].map(({ id, slug, name }) => ({ id, slug, name })),
      components: [...estate.components.values()].map(({ id, slug, name }) => ({ id, slug, name })),
      targets: [...estate.targets.values()].map(({ id, label, componentId, environmentId }) => ({
        id,
        label,
        componentId,
        environmentId,
      })),
    },
    refusals: { lock: whyNot(ctx.actor, 'lock.create', null), freeze: whyNot(ctx.actor, 'freeze.manage', null) },
  };
}

async function readEstate(ctx: ServiceContext): Promise<Estate> {
  const [environmentRows, componentRows, targetRows] = await Promise.all([
    ctx.db.select().from(environments).orderBy(asc(environments.position), asc(environments.slug)),
    ctx.db.select().from(components).orderBy(asc(components.position), asc(components.slug)),
    ctx.db.select().from(targets).orderBy(asc(targets.label), asc(targets.id)),
  ]);
  const readable = environmentRows.filter((row) => isPermitted(ctx.actor, 'deployment.read', row.slug));
  const known = new Set(readable.map((row) => row.id));
  return {
    environments: new Map(readable.map((row) => [row.id, row])),
    components: new Map(componentRows.map((row) => [row.id, row])),
    targets: new Map(targetRows.filter((row) => known.has(row.environmentId)).map((row) => [row.id, row])),
  };
}

async function readPins(ctx: ServiceContext): Promise<PinRow[]> {
  const rows = await ctx.db
    .select({ pin: pins, sha: deployments.sha })
    .from(pins)
    .leftJoin(deployments, eq(deployments.id, pins.deploymentId))
    .where(openPins())
    .orderBy(asc(pins.createdAt));
  return rows.map(({ pin, sha }) => ({ ...pin, sha }));
}

function toPin(ctx: ServiceContext, estate: Estate, row: PinRow, backlog: Backlog): PinEntry {
  const heldBack = heldBackBy(estate, pinHolder(row), backlog);
  const own = personId(ctx.actor) === row.createdBy;
  return {
    id: row.id,
    kind: row.kind,
    scope: scopeOf(estate, row),
    reason: row.reason,
    by: { id: row.createdBy, name: row.createdByName },
    since: row.createdAt.toISOString(),
    until: row.expiresAt?.toISOString() ?? null,
    heldBack,
    refusal: own ? null : refusalThere(ctx, estate, row, 'pin.lift'),
    resume: resumeSteps(row.kind, heldBack, reached(estate, row).length),
  };
}

function toFreeze(
  ctx: ServiceContext,
  estate: Estate,
  row: FreezeRow,
  { backlog, now }: { backlog: Backlog; now: number },
): FreezeEntry {
  const next = nextWindow(row, now);
  const active = next !== null && next.from <= now;
  const own = personId(ctx.actor) === row.createdBy;
  return {
    id: row.id,
    version: row.version,
    name: row.name,
    reason: row.reason,
    scope: scopeOf(estate, row),
    timeZone: row.timeZone,
    startsAt: row.startsAt,
    durationMinutes: row.durationMinutes,
    recurrence: row.recurrence,
    says: freezeSays(row),
    by: { id: row.createdBy, name: row.createdByName },
    next: next && {
      from: new Date(next.from).toISOString(),
      to: new Date(next.to).toISOString(),
      active,
    },
    heldBack: active ? heldBackBy(estate, freezeHolder({ freeze: row, window: next }), backlog) : [],
    refusal: refusalThere(ctx, estate, row, own ? 'freeze.manage' : 'freeze.override'),
  };
}

/** Why the reader may not change it where it reaches; what reaches into all environments takes the role in all. */
function refusalThere(ctx: ServiceContext, estate: Estate, row: Reach, permission: Permission): string | null {
  const environmentId = row.targetId ? estate.targets.get(row.targetId)?.environmentId : row.environmentId;
  const slug = environmentId ? estate.environments.get(environmentId)?.slug : undefined;
  if (slug !== undefined) return whyNot(ctx.actor, permission, slug);
  return whyNotEverywhere(ctx.actor, permission);
}

/** At most 400 days; what is asked for beyond that is left out. */
function windowsIn(rows: FreezeRow[], input: { from?: string | undefined; to?: string | undefined }, now: number) {
  const from = input.from === undefined ? now - DAY_MS : Date.parse(input.from);
  const to = Math.min(input.to === undefined ? from + 62 * DAY_MS : Date.parse(input.to), from + MAX_SPAN_MS);
  return rows
    .flatMap((row) => windowsOf(row, from, to).map((window) => ({ freezeId: row.id, ...window })))
    .sort((a, b) => a.from - b.from)
    .map((each) => ({ ...each, from: new Date(each.from).toISOString(), to: new Date(each.to).toISOString() }));
}
