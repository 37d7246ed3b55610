import { expect, test } from 'vitest';
import type { ReleaseRepository } from '@/lib/releases/model/view';
import type { Client } from './client';
import { sit } from './testing/sit';

const sha = 'a'.repeat(40);
const repository: ReleaseRepository = {
  connectionId: 'con_1',
  connectionName: 'GitHub',
  repository: 'acme/app',
  components: [{ slug: 'backend', name: 'Backend' }],
  releases: [],
  tags: [],
  live: [],
  can: { generatedNotes: true, latest: true, drafts: true },
  problem: null,
};

/** A console that answers these repositories and remembers what it is asked. */
function consoleWith(repositories: ReleaseRepository[]) {
  const asked: { path: string; body?: unknown }[] = [];
  const client = {
    get: async (path: string) => {
      asked.push({ path });
      return path.startsWith('/releases/notes')
        ? { name: 'v1', body: 'Generated' }
        : { repositories, left: [], changeRefusal: null };
    },
    change: async (_method: string, path: string, body: unknown) => {
      asked.push({ path, body });
      return { tag: 'v1.0.0', url: 'https://x.example/v1', draft: true, made: true };
    },
  };
  return { client: client as unknown as Client, asked };
}

test('a release is drafted of exactly the commit that is named, with generated notes shown to nobody unasked', async () => {
  const { client, asked } = consoleWith([repository]);
  const args = ['v1.0.0', '--component', 'backend', '--sha', sha, '--generate', '--previous', 'v0.9.0'];
  expect(await sit('release create', args, client)).toMatchObject({
    code: 0,
    out: expect.stringContaining('Drafted: https://x.example/v1'),
  });
  expect(asked[1]?.path).toContain('previousTag=v0.9.0');
  expect(asked[2]?.body).toMatchObject({ repository: 'acme/app', tag: 'v1.0.0', sha, draft: true, notes: 'Generated' });
});

test('nothing is sent where it is not clear where to, or what', async () => {
  const { client, asked } = consoleWith([repository, { ...repository, repository: 'acme/other' }]);
  const args = ['v1.0.0', '--component', 'backend', '--sha', sha];
  expect(await sit('release create', args, client)).toMatchObject({ code: 'usage' });
  expect(await sit('release create', args, consoleWith([]).client)).toMatchObject({ code: 'no_repository' });
  expect(await sit('release create', ['v1.0.0', '--component', 'backend'], client)).toMatchObject({ code: 'usage' });
  expect(asked.filter(({ body }) => body !== undefined)).toEqual([]);
});

test('the list says where a release is live, and what could not be read', async () => {
  const live = {
    component: 'Backend',
    environment: 'Production',
    label: '',
    isProduction: true,
    deploymentId: 'd',
    number: 1,
  };
  const row = {
    ...{ id: '1', tag: 'v1.0.0', sha, name: 'v1', notes: '', draft: false, preRelease: false, immutable: false },
    ...{ author: 'mara', at: '2026-01-01T00:00:00Z', url: 'https://x.example', assets: [] },
    live: [{ ...live, sha, version: 'v1.0.0' }],
  };
  const broken = { ...repository, problem: { code: 'network', sentence: 'GitHub cannot be reached.' } };
  const { out, code } = await sit('release list', [], consoleWith([{ ...repository, releases: [row] }, broken]).client);
  expect(out).toContain('Backend in Production');
  expect(out).toContain('GitHub cannot be reached.');
  expect(code).toBe(5);
});
