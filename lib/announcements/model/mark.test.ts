import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DeploymentStatus } from '@/lib/deployments/model/status';
import type { AnnouncedState } from '@/lib/providers/port';
import {
  hasSay,
  isCalledOff,
  isNotThere,
  isOpenAtCommit,
  isShownAtCommit,
  type MarkFacts,
  type MarkStep,
  markStep,
  takesSay,
} from './mark';
import { outcomeOf, type Trouble } from './outcome';
import { isLast, isShut, stateFor } from './tell';

const NONE = { newer: false, older: false };
const fresh: MarkFacts = { markName: null, marked: null, markCode: null, state: 'open' };
const saying = (facts: Partial<MarkFacts>, status: DeploymentStatus, others = NONE) => {
  const step = markStep({ ...fresh, ...facts }, { status, wanted: stateFor(status, false) ?? 'queued' }, others);
  return step.kind === 'say' ? step.word : step.kind;
};

describe('what is to be done at a commit', () => {
  it('there is no word for replaced: what succeeded did so, also when it was told late', () => {
    expect(saying({ markName: 'n', marked: 'in_progress' }, 'succeeded')).toBe('success');
    expect(saying({}, 'succeeded')).toBe('success');
    expect(saying({ markName: 'n', marked: 'success' }, 'succeeded')).toBe('rest');
  });

  it('what was called off says nothing where nothing can be, and what is true where something may be', () => {
    expect(saying({}, 'cancelled')).toBe('rest');
    expect(saying({ markName: 'n' }, 'cancelled'), 'an answer was lost').toBe('inactive');
    expect(saying({ markName: 'n', marked: 'queued' }, 'superseded', { newer: true, older: true })).toBe('yield');
    expect(saying({ markName: 'n', marked: 'queued' }, 'rejected', { newer: false, older: true })).toBe('give_back');
  });

  it('is open from the first word until an end, also where nobody knows what stands there', () => {
    const open = (facts: Partial<MarkFacts>) => isOpenAtCommit({ ...fresh, ...facts });
    expect([null, 'queued', 'in_progress'].map((marked) => open({ markName: 'n', marked } as MarkFacts))).toEqual([
      true,
      true,
      true,
    ]);
    expect(
      ['success', 'failure', 'error', 'inactive'].some((marked) => open({ markName: 'n', marked } as MarkFacts)),
    ).toBe(false);
    expect(open({}), 'nothing was begun').toBe(false);
  });

  it('is shut only where nothing can be', () => {
    const markCode = 'missing_permission';
    expect([saying({ markCode }, 'failed'), saying({ markCode, markName: 'n' }, 'failed')]).toEqual([
      'shut',
      'failure',
    ]);
  });
});

type Answer = 'taken' | 'refused' | 'lost_after' | 'lost_before' | 'limited';
interface Deployment extends MarkFacts {
  status: DeploymentStatus;
  again: boolean;
  /** What the last pass looked at. */
  seen: DeploymentStatus | null;
}

/** Deployments of one target at one commit, in the order of their numbers, and what the commit says. */
class Commit {
  says: AnnouncedState | null = null;
  readonly all: Deployment[] = [];

  private sayAgain(found: Deployment | undefined, named: boolean): boolean {
    if (found) Object.assign(found, { marked: null, state: 'open', again: true, ...(named ? { markName: 'n' } : {}) });
    return found !== undefined;
  }
  private older(at: number) {
    return this.all.slice(0, at).findLast((each) => takesSay(each) && !isCalledOff(each.status));
  }

  pass(at: number, answer: Answer): void {
    const row = this.all[at];
    if (row?.state !== 'open') return;
    Object.assign(row, { again: false, seen: row.status });
    const wanted = stateFor(row.status, true) ?? 'queued';
    const newer = this.all.slice(at + 1).some(hasSay);
    const step = markStep(row, { status: row.status, wanted }, { newer, older: this.older(at) !== undefined });
    const trouble = this.carryOut(row, at, step, answer);
    const outcome = outcomeOf([{ shown: isShownAtCommit(row), trouble }], { tries: 1, last: isLast(wanted) });
    if (!row.again) row.state = outcome.state;
    row.again ||= outcome.seconds !== null;
  }

  private carryOut(row: Deployment, at: number, step: MarkStep, answer: Answer): Trouble | null {
    if (step.kind === 'shut') return { kind: 'refused' };
    if (step.kind === 'yield') row.marked = 'inactive';
    if (step.kind === 'give_back' && this.sayAgain(this.older(at), true)) row.marked = 'inactive';
    return step.kind === 'say' ? this.say(row, at, step.word, answer) : null;
  }

  private say(row: Deployment, at: number, word: AnnouncedState, answer: Answer): Trouble | null {
    if (answer === 'taken' || answer === 'lost_after') this.says = word;
    if (answer === 'taken') {
      Object.assign(row, { markName: 'n', marked: word, markCode: null });
      return null;
    }
    const lost = answer !== 'refused' && answer !== 'limited';
    const trouble: Trouble = lost
      ? { kind: 'passing', ambiguous: true }
      : answer === 'limited'
        ? { kind: 'limited', seconds: 60 }
        : { kind: 'refused' };
    row.markCode = answer === 'refused' ? 'missing_permission' : 'other';
    const free = isNotThere(row, trouble);
    row.markName = free ? null : 'n';
    if (free) this.sayAgain(this.older(at), false);
    return trouble;
  }

  /** The provider takes everything now, and time goes by; without news nobody looks at one that is due no more. */
  settle(): void {
    for (let round = 0; round < 20; round++)
      for (const [at, { again, seen, status }] of this.all.entries())
        if (again || seen !== status) this.pass(at, 'taken');
  }
}

const NEXT: Partial<Record<DeploymentStatus, DeploymentStatus[]>> = {
  queued: ['building', 'superseded', 'cancelled', 'rejected'],
  building: ['succeeded', 'failed', 'timed_out', 'cancelled'],
};
const answers = fc.constantFrom<Answer>('taken', 'refused', 'lost_after', 'lost_before', 'limited');
const events = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('asked' as const) }),
    fc.record({ kind: fc.constant('becomes' as const), at: fc.nat(3), which: fc.nat(3) }),
    fc.record({ kind: fc.constant('pass' as const), at: fc.nat(3), answer: answers }),
  ),
  { maxLength: 40 },
);

/** Of all that were to be told there, the newest that ran or may still run; else of the last that was, that it never ran. */
function truth(all: readonly Deployment[]): string | null {
  const toTell = all.filter((each) => !isShut({ shown: isShownAtCommit(each), code: each.markCode }));
  const meant = toTell.findLast(({ status }) => !isCalledOff(status)) ?? all.findLast(isShownAtCommit);
  if (!meant) return null;
  return meant.status === 'succeeded' ? 'success' : stateFor(meant.status, true);
}

it('whatever is refused, superseded, called off or lost, once the provider answers the commit says what is true', () => {
  fc.assert(
    fc.property(events, (list) => {
      const commit = new Commit();
      for (const event of list) {
        if (event.kind === 'asked' && commit.all.length < 4)
          commit.all.push({ ...fresh, status: 'queued', again: false, seen: null });
        if (event.kind === 'pass') commit.pass(event.at, event.answer);
        const row = event.kind === 'becomes' ? commit.all[event.at] : undefined;
        const next = row && NEXT[row.status];
        if (row && next && event.kind === 'becomes') row.status = next[event.which % next.length] ?? row.status;
      }
      commit.settle();
      expect(commit.says).toBe(truth(commit.all));
    }),
    { numRuns: 3_000 },
  );
});
