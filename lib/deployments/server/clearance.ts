import { and, eq, inArray } from 'drizzle-orm';
import type { DbOrTx, ServiceContext, Tx } from '@/lib/auth/context';
import { deployments } from '@/lib/db/schema';
import type { GateFacts } from '@/lib/gates/model/facts';
import type { GateKind, GateView } from '@/lib/gates/model/gate';
import { asksChecks, firstHolding, freezesHolding, gates } from '@/lib/gates/model/gates';
import { readPolicyOf } from '@/lib/gates/model/policy';
import { readApprovals, voidApprovals } from '@/lib/gates/server/approvals';
import type { EnvironmentRow } from '@/lib/gates/server/locking';
import type { Refusal } from '@/lib/kernel/errors';
import { type CheckState, type ChecksSaid, capability } from '@/lib/providers/port';
import { IN_FLIGHT_STATUSES } from '../model/status';
import { type Live, readLive, type Standing, standing } from './age';
import { overrideOf, promotesOf, readGateFacts } from './gate';
import { goesBack } from './hold';
import { checksInQueue } from './package-checks';
import { askAgain, followPolicy } from './policy-change';
import { type DeploymentRow, type LoadedTarget, requireTarget } from './rows';
import { supersede } from './supersede';
import { nextQueued } from './turn';

const LOOK_AGAIN_SECONDS = 60;

/** What the provider said outside of the locks, about which state of the target and for which policy. */
export interface Asked extends ChecksSaid {
  policyVersion: number;
  live: (Live & { chosenIs: Standing }) | null;
}

interface Wait {
  kind: 'wait';
  sentence: string;
  seconds: number;
  /** Code of its own gate that does not open by itself, so that others go first; undefined = not known now. */
  aside?: string | null;
}

type Verdict = { kind: 'go'; comparedWithId: string | null } | Wait | { kind: 'ask' } | { kind: 'moved' };

const wait = (sentence: string, seconds = LOOK_AGAIN_SECONDS): Wait => ({ kind: 'wait', sentence, seconds });

/** Gates that look at the deployment itself; the others hold everybody on the target alike. */
export const OWN: readonly GateKind[] = ['checks', 'order', 'soak', 'checklist', 'baked'];

/**
 * May this row be sent now? Called with its environment, target and itself locked. First what holds everybody, then
 * whose turn it is, then what is this one's own: approvals, age.
 */
export async function clearance(
  tx: Tx,
  ctx: ServiceContext,
  claimed: DeploymentRow,
  environment: EnvironmentRow,
  said: Asked | null,
): Promise<Verdict> {
  // Which checks count is the policy's word: what was read for an earlier one is asked anew.
  const asked = said?.policyVersion === environment.policyVersion ? said : null;
  const busy = await inTheWay(tx, claimed);
  if (busy) return wait(`#${busy} is on this target; it goes first.`);
  const row = await followPolicy(tx, ctx, claimed, environment);
  if (!row) return { kind: 'moved' };
  const loaded = { ...(await requireTarget(tx, row.targetId)), environment };
  const facts = await factsFor(tx, loaded, row, asked);
  const holding = firstHolding(gates(facts));
  if (holding) return heldBy(holding, facts.now);
  const overriddenSince = newestFreeze(facts);
  const first = await nextQueued(tx, row.targetId, { asking: row.id, overriddenSince });
  if (first && first.id !== row.id) {
    const sentence = `#${first.number} was asked for earlier; it goes first.${await soakSays(tx, loaded, first)}`;
    return asked || !asksChecks(facts) ? { ...wait(sentence), aside: null } : wait(sentence);
  }
  if (await lacksApproval(tx, ctx, row, environment)) return { kind: 'moved' };
  return ownAge(tx, ctx, row, loaded.target.currentDeploymentId, asked, facts);
}

async function inTheWay(tx: Tx, row: DeploymentRow): Promise<number | null> {
  const flying = and(eq(deployments.targetId, row.targetId), inArray(deployments.status, [...IN_FLIGHT_STATUSES]));
  const [busy] = await tx.select({ number: deployments.number }).from(deployments).where(flying).limit(1);
  return busy?.number ?? null;
}

type WhatChecksSay = Pick<GateFacts, 'checks' | 'unpassed'>;

/** What the gates of a row in the queue look at. */
export async function factsFor(tx: Tx, loaded: LoadedTarget, row: DeploymentRow, said: WhatChecksSay | null) {
  return readGateFacts(tx, loaded, null, {
    kind: (await goesBack(tx, row)) ? 'rollback' : row.kind,
    sha: row.sha,
    freezeOverride: overrideOf(row),
    ticked: row.checklist,
    checks: said?.checks ?? null,
    unpassed: said?.unpassed,
    ...promotesOf(row),
  });
}

