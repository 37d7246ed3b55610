import { expect, test } from 'vitest';
import { fillIn, HealthSettings } from './health-settings';

const throughput = { expression: 'sum(rate(x{job="{{job}}"}[1m]))', unit: 'per_second' };
const problems = (raw: object) =>
  HealthSettings.safeParse(raw).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);

test('a placeholder that nothing is known for is refused; those of the place are always known', () => {
  const base = { connectionId: 'conn_1', queries: { throughput } };
  expect(problems(base)).toEqual(['queries.throughput.expression: Nothing is known for {{job}}.']);
  expect(problems({ ...base, values: { job: 'api' } })).toBeUndefined();
  const own = { ...throughput, expression: 'x{c="{{component}}", e="{{ environment }}"}' };
  expect(problems({ ...base, queries: { throughput: own } })).toBeUndefined();
});

test.each([
  ['nothing to measure', {}, 'queries: Write an expression, or an address to watch.'],
  [
    'nobody to ask',
    { queries: { throughput: { ...throughput, expression: 'x' } } },
    'connectionId: Choose who is asked.',
  ],
  [
    'a line that nobody can weigh',
    { connectionId: 'conn_1', queries: { errors: { expression: 'x', unit: 'ratio' } } },
    'queries.throughput: Write one: errors and latency stand for nothing where nobody knows the traffic.',
  ],
  [
    'a window too short for our own probes',
    { watchUrl: 'https://a.example', rules: { windowMinutes: 9 } },
    'rules.windowMinutes: Our own probes ask 18 times in it and 20 are needed: at least 10 minutes, or fewer requests.',
  ],
  [
    'a value that leaves its quotes',
    { watchUrl: 'https://a.example', values: { job: 'a"} or x{a="' } },
    'values.job: Letters, digits and . _ : / - only, at most 100.',
  ],
  [
    'a password in the address',
    { watchUrl: 'https://ada:pw@a.example' },
    'watchUrl: Leave the name and the password out of the address.',
  ],
])('%s is refused', (_, raw, problem) => {
  expect(problems(raw)).toEqual([problem]);
});

test('a unit belongs to its signal', () => {
  const queries = { errors: { expression: 'x', unit: 'seconds' } };
  expect(problems({ connectionId: 'conn_1', queries })?.[0]).toContain('queries.errors.unit');
});

test('filled in, every placeholder is its value, and other braces stay', () => {
  const place = { component: 'backend', environment: 'production' };
  expect(fillIn(throughput.expression, { job: 'api' }, place)).toBe('sum(rate(x{job="api"}[1m]))');
  expect(fillIn('x{c="{{component}}"} + {{nobody}}', {}, place)).toBe('x{c="backend"} + {{nobody}}');
});
