import { expect, test } from 'vitest';
import type { ComposerPlan } from '@/lib/deployments/model/view';
import { keepReading } from './kept-reading';

const commit = { sha: 'a'.repeat(40) } as NonNullable<ComposerPlan['head']>;
const read: ComposerPlan = {
  revision: { ref: 'main', refKind: 'branch', sha: commit.sha },
  head: commit,
  form: { fields: [] } as unknown as ComposerPlan['form'],
  ...{ formless: false, comparison: null, notIncluded: [], gates: [], warnings: [], askAgainSeconds: null },
  gate: { allowed: true, refusal: null },
  policy: { approvals: 0, checklist: [] },
};
const refusal = { code: 'rate_limited', sentence: 'GitHub asked for a pause.' };
const unread: ComposerPlan = { ...read, askAgainSeconds: 4, head: null, form: null, gate: { allowed: false, refusal } };

test('what was read of a revision stays while its provider cannot be asked, and the gate is the new one', () => {
  expect(keepReading(read, unread)).toEqual({ ...unread, head: commit, form: read.form });
});

test('nothing is kept where nothing was read, and a new reading takes the place of an old one', () => {
  expect(keepReading(undefined, unread)).toBe(unread);
  expect(keepReading(unread, unread)).toBe(unread);
  const next = { ...read, warnings: ['new'] };
  expect(keepReading(read, next)).toBe(next);
});
