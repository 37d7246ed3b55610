import { expect, test } from 'vitest';
import { type Draft, intentKeys } from './intent';

const draft: Draft = {
  targetId: 'tgt_1',
  revision: { ref: 'main', refKind: 'branch', sha: 'a'.repeat(40) },
  inputs: { level: 'info' },
  reason: '',
};

function keys() {
  let made = 0;
  return intentKeys('first', () => `fresh-${++made}`);
}

test('the same draft sent again keeps its key, a changed one gets its own', () => {
  const intent = keys();
  expect([intent.keyFor(draft), intent.keyFor({ ...draft })]).toEqual(['first', 'first']);
  expect(intent.keyFor({ ...draft, inputs: { level: 'debug' } })).toBe('fresh-1');
});

test('after a success the same draft is a new intent', () => {
  const intent = keys();
  intent.keyFor(draft);
  intent.spent();
  expect(intent.keyFor(draft)).toBe('fresh-1');
});
