import { expect, test } from 'vitest';
import { scopeOf, wordsOf } from './note';

const facts = {
  ...{ number: 128, sha: 'abcdef0'.padEnd(40, '1'), goesBack: false },
  component: { slug: 'backend', name: 'Backend' },
  environment: { slug: 'production', name: 'Production' },
};

test('a scope knows the commit beside what the target knows', () => {
  const scope = 'project:{{team}}-{{component}} release:{{component}}@{{sha}} {{unknown}}';
  expect(scopeOf({ scope }, { values: { team: 'web' } }, facts)).toBe(
    `project:web-backend release:backend@${facts.sha} {{unknown}}`,
  );
});

test('it names what is live, and no person', () => {
  expect(wordsOf(facts)).toEqual({ title: '#128: Backend to Production', text: 'abcdef0 is live.' });
  expect(wordsOf({ ...facts, goesBack: true }).text).toBe('Rolled back: abcdef0 is live again.');
});
