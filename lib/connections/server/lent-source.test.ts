import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OpenConnection } from '@/lib/auth/context';
import type { Database } from '@/lib/db/client';
import { fakeProvider, openTestDatabase } from '@/lib/db/testing/context';
import { makeConnection, makeTarget } from '@/lib/db/testing/factories';
import { type AnyProvider, capability } from '@/lib/providers/port';
import { withSource } from './lent-source';

const asked: { connection: string; config: unknown; ref: string }[] = [];
const source = {
  resolve: async (c: { connectionId: string }, config: unknown, ref: string) => {
    asked.push({ connection: c.connectionId, config, ref });
    return { ref, refKind: 'branch' as const, sha: 'a'.repeat(40) };
  },
} as unknown as NonNullable<AnyProvider['methods']['source']>;
const git = fakeProvider({ id: 'git' }, { source });
const host = fakeProvider({ id: 'host' }, { deploy: {} as NonNullable<AnyProvider['methods']['deploy']> });

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

const open = async (connectionId: string) =>
  ({ provider: git, context: { connectionId } }) as unknown as OpenConnection;
const lent = () => withSource(host, { db: database.db, providers: { git, host }, open });
const resolve = (repository: string) =>
  capability(lent(), 'source').resolve({} as never, { repository, defaultRef: 'main', project: 'web' }, 'main');

test('what has a source of its own, or deploys nothing, stays as it is', () => {
  const from = { db: database.db, open };
  const registry = fakeProvider({ id: 'registry' });
  expect([withSource(git, from), withSource(registry, from)]).toEqual([git, registry]);
});

test('commits are read through the connection of a target of that repository, else the oldest that works', async () => {
  await expect(resolve('acme/app')).rejects.toMatchObject({ code: 'no_source', kind: 'rejected' });
  const made = async (name: string, over: object = {}) =>
    (await makeConnection(database.db, { name, providerId: 'git', sealedCredential: 'sealed', ...over })).id;
  const day = (date: number) => ({ createdAt: new Date(Date.UTC(2026, 0, date)) });
  await made('without a credential', { ...day(1), sealedCredential: null });
  const failing = await made('failing', { ...day(2), state: 'failing' });
  const old = await made('old', { ...day(3), state: 'ok' });
  const used = await made('used', { ...day(4), state: 'ok' });
  await makeTarget(database.db, { connection: { id: used }, config: { repository: 'Acme/App' } });
  await makeTarget(database.db, { connection: { id: failing }, config: { repository: 'acme/other' } });
  asked.length = 0;
  for (const repository of ['acme/app', 'acme/new', 'acme/other']) await resolve(repository);
  expect(asked.map(({ connection }) => connection)).toEqual([used, old, failing]);
  expect(asked[0], 'nothing of the host’s own settings').toEqual({
    connection: used,
    config: { repository: 'acme/app', defaultRef: 'main' },
    ref: 'main',
  });
});
