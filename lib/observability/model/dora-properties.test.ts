import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Delivery, type Judged, judge } from './dora';
import { countedIn, figuresOf, median, percentile } from './dora-figures';
import { DAY, delivery, HOUR, MINUTE, MONDAY, said } from './testing/deliveries';

const WITHIN = 24 * HOUR;

const NEVER_SENT = ['superseded', 'rejected'];

const anyDelivery = fc
  .record({
    at: fc.integer({ min: 0, max: 30 * 24 * 60 }),
    target: fc.integer({ min: 0, max: 2 }),
    kind: fc.constantFrom('deploy', 'rollback', 'retry', 'promote'),
    // A re-run of a roll-back goes back as well.
    retriesBack: fc.boolean(),
    status: fc.constantFrom(
      'succeeded',
      'succeeded',
      'failed',
      'errored',
      'cancelled',
      'timed_out',
      'superseded',
      'rejected',
    ),
    // Approvals, holds and schedules lie between the click and what is sent.
    waited: fc.integer({ min: 0, max: 600 }),
    took: fc.integer({ min: 1, max: 300 }),
    verified: fc.integer({ min: 0, max: 60 }),
    sha: fc.integer({ min: 1, max: 12 }),
    committed: fc.option(fc.integer({ min: -5_000, max: 100 }), { nil: null }),
    ref: fc.constantFrom('main', 'hotfix/a'),
    word: fc.option(fc.constantFrom('failed_change', 'sound_change', 'rework', 'planned', 'left_out'), { nil: null }),
  })
  .map(({ at, target, kind, retriesBack, status, waited, took, verified, sha, committed, ref, word }): Delivery => {
    const requestedAt = MONDAY + at * MINUTE;
    const submittedAt = NEVER_SENT.includes(status) ? null : requestedAt + waited * MINUTE;
    const doneAt = requestedAt + (waited + took) * MINUTE;
    return delivery(requestedAt, {
      ...{ targetId: `tgt_${target}`, kind, status, ref, submittedAt, sha: `${sha}`.padStart(40, '0') },
      goesBack: kind === 'rollback' || (kind === 'retry' && retriesBack),
      doneAt: submittedAt === null || status === 'errored' ? null : doneAt,
      finishedAt: doneAt + verified * MINUTE,
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

  /** The slow way, without halving: which delivery users of the target had right before a moment. */
  const hadBefore = (there: readonly Judged[], at: number, but: Judged) =>
    there
      .filter((each) => each !== but && each.reachedAt !== null && each.reachedAt <= at)
      .toSorted((a, b) => (a.reachedAt ?? 0) - (b.reachedAt ?? 0) || a.delivery.number - b.delivery.number)
      .at(-1);

  /** Close together, so that menders come within the hours of what they mend. */
  const crowded = fc.array(
    anyDelivery.map((each): Delivery => {
      const earlier = (at: number | null) =>
        at === null ? null : at - Math.floor((each.requestedAt - MONDAY) / DAY) * DAY;
      const { requestedAt, submittedAt, doneAt, finishedAt } = each;
      const moved = { submittedAt: earlier(submittedAt), doneAt: earlier(doneAt), finishedAt: earlier(finishedAt) };
      return { ...each, ...moved, requestedAt: earlier(requestedAt) ?? 0, targetId: 'tgt_0' };
    }),
    { minLength: 6, maxLength: 25 },
  );

  test('what a mender is said to have mended is what users had when it was sent, or what a roll-back had put there', () => {
    fc.assert(
      fc.property(crowded, (deliveries) => {
        const judged = judge(deliveries, WITHIN);
        for (const failed of judged) {
          const mender = judged.find(({ delivery: { id } }) => id === failed.failure?.by?.id);
          if (!mender || failed.failure?.cause === 'said') continue;
          const there = judged.filter(({ delivery: { targetId } }) => targetId === failed.delivery.targetId);
          const sentAt = mender.delivery.submittedAt ?? Number.NaN;
          const had = hadBefore(there, sentAt, mender);
          expect(failed.isChange && (failed.reachedAt ?? Number.NaN) <= sentAt).toBe(true);
          expect(sentAt - (failed.reachedAt ?? 0)).toBeLessThanOrEqual(WITHIN);
          if (had?.isChange) expect(had.delivery.id).toBe(failed.delivery.id);
          else expect(had?.delivery.sha).toBe(failed.delivery.sha);
        }
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
