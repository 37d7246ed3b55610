import { randomBytes } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createConnection,
  createKeyRing,
  getConnection,
  openConnection,
  removeConnection,
} from '@/lib/connections/server';
import type { Database } from '@/lib/db/client';
import { components, connections } from '@/lib/db/schema';
import { openTestDatabase, personActor, testContext } from '@/lib/db/testing/context';
import { makeConnection } from '@/lib/db/testing/factories';
import { createComponent, listComponents, updateComponent } from '.';

const SECRET = 'a-registry-password-4711-0815';
const keys = createKeyRing(randomBytes(32));
const settings = { keys, allowLoopbackHttp: false };
const source = { repository: 'acme/backend', imageInput: 'image', digestInput: null, platform: 'linux/amd64' };
let database: Database;
const admin = () => testContext(database.db, { actor: personActor([{ role: 'admin', environmentPattern: '*' }]) });

beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

function connect(over: object = {}) {
  const credential = { kind: 'basic' as const, username: 'robot', password: SECRET, tokenOrigin: null, ...over };
  const name = `Registry ${randomBytes(4).toString('hex')}`;
  return createConnection(
    admin(),
    { name, providerId: 'oci-registry', origin: 'https://registry.acme.dev', credential },
    settings,
  );
}

describe('a registry', () => {
  test('is kept with its password sealed, and opened with the token service that was named', async () => {
    const { id } = await connect({ tokenOrigin: 'https://auth.acme.dev/token' });
    const [row] = await database.db.select().from(connections).where(eq(connections.id, id));
    expect(JSON.stringify(row)).not.toContain(SECRET);
    expect(row).toMatchObject({ credentialKind: 'basic', credentialLast4: '0815' });
    const asked: string[] = [];
    const fetch = async (input: RequestInfo | URL) => {
      asked.push(new Request(input).url);
      return new Response('{}');
    };
    const clock = { now: () => Date.now() };
    const { context } = await openConnection({ db: database.db, clock, fetch, keys }, id);
    expect(context.credential).toMatchObject({
      kind: 'basic',
      username: 'robot',
      tokenOrigin: 'https://auth.acme.dev',
    });
    await context.fetch('https://auth.acme.dev/token');
    await expect(context.fetch('https://auth.evil.dev/token')).rejects.toMatchObject({ code: 'origin_refused' });
    expect(asked).toEqual(['https://auth.acme.dev/token']);
    const shown = await getConnection(admin(), { id });
    expect(shown.sentTo).toEqual(['https://registry.acme.dev', 'https://auth.acme.dev']);
    expect(shown.webhook.supported).toBe(false);
  });

  test.each(['http://auth.acme.dev', 'https://127.0.0.1', 'https://auth.internal', 'https://u:p@auth.acme.dev'])(
    'has no token service at %s',
    async (tokenOrigin) => {
      await expect(connect({ tokenOrigin })).rejects.toMatchObject({
        code: 'origin_refused',
        fields: { 'credential.tokenOrigin': expect.any(String) },
      });
    },
  );

  test('shows no end of a short password', async () => {
    const { id } = await connect({ password: 'short-password' });
    const [row] = await database.db.select().from(connections).where(eq(connections.id, id));
    expect(row?.credentialLast4).toBe('');
  });
});

describe('where the images of a component are', () => {
  test('is set, left alone, and taken away; the registry stays as long as it is used', async () => {
    const { id: connectionId } = await connect();
    const image = { connectionId, source };
    const { id } = await createComponent(admin(), { slug: 'with-images', name: 'A', kind: 'backend', image });
    const read = async () => (await listComponents(admin())).find((each) => each.id === id)?.image;
    expect(await read()).toEqual(image);
    await updateComponent(admin(), { id, name: 'B', kind: 'backend' });
    expect(await read()).toEqual(image);
    await expect(removeConnection(admin(), { id: connectionId, version: 1 })).rejects.toMatchObject({
      code: 'connection_in_use',
      message: expect.stringContaining('The images of B'),
    });
    await updateComponent(admin(), { id, name: 'B', kind: 'backend', image: null });
    expect(await read()).toBeNull();
    await removeConnection(admin(), { id: connectionId, version: 1 });
  });

  test.each([
    ['no input', { ...source, imageInput: null }],
    ['a host in the repository', { ...source, repository: 'ghcr.io:443/acme' }],
    ['a tag in the repository', { ...source, repository: 'acme/backend:1' }],
    ['a way out', { ...source, repository: '../v2' }],
    ['capitals', { ...source, repository: 'Acme/Backend' }],
    ['half a platform', { ...source, platform: 'amd64' }],
    ['an input that is none', { ...source, imageInput: 'image; rm -rf' }],
  ])('is refused with %s', async (_, wrong) => {
    const { id: connectionId } = await connect();
    const image = { connectionId, source: wrong };
    await expect(createComponent(admin(), { slug: 'wrong', name: 'W', kind: 'other', image })).rejects.toThrow();
  });

  test('is no account that only deploys', async () => {
    const { id: connectionId } = await makeConnection(database.db, { providerId: 'github' });
    const made = createComponent(admin(), { slug: 'wrong', name: 'W', kind: 'other', image: { connectionId, source } });
    await expect(made).rejects.toMatchObject({
      code: 'connection_unknown',
      fields: { 'image.connectionId': expect.any(String) },
    });
  });

  test('is whole or not at all, whoever writes it', async () => {
    const half = database.db
      .insert(components)
      .values({ id: 'cmp_half', slug: 'half', name: 'H', kind: 'other', image: source });
    await expect(half).rejects.toThrow();
  });
});
