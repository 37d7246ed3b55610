import fc from 'fast-check';
import type { Phase } from '@/lib/providers/port';
import type { DeploymentStatus } from '../model/status';

/** One look at the provider, as it arrives: perhaps late, again, out of order, or in a word that nobody knows. */
export interface Arrival {
  run: string;
  attempt: number;
  phase: Phase;
}

export interface History {
  start: { status: DeploymentStatus; remoteId: string; remoteAttempt: number };
  arrivals: Arrival[];
  /** What really happened: how each attempt of the run ended, the first one first. */
  ends: Phase[];
}

const RUN = '1000';
const UNHAPPY = ['failed', 'cancelled', 'timed_out'] as const;
const WAY: Phase[] = ['queued', 'waiting', 'building', 'deploying'];
const START = ['submitting', 'building', 'deploying', 'verifying', 'cancelling'] as const;

/** A run with re-runs: only one that did not succeed is run again, so every attempt before the last ends unhappily. */
const ends = fc
  .tuple(fc.array(fc.constantFrom(...UNHAPPY), { maxLength: 2 }), fc.constantFrom<Phase>('done', ...UNHAPPY))
  .map(([before, last]): Phase[] => [...before, last]);

/** Every true look at every attempt, in the order in which it was true. */
function truth(of: readonly Phase[]): Arrival[] {
  return of.flatMap((end, index) => [...WAY, end].map((phase) => ({ run: RUN, attempt: index + 1, phase })));
}

/** Which true look arrives: those that are never picked are lost, and up to five copies come of one. */
interface Pick {
  look: number;
  copies: number;
  /** 0: in a word that nobody knows; 1: about another run. */
  odd: number;
}

function arrivalOf({ look, odd }: Pick, looks: readonly Arrival[]): Arrival {
  const seen = looks[look % looks.length] as Arrival;
  if (odd === 0) return { ...seen, phase: 'unrecognised' };
  return odd === 1 ? { ...seen, run: `${RUN}1` } : seen;
}

const pick: fc.Arbitrary<Pick> = fc.record({
  look: fc.nat(14),
  copies: fc.constantFrom(1, 1, 1, 2, 5),
  odd: fc.nat(14),
});

/** In the order of truth, an hour late (the beginning after the end), or in any order at all. */
function ordered(picks: readonly Pick[], order: 'true' | 'late' | 'any', count: number): Pick[] {
  if (order === 'any') return [...picks];
  const inOrder = [...picks].sort((a, b) => (a.look % count) - (b.look % count));
  return order === 'true' ? inOrder : inOrder.reverse();
}

export const history: fc.Arbitrary<History> = fc
  .record({
    ends,
    first: fc.nat(2),
    status: fc.constantFrom(...START),
    order: fc.constantFrom('true', 'late', 'any', 'any'),
    picks: fc.array(pick, { maxLength: 14 }),
  })
  .map(({ ends: of, first, status, order, picks }): History => {
    const looks = truth(of);
    const attempt = (first % of.length) + 1;
    // It verifies only what was done.
    const begins = status === 'verifying' && of[attempt - 1] !== 'done' ? 'building' : status;
    return {
      ends: of,
      start: { status: begins, remoteId: RUN, remoteAttempt: attempt },
      arrivals: ordered(picks, order, looks.length).flatMap((each) =>
        Array.from({ length: each.copies }, () => arrivalOf(each, looks)),
      ),
    };
  });

/** The true look that must come in the end: the reconciling read of the attempt that is followed. */
export function trueEnd({ ends: of }: History, attempt: number): Arrival {
  return { run: RUN, attempt, phase: of[attempt - 1] ?? 'unrecognised' };
}
