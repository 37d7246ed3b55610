import { describe, expect, it } from 'vitest';
import { type Delivery, type Judged, judge } from './dora';
import { figuresOf } from './dora-figures';
import { DAY, delivery, HOUR, MINUTE, MONDAY, said } from './testing/deliveries';

const WITHIN = 24 * HOUR;
const causes = (judged: readonly Judged[]) => judged.map(({ failure }) => failure?.cause ?? null);

/**
 * A week of one team, reckoned by hand. Each took 10 minutes from click to live.
 * Mon 09:00 A, commit 1 h before · Tue 09:00 B, commit 3 h before · Tue 11:00 roll-back of B · Wed 09:00 C, commit time
 * not known · Wed 15:00 hot fix D for C, commit 20 min before · Thu 09:00 E, "done" at 09:09 and then not live ·
 * Thu 10:00 F mends E, commit 5 h before · Fri 09:00 G fails in the build · Fri 10:00 H, left out as a drill.
 */
function week(): Delivery[] {
  const at = (day: number, hour: number) => MONDAY + day * DAY + hour * HOUR;
  const failed = { status: 'failed', finishedAt: at(3, 9) + 14 * MINUTE } as const;
  return [
    delivery(at(0, 9)),
    delivery(at(1, 9), { committedAt: at(1, 6) }),
    delivery(at(1, 11), { kind: 'rollback', goesBack: true, again: true }),
    delivery(at(2, 9), { committedAt: null }),
    delivery(at(2, 15), { ref: 'hotfix/login', committedAt: at(2, 15) - 20 * MINUTE }),
    delivery(at(3, 9), failed),
    delivery(at(3, 10), { committedAt: at(3, 5) }),
    delivery(at(4, 9), { status: 'failed', doneAt: null }),
    delivery(at(4, 10), { said: said('left_out') }),
  ];
}

describe('a week reckoned by hand', () => {
  const judged = judge(week(), WITHIN);
  const figures = figuresOf(judged, { from: MONDAY, to: MONDAY + 7 * DAY });

  it('has failed changes B (rolled back), C (hot fix) and E (not live after all)', () => {
    expect(causes(judged)).toEqual([null, 'rolled_back', null, 'hot_fixed', null, 'failed_live', null, null]);
  });

  it('gives the figures that paper and pencil gave', () => {
    expect(figures).toEqual({
      // A, B, C, D, F in 7 days, on Monday, Tuesday, Wednesday and Thursday.
      frequency: { value: 5 / 7, count: 5, days: 7, activeDays: 4 },
      // 30 min (D), 70 min (A), 190 min (B), 310 min (F): the middle of 70 and 190; C is not known.
      lead_time: { value: 130 * MINUTE, p90: 310 * MINUTE, known: 4, unknown: 1 },
      // B, C, E of A, B, C, D, E, F.
      failure_rate: { value: 50, failed: 3, of: 6 },
      // Users had them at 09:09: B → 11:10, C → 15:10, E → 10:10: 61, 121 and 361 minutes.
      recovery_time: { value: 121 * MINUTE, p90: 361 * MINUTE, recovered: 3, open: 0 },
      // The roll-back and D of A, B, the roll-back, C, D, F.
      rework_rate: { value: (100 * 2) / 6, rework: 2, of: 6 },
    });
  });

  it('counts in its own week only', () => {
    const after = figuresOf(judged, { from: MONDAY + 7 * DAY, to: MONDAY + 14 * DAY });
    expect(after.frequency).toMatchObject({ count: 0, value: 0 });
    expect(after.failure_rate.value).toBeNull();
    expect(after.lead_time.value).toBeNull();
  });
});

