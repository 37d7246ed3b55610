import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Database } from '@/lib/db/client';
import { targets } from '@/lib/db/schema';
import { openTestDatabase, testContext } from '@/lib/db/testing/context';
import { makeComponent, makeTarget } from '@/lib/db/testing/factories';
import type { AnyProvider, ProviderContext } from '@/lib/providers/port';
import { isReadInFull } from '../model/unread';
import { lookThrough } from './kept-secrets';

const ORGANISATION = { id: 'org', label: 'acme/stack', url: null, identity: 'acme/stack', absent: null };

/** A host of repositories with one workflow, which reads one secret. */
const host = {
  manifest: { label: 'Host' },
  methods: {
    workflows: { list: async () => [{ path: 'publish.yml', url: null, state: 'active' }] },
    source: { commits: async () => [{ sha: 'c0ffee' }] },
    files: {
      list: async () => ({ files: [{ path: '.github/workflows/publish.yml', id: 'blob_1' }] }),
      text: async () => `run: vsce publish --pat ${'$'}{{ secrets.VSCE_PAT }}`,
    },
    configuration: {
      reads: async () => ({ places: [ORGANISATION] }),
      list: async () => [{ kind: 'secret', name: 'VSCE_PAT', updatedAt: null }],
    },
  },
} as unknown as AnyProvider;

let database: Database;
const asked: string[] = [];
const context = () =>
  testContext(database.db, {
    openConnection: async (id) => {
      asked.push(id);
      return { provider: host, context: {} as ProviderContext };
    },
  });

beforeAll(async () => {
  database = await openTestDatabase();
});
beforeEach(async () => {
  asked.length = 0;
  await database.db.delete(targets);
});
afterAll(() => database.close());

async function publishedTo(config: Record<string, unknown>): Promise<void> {
  const component = await makeComponent(database.db, { kind: 'extension' });
  await makeTarget(database.db, { component, config: { extension: 'acme.demo', channel: 'stable', ...config } });
}

test('a repository that only a gallery’s target names is read by the connection that starts its workflow', async () => {
  await publishedTo({ repository: 'acme/stack', workflow: 'publish.yml', workflowConnection: 'con_ci' });
  const looked = await lookThrough(context(), ['VSCE_PAT']);
  expect(asked).toEqual(['con_ci']);
  expect(looked.repositories).toEqual([{ repository: 'acme/stack', workflows: 1, problem: null }]);
  expect(looked.secrets).toMatchObject([{ usedBy: [{ workflow: 'publish.yml' }], places: [{ label: 'acme/stack' }] }]);
  expect(isReadInFull(looked)).toBe(true);
});

test('one that nobody can be asked about is told, and nothing is called gone over it', async () => {
  await publishedTo({ repository: 'acme/stack', workflow: 'publish.yml', workflowConnection: 'con_ci' });
  await publishedTo({ repository: 'acme/other' });
  const looked = await lookThrough(context(), ['VSCE_PAT']);
  expect(looked.repositories.map(({ repository }) => repository)).toEqual(['acme/stack']);
  expect(looked.beyond).toContain('acme/other');
  expect(isReadInFull(looked)).toBe(false);
});
