import { describe, expect, test } from 'vitest';
import type { Preflight } from './preflight';
import { preflightRefusal, switchRefusal } from './refusals';

const facts = {
  component: { kind: 'dashboard', name: 'Dashboard' },
  environment: { name: 'Staging' },
  mode: 'ssg',
  now: 'ssr',
  host: null,
} as const;

describe('a switch', () => {
  test('of a web dashboard to the other mode is not in the way of anything', () => {
    expect(switchRefusal(facts)).toBeNull();
    expect(switchRefusal({ ...facts, now: null })).toBeNull();
  });

  test('of anything else is refused, with what has a mode', () => {
    const refusal = switchRefusal({ ...facts, component: { kind: 'backend', name: 'API' } });
    expect(refusal).toMatchObject({ code: 'not_a_dashboard', sentence: expect.stringContaining('“dashboard”') });
  });

  test('to a mode that the host does not serve is refused in the host’s words', () => {
    const host = { code: 'mode_not_served', sentence: 'Pages serves SSG only, not SSR.' };
    expect(switchRefusal({ ...facts, host })).toEqual(host);
  });

  test('to the mode that it has says so', () => {
    expect(switchRefusal({ ...facts, now: 'ssg' })).toMatchObject({
      code: 'mode_is_set',
      sentence: expect.stringContaining('Dashboard in Staging is built as SSG already'),
    });
  });
});

describe('what the check found', () => {
  const digest = 'd'.repeat(64);
  const clean: Preflight = { mode: 'ssg', blockers: [], warnings: [], routes: null, variables: [], digest };
  const action = {
    ...{
      code: 'server_actions',
      sentence: 'A server action cannot be exported.',
      where: 'app/save/actions.ts',
      line: 3,
    },
    mend: 'Call an API instead.',
  };

  test('is what the person saw: nothing is in the way', () => {
    expect(preflightRefusal(clean, digest)).toBeNull();
  });

  test('has changed since: refused, with what to do', () => {
    expect(preflightRefusal(clean, 'e'.repeat(64))).toMatchObject({
      code: 'preflight_changed',
      sentence: expect.stringContaining('Look at it again'),
    });
  });

  test('is a blocker: refused with where it is and how many more, even if it is what was seen', () => {
    const refusal = preflightRefusal({ ...clean, blockers: [action, { ...action, where: null, line: null }] }, digest);
    expect(refusal).toEqual({
      code: 'preflight_blocked',
      sentence:
        'It cannot be built as SSG: A server action cannot be exported. (app/save/actions.ts:3) Call an API instead. 1 more stands in the way.',
    });
  });
});