describe('what speaks against a change', () => {
  it.each([
    ['a roll-back within the hours', { kind: 'rollback', goesBack: true }, 23, 'rolled_back'],
    ['a roll-back after them', { kind: 'rollback', goesBack: true }, 25, null],
    [
      'a roll-back that was never sent',
      { kind: 'rollback', goesBack: true, submittedAt: null, status: 'cancelled' },
      1,
      null,
    ],
    ['a roll-back that failed', { kind: 'rollback', goesBack: true, status: 'failed', doneAt: null }, 1, 'rolled_back'],
    ['one that says hotfix in its reason', { reason: 'Hot-fix for the login' }, 1, 'hot_fixed'],
    ['one that says hot fix in its commit', { title: 'Hot fix: login' }, 1, 'hot_fixed'],
    ['one that takes a commit back', { title: 'Revert "Add a thing"' }, 1, 'hot_fixed'],
    ['one whose words only look like it', { title: 'Photofixture for tests' }, 1, null],
    ['the next planned change', {}, 1, null],
    ['a hot fix on another target', { ref: 'hotfix/x', targetId: 'tgt_other' }, 1, null],
    ['a roll-back that was planned', { kind: 'rollback', goesBack: true, said: said('planned') }, 1, null],
    ['one that a person calls rework', { said: said('rework') }, 1, 'hot_fixed'],
    ['a drill', { kind: 'rollback', goesBack: true, said: said('left_out') }, 1, null],
  ] as const)('%s', (_, over, hours, cause) => {
    const change = delivery(MONDAY);
    const next = delivery(MONDAY + 10 * MINUTE + hours * HOUR, over as Partial<Delivery>);
    expect(judge([next, change], WITHIN).find((each) => each.delivery.id === change.id)?.failure?.cause ?? null).toBe(
      cause,
    );
  });

  const back = { kind: 'rollback', goesBack: true } as const;

  it('speaks against the newest change only, once', () => {
    const judged = judge(
      [delivery(MONDAY), delivery(MONDAY + HOUR), delivery(MONDAY + 2 * HOUR, back), delivery(MONDAY + 3 * HOUR, back)],
      WITHIN,
    );
    expect(causes(judged)).toEqual([null, 'rolled_back', null, null]);
  });

  it('is what users had when it was sent: what a roll-back had put there again, too', () => {
    const [old, good, bad] = [delivery(MONDAY), delivery(MONDAY + HOUR), delivery(MONDAY + 2 * HOUR)];
    const to = (hours: number, { sha }: Delivery) => delivery(MONDAY + hours * HOUR, { ...back, sha });
    const first = to(3, good);
    expect(causes(judge([old, good, bad, first, to(4, old)], WITHIN)), 'back once more').toEqual([
      null,
      'rolled_back',
      'rolled_back',
      null,
      null,
    ]);
    const fix = delivery(MONDAY + 4 * HOUR, { ref: 'hotfix/x' });
    expect(
      causes(judge([old, good, bad, first, fix], WITHIN)),
      'a hot fix after a roll-back mends what was bad',
    ).toEqual([null, null, 'rolled_back', null, null]);
    expect(causes(judge([old, good, bad, first, to(4, bad)], WITHIN)), 'forward again').toEqual([
      null,
      null,
      'rolled_back',
      null,
      null,
    ]);
  });

  it('is the one that users had already while it was still being verified', () => {
    const bad = delivery(MONDAY + 2 * HOUR, { finishedAt: MONDAY + 3 * HOUR });
    const judged = judge([delivery(MONDAY), bad, delivery(MONDAY + 2.5 * HOUR, back)], WITHIN);
    expect(causes(judged)).toEqual([null, 'rolled_back', null]);
  });

  it('is the one before it was sent, though it was asked for earlier', () => {
    const sent = { submittedAt: MONDAY + 6 * HOUR, doneAt: MONDAY + 7 * HOUR, finishedAt: MONDAY + 8 * HOUR };
    const fix = delivery(MONDAY + 2 * HOUR, { ref: 'hotfix/x', ...sent });
    expect(causes(judge([delivery(MONDAY), delivery(MONDAY + 3 * HOUR), fix], WITHIN))).toEqual([
      null,
      'hot_fixed',
      null,
    ]);
  });

  it('a re-run of a roll-back is a roll-back, and no change', () => {
    const failed = delivery(MONDAY + 2 * HOUR, { ...back, status: 'errored', doneAt: null });
    const again = delivery(MONDAY + 3 * HOUR, { kind: 'retry', goesBack: true, again: true });
    const judged = judge([delivery(MONDAY), delivery(MONDAY + HOUR), failed, again], WITHIN);
    const figures = figuresOf(judged, { from: MONDAY, to: MONDAY + DAY });
    expect(causes(judged)).toEqual([null, 'rolled_back', null, null]);
    expect(figures.frequency.count).toBe(2);
    expect(figures.failure_rate).toMatchObject({ failed: 1, of: 2 });
    expect(figures.rework_rate).toMatchObject({ rework: 1, of: 3 });
  });

  it('is found among 20,000 on one target in less than a second', () => {
    const many = Array.from({ length: 20_000 }, (_, at) =>
      delivery(MONDAY + at * 5 * MINUTE, at % 10 === 9 ? back : {}),
    );
    const began = performance.now();
    const failed = judge(many, WITHIN).filter(({ failure }) => failure !== null).length;
    expect(performance.now() - began).toBeLessThan(1_000);
    expect(failed).toBe(2_000);
  });

  it('gives way to what a person says, both ways', () => {
    const sound = judge(
      [delivery(MONDAY, { said: said('sound_change') }), delivery(MONDAY + HOUR, { kind: 'rollback', goesBack: true })],
      WITHIN,
    );
    expect(causes(sound)).toEqual([null, null]);
    expect(causes(judge([delivery(MONDAY, { said: said('failed_change') })], WITHIN))).toEqual(['said']);
    const never = delivery(MONDAY, { status: 'failed', doneAt: null, said: said('failed_change') });
    expect(causes(judge([never], WITHIN)), 'it never reached users').toEqual([null]);
  });
});

describe('a lead time that nobody knows', () => {
  it.each([
    ['the provider gave no time', { committedAt: null }, 'no_commit_time'],
    ['the commit is younger than its success', { committedAt: MONDAY + DAY }, 'clock'],
    ['the commit had been live here', { again: true }, 'again'],
  ] as const)('is not guessed: %s', (_, over, unknown) => {
    const judged = judge([delivery(MONDAY, over)], WITHIN);
    expect(judged[0]?.lead).toEqual({ unknown });
    expect(figuresOf(judged, { from: MONDAY, to: MONDAY + DAY }).lead_time).toMatchObject({ value: null, known: 0 });
  });
});
