import { describe, expect, test } from 'vitest';
import { FARTHEST, isNewsForPeople, type RollBackFacts, rollBackRule } from './roll-back-rule';

const MINUTE = 60_000;
const NOW = Date.parse('2026-11-27T12:00:00Z');

const HEALTHY = { id: 'dep_54', number: 54, between: 1, liveAt: NOW - 60 * MINUTE, isSame: false };

const facts = (over: Partial<RollBackFacts> = {}): RollBackFacts => ({
  asks: { confirmMinutes: 3 },
  environment: 'Production',
  number: 56,
  verdict: 'worse',
  why: 'Error rate: 0.2 % before, 4.1 % since.',
  closed: false,
  found: 'worse',
  judgedAt: NOW - 15_000,
  foundSince: NOW - 3 * MINUTE,
  alertSince: null,
  untilAt: NOW + 20 * MINUTE,
  now: NOW,
  isLive: true,
  goesBack: false,
  isElseThere: false,
  onlyUpwards: false,
  asked: null,
  isKeyTaken: false,
  onItsWay: null,
  lastHealthy: HEALTHY,
  ...over,
});

describe('going back by itself', () => {
  test('to the newest healthy one, with the verdict as the reason', () => {
    expect(rollBackRule(facts())).toEqual({
      do: 'ask',
      toDeploymentId: 'dep_54',
      reason:
        'By itself, as Production asks: #56 is worse than before, and #54 is the newest that was judged healthy (1 in between was not). Error rate: 0.2 % before, 4.1 % since.',
    });
  });

  test.each<[string, Partial<RollBackFacts>]>([
    ['no policy asks for it', { asks: null }],
    ['it is not what is live', { isLive: false }],
    ['it is a roll-back itself', { goesBack: true }],
    ['it was asked for already', { asked: { id: 'dep_57', number: 57 } }],
    ['it is a package', { onlyUpwards: true }],
    ['it is inconclusive', { verdict: 'inconclusive' }],
    ['it is healthy', { verdict: 'healthy' }],
  ])('never when %s', (_, over) => {
    expect(rollBackRule(facts(over))).toEqual({ do: 'nothing' });
  });

  test('only when every look of the confirmation found it worse, and it says when', () => {
    expect(rollBackRule(facts({ foundSince: NOW - MINUTE }))).toEqual({
      do: 'wait',
      until: NOW + 2 * MINUTE,
      sentence: 'If it stays worse, it is rolled back by itself at 12:02 UTC: Production asks for that.',
    });
    expect(rollBackRule(facts({ found: 'inconclusive' }))).toMatchObject({ do: 'wait' });
  });

  test('only on a look that is younger than a minute', () => {
    expect(rollBackRule(facts({ judgedAt: NOW - 59_000 }))).toMatchObject({ do: 'ask' });
    expect(rollBackRule(facts({ judgedAt: NOW - 60_000 }))).toMatchObject({ do: 'wait' });
    expect(rollBackRule(facts({ judgedAt: null }))).toMatchObject({ do: 'wait' });
  });

  test('an alert alone has to fire as long as is asked for', () => {
    expect(rollBackRule(facts({ alertSince: NOW - MINUTE }))).toMatchObject({ do: 'wait', until: NOW + 2 * MINUTE });
    expect(rollBackRule(facts({ alertSince: NOW - 3 * MINUTE }))).toMatchObject({ do: 'ask' });
  });

  test.each<[string, Partial<RollBackFacts>]>([
    ['window_over', { closed: true }],
    ['window_over', { untilAt: NOW }],
    ['something_else_there', { isElseThere: true }],
    ['key_taken', { isKeyTaken: true }],
    ['same_again', { lastHealthy: { ...HEALTHY, isSame: true } }],
    ['too_far_back', { lastHealthy: { ...HEALTHY, between: FARTHEST.deployments } }],
    ['too_far_back', { lastHealthy: { ...HEALTHY, liveAt: NOW - FARTHEST.days * 1440 * MINUTE - 1 } }],
  ])('it is for a person: %s', (code, over) => {
    expect(rollBackRule(facts(over))).toMatchObject({ do: 'refuse', code });
  });

  test('not beside a run that is on its way', () => {
    expect(rollBackRule(facts({ onItsWay: 57 }))).toMatchObject({
      do: 'wait',
      sentence: '#57 is on its way there, so nothing is rolled back by itself meanwhile.',
    });
  });

  test('without a healthy one before it, it is for people', () => {
    expect(rollBackRule(facts({ lastHealthy: null }))).toMatchObject({ do: 'refuse', code: 'none_healthy' });
  });

  test('a long verdict does not make a reason that no roll-back takes', () => {
    const decision = rollBackRule(facts({ why: 'x'.repeat(900) }));
    expect(decision.do === 'ask' && decision.reason).toHaveLength(500);
  });
});

test('that a person has to press is told once, however often the reason changes, and not while it is tried again', () => {
  const at = '2026-11-20T10:00:00.000Z';
  const note = { state: 'refused' as const, at, code: 'not_seen', sentence: 'x', deploymentId: null, isTold: false };
  expect(isNewsForPeople(note, null)).toBe(false);
  expect(isNewsForPeople({ ...note, code: 'unavailable', isPassing: true }, null)).toBe(false);
  expect(isNewsForPeople({ ...note, code: 'none_healthy' }, note)).toBe(true);
  expect(isNewsForPeople({ ...note, code: 'window_over' }, { ...note, code: 'none_healthy', isTold: true })).toBe(
    false,
  );
  expect(isNewsForPeople({ ...note, state: 'asked', code: 'asked' }, null)).toBe(false);
});
