import { expect, test } from 'vitest';
import { type FailureView, isItUs } from '@/lib/deployments/model/failure-view';
import { Client } from './client';
import { sit } from './testing/sit';

const alike = {
  id: 'dep_2',
  number: 2,
  component: 'Docs',
  environment: 'Staging',
  label: '',
  at: '2026-11-26T10:00:00.000Z',
};
const none = { here: { times: 0, last: null }, elsewhere: { times: 0, newest: [] }, said: [], weather: [] };
const notice = {
  ...{ provider: 'GitHub Actions', name: 'Incident with Actions', url: null, impact: 'major', latest: null },
  ...{ since: '2026-11-27T09:50:00.000Z', seenAt: '2026-11-27T10:20:00.000Z' },
};

test('each failure is said with what it failed with, where else, and what the provider said', async () => {
  const client = new Client({ url: 'http://127.0.0.1:1', token: 'none' }, new AbortController().signal);
  const facts = { ...none, elsewhere: { times: 1, newest: [alike] }, said: [notice] };
  const view: FailureView = {
    deployment: { id: 'dep_1', number: 1 },
    failure: { line: 'Error: boom', step: 'Build', exitCode: 2, source: 'log', at: '2026-11-27T10:00:00.000Z' },
    ...facts,
    verdict: isItUs(facts),
  };
  client.get = async <T>() => view as T;
  const { out, code } = await sit('failure', ['dep_1'], client);
  expect(code).toBe(0);
  expect(out).toContain('Error: boom (Build, exit code 2)');
  expect(out).toContain('#2 Docs in Staging');
  expect(out).toContain('GitHub Actions said');
  expect(out.split('\n')[0]).toContain('had trouble of its own while it ran');
});

test('nothing is claimed that the facts do not show', () => {
  const bad = { tone: 'bad' as const, sentence: 'The credential of “CI” ended.' };
  expect(isItUs(none)).toContain('look at this change first');
  expect(isItUs({ ...none, here: { times: 2, last: alike } })).toContain('2 times before in 90 days');
  expect(isItUs({ ...none, elsewhere: { times: 1, newest: [alike] } })).toContain('came up once elsewhere');
  expect(isItUs({ ...none, weather: [bad] })).toBe('It may be the connection: The credential of “CI” ended.');
  expect(isItUs({ ...none, weather: [bad], said: [notice] })).toContain('“Incident with Actions”');
});
