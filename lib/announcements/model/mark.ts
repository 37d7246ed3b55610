import type { DeploymentStatus } from '@/lib/deployments/model/status';
import type { AnnouncedState } from '@/lib/providers/port';
import type { Outcome, Trouble } from './outcome';
import { isShut, mayFollow } from './tell';

/**
 * What is known of one deployment's word at its commit. Deployments of one target at one commit share a name there, and the
 * newest word for a name is what counts.
 */
export interface MarkFacts {
  /** Since it is set, a word of ours is there or may be: an answer was lost. */
  markName: string | null;
  /** The word as it is known to be there; null also where it has to be said again. */
  marked: AnnouncedState | null;
  markCode: string | null;
  state: Outcome['state'];
}

/** What is to be done at the commit now. */
export type MarkStep =
  /** It was decided before anything was shown. */
  | { kind: 'shut' }
  /** It is said, a newer one has the say, or there is nothing to say. */
  | { kind: 'rest' }
  /** Called off while a newer one has the say: it has none from now on. */
  | { kind: 'yield' }
  /** Called off: an older one says its word again, in place of an error for what never ran. */
  | { kind: 'give_back' }
  | { kind: 'say'; word: AnnouncedState };

export const isShownAtCommit = ({ markName }: Pick<MarkFacts, 'markName'>) => markName !== null;

/** Begun and, as far as is known, at no end: for a commit a success is one, for there is no word for "replaced". */
export const isOpenAtCommit = ({ markName, marked }: Pick<MarkFacts, 'markName' | 'marked'>) =>
  markName !== null && (marked === null || marked === 'queued' || marked === 'in_progress');

/** One that was called off never ran, so it has no say as soon as that is known. */
export const isCalledOff = (status: DeploymentStatus) =>
  status === 'cancelled' || status === 'superseded' || status === 'rejected';

/** Whether what an older one says now would take its word back; also where nobody knows whether it is there. */
export const hasSay = ({ markName, marked, state }: Omit<MarkFacts, 'markCode'>) =>
  markName !== null && marked !== 'inactive' && (marked !== null || state === 'open');

/**
 * Whether an older one can be given the say, while it is not called off itself: also one that was silent from the start
 * because of a newer, and one that has ended since. What is shut stays so.
 */
export const takesSay = ({ markName, marked, markCode }: Omit<MarkFacts, 'state'>) =>
  marked !== 'inactive' && !isShut({ shown: markName !== null, code: markCode });

/** `newer`: whether such a one has the say. `older`: whether such a one takes it. */
export function markStep(
  facts: Omit<MarkFacts, 'state'>,
  { status, wanted }: { status: DeploymentStatus; wanted: AnnouncedState },
  others: { newer: boolean; older: boolean },
): MarkStep {
  const shown = isShownAtCommit(facts);
  if (isShut({ shown, code: facts.markCode })) return { kind: 'shut' };
  // There is no word for "replaced": what succeeded at a commit did, whatever is live by now.
  const word = status === 'succeeded' ? 'success' : wanted;
  if (!mayFollow(facts.marked, word) || (!shown && word === 'inactive')) return { kind: 'rest' };
  if (others.newer) return { kind: word === 'inactive' ? 'yield' : 'rest' };
  return word === 'inactive' && others.older ? { kind: 'give_back' } : { kind: 'say', word };
}

/** A first word that was refused is not there, so its name is free; whoever waited for it is to say theirs again. */
export function isNotThere(before: Pick<MarkFacts, 'markName'>, trouble: Trouble): boolean {
  return before.markName === null && !(trouble.kind === 'passing' && trouble.ambiguous);
}