/** Until when what goes first stays where it is by itself; '' where nothing of that kind keeps it. */
async function soakSays(tx: Tx, loaded: LoadedTarget, first: DeploymentRow): Promise<string> {
  if (!readPolicyOf(loaded.environment.policy)?.soakMinutes) return '';
  const soak = gates(await factsFor(tx, loaded, first, null)).find(({ code }) => code === 'soaking');
  return soak?.until ? ` It soaks until ${soak.until.slice(0, 16).replace('T', ' ')} UTC.` : '';
}

/** What will not open by itself must not keep the target from others that could go; checks end, so they are waited for. */
function heldBy(holding: GateView, now: number): Verdict {
  const verdict = wait(holding.sentence, secondsUntil(holding, now));
  if (!OWN.includes(holding.kind)) return verdict;
  const opens = holding.until !== null || holding.code === 'checks_pending';
  return { ...verdict, aside: opens ? null : holding.code };
}

/**
 * Why what was let through may not be sent (once more) as it is; null when it may. Asked under the locks, without writing:
 * its policy, what holds, and its approvals. Its target it has already.
 */
export async function notClear(
  tx: Tx,
  row: DeploymentRow,
  environment: EnvironmentRow,
  checks: CheckState | null,
  unpassed?: ChecksSaid['unpassed'],
): Promise<Refusal | null> {
  if (row.policyVersion !== environment.policyVersion) {
    const sentence = `What ${environment.name} asks for has changed since it was let through.`;
    return { code: 'policy_changed', sentence };
  }
  const loaded = { ...(await requireTarget(tx, row.targetId)), environment };
  const holding = firstHolding(gates(await factsFor(tx, loaded, row, { checks, unpassed })));
  if (holding) return { code: holding.code, sentence: holding.sentence };
  const required = row.policy?.approvals ?? 0;
  const missing = required === 0 ? 0 : required - (await readApprovals(tx, row, environment.slug, 'share')).given;
  return missing > 0 ? { code: 'approval_needed', sentence: `${missing} of ${required} approvals are missing.` } : null;
}

/** A lock or a freeze of since then, or another of these `kinds`, said to the person who wants it sent, or let on, once more. */
export async function heldBack(
  db: DbOrTx,
  row: DeploymentRow,
  kinds: readonly GateKind[] = ['lock', 'freeze'],
): Promise<{ code: string; sentence: string; seconds: number } | null> {
  const loaded = await requireTarget(db, row.targetId);
  const kind = (await goesBack(db, row)) ? 'rollback' : row.kind;
  const facts = await readGateFacts(db, loaded, null, { kind, sha: row.sha, freezeOverride: overrideOf(row) });
  const holding = gates(facts).find((each) => kinds.includes(each.kind) && each.state !== 'open');
  if (!holding) return null;
  return { code: holding.code, sentence: holding.sentence, seconds: secondsUntil(holding, facts.now) };
}

/** When the newest freeze that holds began to; null when none does. An override from before it covers it no more. */
function newestFreeze({ pins }: Pick<GateFacts, 'pins'>): string | null {
  const since = freezesHolding(pins, null).flatMap((each) => each.since ?? []);
  return since.sort().at(-1) ?? null;
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
  facts: GateFacts,
): Promise<Verdict> {
  const wantsChecks = asksChecks(facts);
  const goesForward = facts.kind !== 'rollback';
  // Galleries order versions themselves: a lower one replaces nothing.
  const wantsAge = !row.dispatch.publish && goesForward && liveId !== null && liveId !== row.comparedWithId;
  if (!wantsChecks && !wantsAge) return { kind: 'go', comparedWithId: row.comparedWithId };
  if (!asked || (wantsAge && asked.live?.id !== liveId)) return { kind: 'ask' };
  if (!wantsAge || asked.live?.chosenIs !== 'older') return { kind: 'go', comparedWithId: liveId };
  await supersede(tx, ctx, [row.id], asked.live, { looked: true });
  return { kind: 'moved' };
}

/** The part that needs the provider, before the locks. Throws `ProviderError`. */
export async function askProvider(ctx: ServiceContext, row: DeploymentRow): Promise<Asked> {
  const { target, environment } = await requireTarget(ctx.db, row.targetId);
  const { policyVersion } = environment;
  const names = readPolicyOf(environment.policy)?.requiredChecks;
  if (row.dispatch.publish) return { policyVersion, live: null, ...(await checksInQueue(ctx, row, names)) };
  const open = await ctx.openConnection(row.connectionId);
  const [live, { checks, unpassed }] = await Promise.all([
    readLive(ctx.db, target.currentDeploymentId),
    capability(open.provider, 'source').commit(open.context, row.config, row.sha, names),
  ]);
  if (!live) return { policyVersion, live, checks, unpassed };
  const chosenIs = await standing(open, row.config, live.sha, row.sha);
  return { policyVersion, live: { ...live, chosenIs }, checks, unpassed };
}
