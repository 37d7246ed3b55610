import type { DeploymentStatus } from '../../deployments/model/status';
import type { DeploymentSummary } from '../../deployments/model/view';
import type { Axis, Class } from './classes';

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
  kind: DeploymentSummary['kind'];
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
  /** When it was in front of users: its success, or the provider's "done" that turned out wrong. */
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
  if (delivery.kind === 'rollback') return 'roll_back';
  return isHotFix(delivery) ? 'hot_fix' : null;
}

const NEVER_RAN: readonly DeploymentStatus[] = ['cancelled', 'rejected', 'superseded'];

function reached(delivery: Delivery): number | null {
  if (delivery.status === 'succeeded') return delivery.finishedAt;
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
  const isChange = delivery.kind !== 'rollback';
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
    for (const each of there) each.failure = ruled(each);
    for (const each of there) if (each.failure) each.recovery = recoveryOf(each, there);
  }
  return counted;
}

function byTarget(judged: readonly Judged[]): Map<string, Judged[]> {
  const targets = new Map<string, Judged[]>();
  for (const each of judged) {
    const { targetId } = each.delivery;
    targets.set(targetId, [...(targets.get(targetId) ?? []), each]);
  }
  return targets;
}

const asked = ({ delivery }: Judged) => delivery.requestedAt;

/** Each roll-back and hot fix that was started speaks against the change that was newest in front of users then. */
function blame(there: readonly Judged[], withinMs: number): void {
  const changes = there
    .filter((each) => each.isChange && each.reachedAt !== null)
    .sort((a, b) => (a.reachedAt ?? 0) - (b.reachedAt ?? 0));
  const mendings = there
    .filter(({ mending, delivery }) => mending && delivery.submittedAt !== null && !NEVER_RAN.includes(delivery.status))
    .sort((a, b) => asked(a) - asked(b));
  for (const mender of mendings) {
    const change = changes.findLast((each) => each !== mender && (each.reachedAt ?? 0) <= asked(mender));
    if (!change || change.failure || asked(mender) - (change.reachedAt ?? 0) > withinMs) continue;
    const { id, number } = mender.delivery;
    change.failure = { cause: mender.mending === 'roll_back' ? 'rolled_back' : 'hot_fixed', by: { id, number } };
  }
}

/** A person's word wins over the rule; only a change that was in front of users can fail. */
function ruled({ delivery, isChange, reachedAt, failure }: Judged): Judged['failure'] {
  const word = delivery.said.failure?.word;
  if (!isChange || reachedAt === null || word === 'sound_change') return null;
  return word === 'failed_change' ? { cause: 'said', by: failure?.by ?? null } : failure;
}

/** Whatever went live on the target next, from what mended it on; without a mender, whatever went live next. */
function recoveryOf({ failure, reachedAt, delivery }: Judged, there: readonly Judged[]): Judged['recovery'] {
  const mender = there.find((each) => each.delivery.id === failure?.by?.id);
  const from = mender ? asked(mender) : 0;
  const after = there
    .filter((each) => each.delivery.id !== delivery.id && each.liveAt !== null)
    .filter((each) => (each.liveAt ?? 0) > (reachedAt ?? 0) && asked(each) >= from)
    .sort((a, b) => (a.liveAt ?? 0) - (b.liveAt ?? 0))[0];
  if (!after) return 'open';
  const { id, number } = after.delivery;
  return { by: { id, number }, ms: (after.liveAt ?? 0) - (reachedAt ?? 0) };
}
