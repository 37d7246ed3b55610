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

/** Loss, duplication up to five times, unknown words, looks at other runs; then any order at all. */
function disturbed(looks: readonly Arrival[]): fc.Arbitrary<Arrival[]> {
  const each = looks.map((look) =>
    fc
      .record({ copies: fc.constantFrom(0, 0, 1, 1, 1, 2, 5), garbled: fc.integer({ max: 9, min: 0 }) })
      .map(({ copies, garbled }) =>
        Array.from({ length: copies }, () => (garbled === 0 ? { ...look, phase: 'unrecognised' as const } : look)),
      ),
  );
  const strangers = fc.array(
    fc.record({
      run: fc.constantFrom('1', '10001'),
      attempt: fc.constantFrom(1, 9),
      phase: fc.constantFrom<Phase>('done', 'failed'),
    }),
    { maxLength: 2 },
  );
  return fc
    .tuple(fc.tuple(...each), strangers)
    .map(([own, others]) => [...own.flat(), ...others])
    .chain((arrivals) =>
      fc.oneof(
        { weight: 3, arbitrary: fc.shuffledSubarray(arrivals, { minLength: arrivals.length }) },
        { weight: 1, arbitrary: fc.constant(arrivals) },
        // An hour late: everything of the beginning comes after the end.
        { weight: 1, arbitrary: fc.constant([...arrivals].reverse()) },
      ),
    );
}

export const history: fc.Arbitrary<History> = ends.chain((of) =>
  fc
    .record({
      attempt: fc.integer({ min: 1, max: of.length }),
      status: fc.constantFrom(...START),
      arrivals: disturbed(truth(of)),
    })
    .map(({ attempt, status, arrivals }) => ({
      ends: of,
      arrivals,
      // It verifies only what was done.
      start: {
        remoteId: RUN,
        remoteAttempt: attempt,
        status: status === 'verifying' && of[attempt - 1] !== 'done' ? 'building' : status,
      },
    })),
);

/** The true look that must come in the end: the reconciling read of the attempt that is followed. */
export function trueEnd({ ends: of }: History, attempt: number): Arrival {
  return { run: RUN, attempt, phase: of[attempt - 1] ?? 'unrecognised' };
}
