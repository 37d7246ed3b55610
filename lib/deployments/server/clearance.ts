import { and, eq, inArray } from 'drizzle-orm';
import type { DbOrTx, ServiceContext, Tx } from '@/lib/auth/context';
import { deployments } from '@/lib/db/schema';
import type { GateView } from '@/lib/gates/model/gate';
import { firstHolding, freezesHolding, type GateFacts, gates } from '@/lib/gates/model/gates';
import { readApprovals, voidApprovals } from '@/lib/gates/server/approvals';
import type { EnvironmentRow } from '@/lib/gates/server/locking';
import { type CheckState, capability } from '@/lib/providers/port';
import { IN_FLIGHT_STATUSES } from '../model/status';
import { type Live, readLive, type Standing, standing } from './age';
import { overrideOf, readGateFacts } from './gate';
import { goesBack } from './hold';
import { nextQueued } from './move';
import { askAgain, followPolicy } from './policy-change';
import { type DeploymentRow, requireTarget } from './rows';
import { supersede } from './supersede';

const LOOK_AGAIN_SECONDS = 60;

/** What the provider said outside of the locks, and about which state of the target. */
export interface Asked {
  live: (Live & { chosenIs: Standing }) | null;
  checks: CheckState;
}

type Verdict =
  | { kind: 'go'; comparedWithId: string | null }
  | { kind: 'wait'; sentence: string; seconds: number }
  | { kind: 'ask' }
  | { kind: 'moved' };

const wait = (sentence: string, seconds = LOOK_AGAIN_SECONDS): Verdict => ({ kind: 'wait', sentence, seconds });

/**
 * May this row be sent now? Called with its environment, target and itself locked. First what holds everybody, then
 * whose turn it is, then what is this one's own: approvals, age.
 */
export async function clearance(
  tx: Tx,
  ctx: ServiceContext,
  claimed: DeploymentRow,
  environment: EnvironmentRow,
  asked: Asked | null,
): Promise<Verdict> {
  const busy = await inTheWay(tx, claimed);
  if (busy) return wait(`#${busy} is on this target; it goes first.`);
  const row = await followPolicy(tx, ctx, claimed, environment);
  if (!row) return { kind: 'moved' };
  const loaded = { ...(await requireTarget(tx, row.targetId)), environment };
  const back = await goesBack(tx, row);
  const facts = await readGateFacts(tx, loaded, null, {
    kind: back ? 'rollback' : row.kind,
    sha: row.sha,
    freezeOverride: overrideOf(row),
    ticked: row.checklist,
    checks: asked?.checks ?? null,
  });
  const holding = firstHolding(gates(facts));
  if (holding) return wait(holding.sentence, secondsUntil(holding, facts.now));
  const first = await nextQueued(tx, row.targetId, { throughFreeze: letThrough(facts) });
  if (first && first.id !== row.id) return wait(`#${first.number} was asked for earlier; it goes first.`);
  if (await lacksApproval(tx, ctx, row, environment)) return { kind: 'moved' };
  return ownAge(tx, ctx, row, loaded.target.currentDeploymentId, asked, facts);
}

async function inTheWay(tx: Tx, row: DeploymentRow): Promise<number | null> {
  const flying = and(eq(deployments.targetId, row.targetId), inArray(deployments.status, [...IN_FLIGHT_STATUSES]));
  const [busy] = await tx.select({ number: deployments.number }).from(deployments).where(flying).limit(1);
  return busy?.number ?? null;
}

/** What keeps a request that had been let through from being sent once more: a lock or a freeze of since then. */
export async function heldBack(
  db: DbOrTx,
  row: DeploymentRow,
): Promise<{ code: string; sentence: string; seconds: number } | null> {
  const loaded = await requireTarget(db, row.targetId);
  const facts = await readGateFacts(db, loaded, null, { kind: row.kind, freezeOverride: overrideOf(row) });
  const holding = gates(facts).find(
    (each) => (each.kind === 'lock' || each.kind === 'freeze') && each.state !== 'open',
  );
  if (!holding) return null;
  return { code: holding.code, sentence: holding.sentence, seconds: secondsUntil(holding, facts.now) };
}

/** A freeze holds, and not this one. */
function letThrough({ pins }: Pick<GateFacts, 'pins'>): boolean {
  return freezesHolding(pins, null).length > 0;
}

/** What opens by itself is looked at when it does, not a minute later. */
function secondsUntil({ until }: GateView, now: number): number {
  if (until === null) return LOOK_AGAIN_SECONDS;
  return Math.max(0.2, Math.min(LOOK_AGAIN_SECONDS, (Date.parse(until) - now) / 1000));
}

/** People may have lost the role since, or their access. Their word is voided, and others are asked. */
async function lacksApproval(
  tx: Tx,
  ctx: ServiceContext,
  row: DeploymentRow,
  environment: EnvironmentRow,
): Promise<boolean> {
  const required = row.policy?.approvals ?? 0;
  if (required === 0) return false;
  const { lines, given } = await readApprovals(tx, row, environment.slug, 'share');
  if (given >= required) return false;
  const fallen = lines.flatMap((line) =>
    line.voided !== null && line.row.voidedAt === null ? [{ id: line.row.id, reason: line.voided }] : [],
  );
  await voidApprovals(tx, fallen);
  const why = fallen[0]?.reason ?? `${required - given} of ${required} approvals are missing.`;
  await askAgain(tx, ctx, row, `It is asked again before it is sent: ${why}`);
  return true;
}

/** What went live while this one waited may be newer: then going on would take it away again. */
async function ownAge(
  tx: Tx,
  ctx: ServiceContext,
  row: DeploymentRow,
  liveId: string | null,
  asked: Asked | null,
  { policy, kind }: GateFacts,
): Promise<Verdict> {
  const wantsChecks = policy !== undefined && policy.checks !== 'ignore';
  const wantsAge = kind !== 'rollback' && liveId !== null && liveId !== row.comparedWithId;
  if (!wantsChecks && !wantsAge) return { kind: 'go', comparedWithId: row.comparedWithId };
  if (!asked || (wantsAge && asked.live?.id !== liveId)) return { kind: 'ask' };
  if (!wantsAge || asked.live?.chosenIs !== 'older') return { kind: 'go', comparedWithId: liveId };
  await supersede(tx, ctx, [row.id], asked.live);
  return { kind: 'moved' };
}

/** The part that needs the provider, before the locks. Throws `ProviderError`. */
export async function askProvider(ctx: ServiceContext, row: DeploymentRow): Promise<Asked> {
  const open = await ctx.openConnection(row.connectionId);
  const { target } = await requireTarget(ctx.db, row.targetId);
  const [live, { checks }] = await Promise.all([
    readLive(ctx.db, target.currentDeploymentId),
    capability(open.provider, 'source').commit(open.context, row.config, row.sha),
  ]);
  if (!live) return { live, checks };
  return { live: { ...live, chosenIs: await standing(open, row.config, live.sha, row.sha) }, checks };
}
