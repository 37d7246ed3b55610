import { expect, test } from 'vitest';
import type { Client } from './client';
import { sit } from './testing/sit';

const digest = 'd'.repeat(64);
const blocker = {
  code: 'server_actions',
  sentence: 'A server action cannot be exported.',
  where: 'app/a.ts',
  line: 3,
  mend: null,
};

/** A console that answers a check, and remembers what it was sent. */
function consoleWith(blockers: object[]) {
  const sent: unknown[][] = [];
  const api = {
    url: 'https://console.example',
    get: async (path: string, query?: { ref?: string; sha?: string }) => {
      sent.push(['GET', path, query]);
      if (path.endsWith('/plan'))
        return { revision: { ref: query?.ref, refKind: 'branch', sha: query?.sha ?? 'a'.repeat(40) } };
      if (path === '/estate' || path === '/matrix') return matrix;
      if (path.endsWith('/rendering'))
        return { mode: 'ssg', blockers, warnings: [], routes: null, variables: [], digest };
      return { id: 'dep_1', number: 7, status: 'queued', component: { slug: 'web' }, environment: { slug: 'staging' } };
    },
    change: async (method: string, path: string, body: object) => {
      sent.push([method, path, body]);
      return { deploymentId: 'dep_1', number: 7, outcome: 'created' };
    },
  };
  return { api: api as unknown as Client, sent };
}
const matrix = {
  environments: [{ slug: 'staging' }],
  rows: [
    { component: { slug: 'web' }, cells: { staging: [{ targetId: 'tgt_1', environmentSlug: 'staging', label: '' }] } },
  ],
};

test('--rendering switches with the digest of the check that it showed, to what is live when no ref is given', async () => {
  const { api, sent } = consoleWith([]);
  const sat = await sit('deploy', ['web/staging', '--rendering', 'ssg', '--reason', 'Cheaper', '--json'], api);
  expect(sat, sat.err).toMatchObject({ code: 0 });
  const [method, path, body] = sent.find(([name]) => name === 'POST') ?? [];
  expect([method, path]).toEqual(['POST', '/targets/tgt_1/rendering']);
  expect(body).toMatchObject({ mode: 'ssg', preflight: digest, revision: null, inputs: null, reason: 'Cheaper' });
});

test('a commit of a branch is checked on that branch, as it is switched', async () => {
  const { api, sent } = consoleWith([]);
  const sha = 'c'.repeat(40);
  const asked = ['web/staging', '--rendering', 'ssg', '--ref', 'feature/x', '--sha', sha, '--json'];
  const sat = await sit('deploy', asked, api);
  expect(sat, sat.err).toMatchObject({ code: 0 });
  expect(sent).toContainEqual(['GET', '/targets/tgt_1/rendering', { mode: 'ssg', ref: `feature/x@${sha}` }]);
  const [, , body] = sent.find(([name]) => name === 'POST') ?? [];
  expect(body).toMatchObject({ revision: { ref: 'feature/x', sha }, preflight: digest });
});

test('what stands in the way is shown with its place, and nothing is sent', async () => {
  const { api, sent } = consoleWith([blocker]);
  const sat = await sit('deploy', ['web/staging', '--rendering', 'ssg'], api);
  expect(sat).toMatchObject({ code: 'preflight_blocked', err: expect.stringContaining('(app/a.ts)') });
  expect(sent.filter(([method]) => method !== 'GET')).toEqual([]);
});

test('a mode that nobody knows is said before anything is asked', async () => {
  const { api, sent } = consoleWith([]);
  expect(await sit('deploy', ['web/staging', '--rendering', 'spa'], api)).toMatchObject({ code: 'usage' });
  expect(sent).toEqual([]);
});
