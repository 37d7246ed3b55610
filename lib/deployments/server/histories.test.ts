import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runs } from '@/lib/testing/bad-inputs/catalog';
import { figure } from '@/scripts/testing/figure';
import { decide, type Followed } from '../model/decide';
import { type DeploymentStatus, isTerminal } from '../model/status';
import { type Arrival, type History, history, trueEnd } from '../testing/histories';

const HISTORIES = runs('D3');

/** As `applyObservation` does it, without a database. */
function apply(row: Followed, look: Arrival): Followed {
  const decision = decide(row, { phase: look.phase, ref: { id: look.run, attempt: look.attempt } });
  if (decision.kind === 'ignore' || decision.kind === 'older') return row;
  return { ...row, remoteAttempt: look.attempt, status: decision.kind === 'move' ? decision.to : row.status };
}

interface Reference {
  attempt: number;
  /** 0 handed over, 1 building, 2 deploying, 3 done; −1 while a cancel is under way. */
  height: number;
  end: DeploymentStatus | null;
}

/** Another way to say the same: heights that only grow, and ends that stay. Shares no code with the machine. */
function refer(state: Reference, look: Arrival): Reference {
  if (state.end || look.run !== '1000' || look.attempt < state.attempt) return state;
  const next = { ...state, attempt: look.attempt };
  if (look.phase === 'done') return { ...next, height: 3 };
  if (look.phase === 'failed') return { ...next, end: 'failed' };
  if (look.phase === 'cancelled' || look.phase === 'timed_out')
    return state.height === 3 ? next : { ...next, end: look.phase };
  const reached = look.phase === 'building' ? 1 : look.phase === 'deploying' ? 2 : 0;
  return state.height === -1 ? next : { ...next, height: Math.max(state.height, reached) };
}

const HEIGHTS: Partial<Record<DeploymentStatus, number>> = {
  cancelling: -1,
  submitting: 0,
  building: 1,
  deploying: 2,
  verifying: 3,
};

function nameOf({ height, end }: Reference): DeploymentStatus {
  const names = Object.entries(HEIGHTS).find(([, each]) => each === height);
  return end ?? (names?.[0] as DeploymentStatus);
}

const RIGHT = { done: 'verifying', failed: 'failed', cancelled: 'cancelled', timed_out: 'timed_out' } as const;

/** Whether the status is what really became of the attempt that is followed. */
function isRight(row: Followed, { ends }: History): boolean {
  return row.status === RIGHT[ends[row.remoteAttempt - 1] as keyof typeof RIGHT];
}

/** Lower than before, or changed after its end. A cancel that comes too late is no way back. */
function goesBack(before: Followed, after: Followed): boolean {
  if (isTerminal(before.status)) return after !== before;
  return before.status !== 'cancelling' && (HEIGHTS[after.status] ?? 9) < (HEIGHTS[before.status] ?? 9);
}

describe('histories of a run: lost, doubled, reordered, delayed, re-run, in unknown words', () => {
  test(`${HISTORIES.toLocaleString('en')} of them follow the reference machine, never go back, and are right once one true look arrives`, {
    timeout: 30_000 * (HISTORIES / 10_000),
  }, () => {
    let [regressions, ended, strayed] = [0, 0, 0];
    fc.assert(
      fc.property(history, (each) => {
        let row: Followed = each.start;
        let reference: Reference = { attempt: row.remoteAttempt, height: HEIGHTS[row.status] ?? 0, end: null };
        // Everything once more at the end: a provider that delivers its whole log again.
        for (const look of [...each.arrivals, ...each.arrivals]) {
          const before = row;
          row = apply(row, look);
          reference = refer(reference, look);
          if (goesBack(before, row)) regressions++;
          if (row.status !== nameOf(reference) || row.remoteAttempt !== reference.attempt) strayed++;
        }
        if (isTerminal(row.status)) ended++;
        row = apply(row, trueEnd(each, row.remoteAttempt));
        const again = apply(row, trueEnd(each, row.remoteAttempt));
        return isRight(row, each) && again.status === row.status;
      }),
      { numRuns: HISTORIES },
    );
    figure(
      'P9',
      `${HISTORIES.toLocaleString('en')} histories: ${regressions} regressions, ${strayed} strayed from the reference machine`,
    );
    expect({ regressions, strayed }).toEqual({ regressions: 0, strayed: 0 });
    expect(ended, 'histories that ended before the last look').toBeGreaterThan(HISTORIES / 10);
  });

  test('an unknown word never moves anything', () => {
    fc.assert(
      fc.property(history, ({ start }) => {
        const garbled = { run: start.remoteId, attempt: start.remoteAttempt, phase: 'unrecognised' as const };
        expect(apply(start, garbled)).toEqual(start);
      }),
      { numRuns: 1_000 },
    );
  });
});
