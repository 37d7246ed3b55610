import { expect, test } from 'vitest';
import { isReadInFull, type ReadOf, unreadOf } from './unread';

const whole: ReadOf = { branch: 'main', others: [], hasCommit: true, listed: 2, asked: 2, without: [] };

test('what was not read is said: no commit, too many workflows, a file that is not there, another branch', () => {
  expect(unreadOf(whole)).toBeNull();
  expect(unreadOf({ ...whole, hasCommit: false })).toContain('main has no commit');
  expect(unreadOf({ ...whole, listed: 57, asked: 40 })).toBe('Only 40 of its 57 workflows were read.');
  const without = ['a.yml', 'b.yml', 'c.yml', 'd.yml'];
  expect(unreadOf({ ...whole, without })).toBe('a.yml, b.yml, c.yml and 1 more could not be read on main.');
  expect(unreadOf({ ...whole, others: ['next'] })).toContain('not next');
});

test('nothing is called gone over what was not read, or where nothing was looked at', () => {
  const read = { problem: null };
  expect(isReadInFull({ repositories: [read], beyond: null })).toBe(true);
  expect(isReadInFull({ repositories: [read, { problem: 'Only 40 of 57.' }], beyond: null })).toBe(false);
  expect(isReadInFull({ repositories: [], beyond: null })).toBe(false);
  expect(isReadInFull({ repositories: [read], beyond: 'More targets.' })).toBe(false);
});
