import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import type { ApprovalPacket } from '@/lib/gates/model/view';
import { ChangesPanel } from './changes-panel';
import { StandingPanel } from './standing-panel';

const words = (html: string) => html.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
const packet = (more: Partial<ApprovalPacket>) =>
  ({
    deployment: { sha: 'a'.repeat(40), label: '', environment: { name: 'Production' } },
    ...{ commits: null, commitsProblem: null, live: null, checks: 'success', checksProblem: null, verdict: null },
    requiredChecks: [],
    health: { state: 'as_deployed', sentence: 'What is live is what was deployed from here.', at: null },
    rollBack: { sentence: 'By a revert.', usualMs: null },
    ...more,
  }) as unknown as ApprovalPacket;
const changes = (more: Partial<ApprovalPacket>) => words(renderToStaticMarkup(<ChangesPanel packet={packet(more)} />));
const standing = (more: Partial<ApprovalPacket>) =>
  words(renderToStaticMarkup(<StandingPanel packet={packet(more)} />));

test('what CI says of the commit stands there without any list of commits, and so does that nobody can say', () => {
  expect(changes({ checks: 'failure' })).toContain('aaaaaaa checks failed');
  expect(changes({ commits: { included: [], totalIncluded: 0, leaving: [], totalLeaving: 2, url: '' } })).toContain(
    'aaaaaaa checks passed',
  );
  expect(changes({ checks: null, checksProblem: 'GitHub did not answer.' })).toContain(
    'aaaaaaa Its checks could not be read. GitHub did not answer.',
  );
});

test('beside it stand the checks that count, where the policy names them', () => {
  const requiredChecks = ['unit', 'e2e'];
  expect(changes({ requiredChecks })).toContain('aaaaaaa checks passed counted: unit, e2e');
  expect(changes({ requiredChecks, checks: 'none' })).toContain('aaaaaaa not all checks passed counted: unit, e2e');
  const unread = { requiredChecks, checks: null, checksProblem: 'GitHub did not answer.' };
  expect(changes(unread)).toContain('GitHub did not answer. counted: unit, e2e');
  expect(changes({ checks: 'none' })).toContain('aaaaaaa no checks');
  expect(changes({})).not.toContain('counted');
});

test('health is the verdict of what is live; whether that is what was deployed is drift', () => {
  const verdict = { verdict: 'worse', why: 'Errors doubled.', closed: false } as const;
  expect(standing({ verdict })).toMatch(/Health Worse than before so far Errors doubled\. Drift None What is live is/);
  expect(standing({ verdict: { verdict: null, why: 'Nothing measures it.', closed: false } })).toContain(
    'Health Not judged Nothing measures it.',
  );
  expect(standing({})).toContain('Health nothing is live Drift None');
});
