import type { DeploymentStatus } from '../../deployments/model/status';
import type { DeploymentSummary } from '../../deployments/model/view';
import type { Axis, Class } from './classes';
import { countUntil, inOrder, liveOn } from './dora-live.ts';

/** The five figures, in the order in which they are shown. */
export const METRICS = ['frequency', 'lead_time', 'failure_rate', 'recovery_time', 'rework_rate'] as const;
export type Metric = (typeof METRICS)[number];

export const WINDOW_DAYS = [7, 30, 90] as const;
export type WindowDays = (typeof WINDOW_DAYS)[number];
/** How long after it went live a roll-back or a hot fix still speaks against a change, when nothing else is said. */
export const USUAL_HOURS = 24;

/** One deployment as the figures see it. Times are epoch milliseconds. */
export interface Delivery {
  id: string;
  number: number;
  targetId: string;
  component: { slug: string; name: string };
  environment: { slug: string; name: string };
  /** The target's own; empty where it has none. */
  label: string;
  kind: DeploymentSummary['kind'];
  /** A roll-back, or a re-run of one: `kind` alone does not say it. */
  goesBack: boolean;
  status: DeploymentStatus;
  ref: string;
  sha: string;
  version: string;
  /** First line of the commit's message. */
  title: string;
  reason: string;
  requestedAt: number;
  submittedAt: number | null;
  startedAt: number | null;
  /** When the provider said done. */
  doneAt: number | null;
  finishedAt: number | null;
  /** When the commit was written; null where the provider did not say. */
  committedAt: number | null;
  /** This commit had been live on this target before. */
  again: boolean;
  said: Partial<Record<Axis, Said>>;
}

/** A person's word that stands against the rule. */
export interface Said {
  id: string;
  word: Class;
  reason: string;
  by: string;
  at: number;
}

export interface Other {
  id: string;
  number: number;
}

export type FailureCause = 'rolled_back' | 'hot_fixed' | 'failed_live' | 'said';
export type Mending = 'roll_back' | 'hot_fix' | 'said';

/** What the rules make of one deployment. Durations are milliseconds. */
export interface Judged {
  delivery: Delivery;
  /** When users had it: the provider's "done", also one that turned out wrong; else its success. */
  reachedAt: number | null;
  liveAt: number | null;
  /** It brought something new: no roll-back. */
  isChange: boolean;
  mending: Mending | null;
  failure: { cause: FailureCause; by: Other | null } | null;
  /** Null where nothing failed; `open` until something went live after it. */
  recovery: { by: Other; ms: number } | 'open' | null;
  lead: { ms: number } | { unknown: 'no_commit_time' | 'clock' | 'again' } | null;
}

const HOT_FIX = /(?<![a-z])hot[-_ ]?fix(?:es|ed)?(?![a-z])/i;
const REVERT = /^revert\b/i;

/** By its words: branch, tag, reason or first line say "hotfix", or the commit takes another one back. */
export function isHotFix({ ref, reason, title }: Pick<Delivery, 'ref' | 'reason' | 'title'>): boolean {
  return [ref, reason, title].some((text) => HOT_FIX.test(text)) || REVERT.test(title);
}

function mendingOf(delivery: Delivery): Mending | null {
  const word = delivery.said.rework?.word;
  if (word === 'planned') return null;
  if (word === 'rework') return 'said';
  if (delivery.goesBack) return 'roll_back';
  return isHotFix(delivery) ? 'hot_fix' : null;
}

const NEVER_RAN: readonly DeploymentStatus[] = ['cancelled', 'rejected', 'superseded'];

function reached(delivery: Delivery): number | null {
  if (delivery.status === 'succeeded') return delivery.doneAt ?? delivery.finishedAt;
  return delivery.status === 'failed' ? delivery.doneAt : null;
}

function leadOf({ committedAt, again }: Delivery, liveAt: number | null): Judged['lead'] {
  if (liveAt === null) return null;
  if (again) return { unknown: 'again' };
  if (committedAt === null) return { unknown: 'no_commit_time' };
  return committedAt > liveAt ? { unknown: 'clock' } : { ms: liveAt - committedAt };
}

function first(delivery: Delivery): Judged {
  const liveAt = delivery.status === 'succeeded' ? delivery.finishedAt : null;
  const isChange = !delivery.goesBack;
  const reachedAt = reached(delivery);
  return {
    delivery,
    reachedAt,
    liveAt,
    isChange,
    mending: mendingOf(delivery),
    failure: isChange && reachedAt !== null && liveAt === null ? { cause: 'failed_live', by: null } : null,
    recovery: null,
    lead: isChange ? leadOf(delivery, liveAt) : null,
  };
}

/**
 * Reads what followed what, target by target. `withinMs`: how long after it went live a roll-back or hot fix still
 * speaks against a change. What a person left out is not in the answer, and says nothing about others.
 */
export function judge(deliveries: readonly Delivery[], withinMs: number): Judged[] {
  const counted = deliveries.filter(({ said }) => said.count?.word !== 'left_out').map(first);
  for (const there of byTarget(counted).values()) {
    blame(there, withinMs);
    const next = followers(there);
    for (const each of there) each.failure = ruled(each);
    for (const each of there) if (each.failure) each.recovery = next(each);
  }
  return counted;
}

function byTarget(judged: readonly Judged[]): Map<string, Judged[]> {
  const targets = new Map<string, Judged[]>();
  for (const each of judged) {
    const { targetId } = each.delivery;
    const there = targets.get(targetId);
    if (there) there.push(each);
    else targets.set(targetId, [each]);
  }
  return targets;
}

const sent = ({ delivery }: Judged) => delivery.submittedAt ?? delivery.requestedAt;

/** Each roll-back and hot fix that was sent speaks against the change that users had then, once. */
function blame(there: readonly Judged[], withinMs: number): void {
  const live = liveOn(there);
  for (const mender of [...there].sort((a, b) => sent(a) - sent(b))) {
    const { id, number, submittedAt, status } = mender.delivery;
    if (!mender.mending || submittedAt === null || NEVER_RAN.includes(status)) continue;
    const change = live.mendedBy(mender);
    if (!change || change.failure || submittedAt - (change.reachedAt ?? 0) > withinMs) continue;
    change.failure = { cause: mender.isChange ? 'hot_fixed' : 'rolled_back', by: { id, number } };
  }
}

/** A person's word wins over the rule; only a change that was in front of users can fail. */
function ruled({ delivery, isChange, reachedAt, failure }: Judged): Judged['failure'] {
  const word = delivery.said.failure?.word;
  if (!isChange || reachedAt === null || word === 'sound_change') return null;
  return word === 'failed_change' ? { cause: 'said', by: failure?.by ?? null } : failure;
}

/** Whatever went live on the target next, from what mended it on; without a mender, whatever went live next. */
function followers(there: readonly Judged[]): (failed: Judged) => Judged['recovery'] {
  const byId = new Map(there.map((each) => [each.delivery.id, each]));
  const wentLive = inOrder(there, 'liveAt');
  return ({ failure, reachedAt, delivery }) => {
    const mender = byId.get(failure?.by?.id ?? '');
    const from = mender ? sent(mender) : 0;
    const since = Math.max(reachedAt ?? 0, from - 1);
    for (let at = countUntil(wentLive, 'liveAt', since); at < wentLive.length; at += 1) {
      const after = wentLive[at];
      if (!after || after.delivery.id === delivery.id || sent(after) < from) continue;
      const { id, number } = after.delivery;
      return { by: { id, number }, ms: (after.liveAt ?? 0) - (reachedAt ?? 0) };
    }
    return 'open';
  };
}
