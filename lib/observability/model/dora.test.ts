import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { type Delivery, type Judged, judge } from './dora';
import { countedIn, figuresOf, median, percentile } from './dora-figures';
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

const anyDelivery = fc
  .record({
    at: fc.integer({ min: 0, max: 30 * 24 * 60 }),
    target: fc.integer({ min: 0, max: 2 }),
    kind: fc.constantFrom('deploy', 'rollback', 'retry', 'promote'),
    status: fc.constantFrom('succeeded', 'failed', 'errored', 'cancelled', 'timed_out'),
    took: fc.integer({ min: 1, max: 300 }),
    committed: fc.option(fc.integer({ min: -5_000, max: 100 }), { nil: null }),
    ref: fc.constantFrom('main', 'hotfix/a'),
    word: fc.option(fc.constantFrom('failed_change', 'sound_change', 'rework', 'planned', 'left_out'), { nil: null }),
  })
  .map(({ at, target, kind, status, took, committed, ref, word }): Delivery => {
    const requestedAt = MONDAY + at * MINUTE;
    const finishedAt = requestedAt + took * MINUTE;
    return delivery(requestedAt, {
      ...{ targetId: `tgt_${target}`, kind, goesBack: kind === 'rollback', status, ref, finishedAt },
      submittedAt: requestedAt,
      doneAt: status === 'errored' ? null : Math.max(requestedAt, finishedAt - 5 * MINUTE),
      committedAt: committed === null ? null : requestedAt + committed * MINUTE,
      said: word === null ? {} : said(word as 'rework'),
    });
  });
const many = fc.array(anyDelivery, { maxLength: 25 });
const SPAN = { from: MONDAY, to: MONDAY + 31 * DAY };

describe('the arithmetic', () => {
  test('rates are shares of what they count, and rows are what the numbers say', () => {
    fc.assert(
      fc.property(many, (deliveries) => {
        const judged = judge(deliveries, WITHIN);
        const { frequency, failure_rate, rework_rate, recovery_time, lead_time } = figuresOf(judged, SPAN);
        for (const { value, of } of [failure_rate, rework_rate]) {
          expect(value === null).toBe(of === 0);
          if (value !== null) expect(value).toBeGreaterThanOrEqual(0);
          if (value !== null) expect(value).toBeLessThanOrEqual(100);
        }
        expect(frequency.count).toBe(countedIn('frequency', judged, SPAN).length);
        expect(failure_rate.of).toBe(countedIn('failure_rate', judged, SPAN).length);
        expect(recovery_time.recovered + recovery_time.open).toBe(failure_rate.failed);
        expect(lead_time.known + lead_time.unknown).toBeLessThanOrEqual(frequency.count);
        expect(frequency.activeDays).toBeLessThanOrEqual(frequency.count);
      }),
    );
  });

  test('does not depend on the order in which rows are read', () => {
    fc.assert(
      fc.property(many, fc.integer(), (deliveries, seed) => {
        // Two clicks in one moment have no order, so each gets a moment of its own.
        const own = [...new Map(deliveries.map((each) => [each.requestedAt, each])).values()];
        const ends = [...new Map(own.map((each) => [each.finishedAt, each])).values()];
        const other = [...ends].sort((a, b) => ((a.number * seed) % 7) - ((b.number * seed) % 7));
        expect(figuresOf(judge(other, WITHIN), SPAN)).toEqual(figuresOf(judge(ends, WITHIN), SPAN));
      }),
    );
  });

  test('two spans side by side count what the whole counts', () => {
    fc.assert(
      fc.property(many, fc.integer({ min: 1, max: 30 }), (deliveries, day) => {
        const judged = judge(deliveries, WITHIN);
        const half = MONDAY + day * DAY;
        const parts = [figuresOf(judged, { ...SPAN, to: half }), figuresOf(judged, { ...SPAN, from: half })];
        const whole = figuresOf(judged, SPAN);
        const sum = (of: (figures: typeof whole) => number) => parts.reduce((total, part) => total + of(part), 0);
        expect(sum((each) => each.frequency.count)).toBe(whole.frequency.count);
        expect(sum((each) => each.failure_rate.failed)).toBe(whole.failure_rate.failed);
        expect(sum((each) => each.rework_rate.rework)).toBe(whole.rework_rate.rework);
      }),
    );
  });

  test('a recovery and a lead time are never below zero', () => {
    fc.assert(
      fc.property(many, (deliveries) => {
        for (const { recovery, lead } of judge(deliveries, WITHIN)) {
          if (recovery && recovery !== 'open') expect(recovery.ms).toBeGreaterThan(0);
          if (lead && 'ms' in lead) expect(lead.ms).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });

  test('longer hours never make fewer failures', () => {
    fc.assert(
      fc.property(many, (deliveries) => {
        const failed = (hours: number) => figuresOf(judge(deliveries, hours * HOUR), SPAN).failure_rate.failed;
        expect(failed(48)).toBeGreaterThanOrEqual(failed(1));
      }),
    );
  });

  test('the middle is between least and greatest, and a percentile is one of the values', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1e9 }), { minLength: 1 }), (values) => {
        const middle = median(values) ?? Number.NaN;
        expect(middle).toBeGreaterThanOrEqual(Math.min(...values));
        expect(middle).toBeLessThanOrEqual(Math.max(...values));
        expect(values).toContain(percentile(values, 0.9));
        const below = values.filter((value) => value < middle).length;
        expect(below).toBeLessThanOrEqual(values.length / 2);
      }),
    );
    expect([median([]), percentile([], 0.9), median([1, 3]), median([3, 1, 2])]).toEqual([null, null, 2, 2]);
  });
});
