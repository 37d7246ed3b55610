import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Actor } from '@/lib/auth/actor';
import type { Database } from '@/lib/db/client';
import { audit, connections, events } from '@/lib/db/schema';
import { openTestDatabase, personActor, testContext } from '@/lib/db/testing/context';
import { createSafeFetch } from '@/lib/http/safe-fetch';
import { makeAuthority, signedBy } from '@/lib/http/testing/certificate';
import { systemClock } from '@/lib/kernel/clock';
import { describeError } from '@/lib/kernel/log';
import { Secret } from '@/lib/kernel/secret';
import { providers } from '@/lib/providers/registry.generated';
import {
  createConnection,
  createKeyRing,
  getConnection,
  openConnection,
  openOwn,
  rewrapSecrets,
  setAuthorities,
  updateConnection,
} from '.';
import { readAuthorities } from './authorities';

const [oldKek, newKek] = [randomBytes(32), randomBytes(32)];
const settings = { keys: createKeyRing(oldKek), allowLoopbackHttp: true };
const admin = personActor([{ role: 'admin', environmentPattern: '*' }]);
const viewer = personActor([{ role: 'viewer', environmentPattern: '*' }]);
const credential = { kind: 'token', token: 'token-of-a-server' } as const;
const takesToken = Object.values(providers).filter(({ manifest }) => manifest.credentialKinds.includes('token'));
const ownId = takesToken.find(({ manifest }) => manifest.ownServer)?.manifest.id ?? '';
const publicOnly = takesToken.find(({ manifest }) => !manifest.ownServer)?.manifest;

const root = makeAuthority('Acme Root', { until: new Date('2036-01-31T00:00:00Z') });
const next = makeAuthority('Acme Next', { until: new Date('2046-01-31T00:00:00Z') });
const early = makeAuthority('Acme Early', { from: new Date('2045-02-01T00:00:00Z') });
const expired = makeAuthority('Acme Past', { until: new Date('2021-03-01T00:00:00Z') });
const inside = (pem: string) => pem.split('\n').slice(1, -2);

let database: Database;
let server: https.Server;
let origin = '';
beforeEach(async () => {
  database = await openTestDatabase();
  server = https.createServer(signedBy(root, 'localhost'), (_, response) => response.end('sealed'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `https://localhost:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  vi.restoreAllMocks();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await database.close();
});

const transport = createSafeFetch({ allowLoopback: true, resolve: async () => [{ address: '127.0.0.1', family: 4 }] });
const deps = (over: object = {}) => ({
  ...{ db: database.db, clock: systemClock, keys: settings.keys, fetch: transport },
  ...over,
});
const as = (actor: Actor) => testContext(database.db, { actor });
const make = async (name: string, authorities: string | null) =>
  (await createConnection(as(admin), { name, providerId: ownId, origin, credential, authorities }, settings)).id;
const ask = async (id: string) => {
  const { context } = await openConnection(deps(), id);
  return (await context.fetch(`${context.origin}/x`)).text();
};
const set = (id: string, version: number, authorities: string | null, actor = admin) =>
  setAuthorities(as(actor), { id, version, authorities }, settings);

describe('a certificate authority of a connection', () => {
  test('is believed by this connection and by no other to the same server', async () => {
    const [own, plain, other] = [
      await make('Own', root.cert),
      await make('Plain', null),
      await make('Other', next.cert),
    ];
    expect(await ask(own)).toBe('sealed');
    for (const id of [plain, other]) await expect(ask(id)).rejects.toMatchObject({ code: 'certificate_untrusted' });
  });

  test('is changed and taken away without the credential, and counts from the next request on', async () => {
    const id = await make('Own', null);
    await expect(ask(id)).rejects.toMatchObject({ code: 'certificate_untrusted' });
    expect(await set(id, 1, `${next.cert}${root.cert}`)).toEqual({ version: 2 });
    expect(await ask(id)).toBe('sealed');
    await expect(set(id, 1, null)).rejects.toMatchObject({ code: 'changed_meanwhile' });
    await expect(set(id, 2, null, viewer)).rejects.toMatchObject({ kind: 'forbidden' });
    expect(await set(id, 2, null)).toEqual({ version: 3 });
    await expect(ask(id)).rejects.toMatchObject({ code: 'certificate_untrusted' });
  });

  test('counts for a token of one’s own, too', async () => {
    const id = await make('Own', root.cert);
    const entered = { token: new Secret('own-token-of-a-person'), origin };
    const { context } = await openOwn(deps(), admin, id, entered);
    expect(await (await context.fetch(`${origin}/x`)).text()).toBe('sealed');
  });

  test('goes with the address, and opens in no other row, at no other address', async () => {
    const [one, two] = [await make('One', root.cert), await make('Two', null)];
    const { db } = database;
    const [{ sealedAuthorities, authorities } = { sealedAuthorities: null, authorities: null }] = await db
      .select()
      .from(connections)
      .where(eq(connections.id, one));
    await db.update(connections).set({ sealedAuthorities, authorities }).where(eq(connections.id, two));
    await expect(ask(two)).rejects.toMatchObject({ code: 'credential_unreadable' });
    const moved = { id: one, version: 1, name: 'One', origin: 'https://elsewhere.team.dev' };
    await updateConnection(as(admin), moved, settings);
    const [row] = await db.select().from(connections).where(eq(connections.id, one));
    expect(row).toMatchObject({ sealedAuthorities: null, authorities: null });
  });

  test('stays readable when the key is changed', async () => {
    const id = await make('Own', root.cert);
    const ring = createKeyRing(newKek, oldKek);
    expect(await rewrapSecrets(database.db, ring)).toEqual({ moved: 2, unreadable: 0 });
    const { context } = await openConnection(deps({ keys: createKeyRing(newKek) }), id);
    expect(await (await context.fetch(`${origin}/x`)).text()).toBe('sealed');
  });

  test('is shown and written down by name, date and digest; its text is in no row, line, event, log or error', async () => {
    const written = [vi.spyOn(process.stdout, 'write'), vi.spyOn(process.stderr, 'write')];
    const id = await make('Own', next.cert);
    const failure = await ask(id).catch((error: unknown) => describeError(error));
    await set(id, 1, root.cert);
    const { authorities } = await getConnection(as(viewer), { id });
    expect(authorities.trusted).toEqual([
      {
        subject: 'Acme Root',
        validFrom: '2020-01-01T00:00:00.000Z',
        expiresAt: '2036-01-31T00:00:00.000Z',
        fingerprint: expect.stringMatching(/^(?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/),
      },
    ]);
    const rows = await Promise.all([connections, audit, events].map((table) => database.db.select().from(table)));
    const lines = (await database.db.select().from(audit)).map(({ action, sentence }) => `${action}: ${sentence}`);
    expect(lines[1]).toBe(
      `connection.set-authorities: “Own” takes certificates of Acme Root (until 2036-01-31) and of nobody else at ${origin}.`,
    );
    const logged = written.flatMap((spy) => spy.mock.calls.map(String));
    const all = JSON.stringify([rows, failure, logged, authorities]);
    for (const line of [root, next].flatMap(({ cert }) => inside(cert))) expect(all).not.toContain(line);
    expect(all).not.toContain('BEGIN CERTIFICATE');
  });

  test('is refused where the provider is at its own public address only', async () => {
    const input = { name: 'Public', providerId: publicOnly?.id ?? '', credential, authorities: root.cert };
    const error = await createConnection(as(admin), input, settings).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'authorities_unsupported', fields: { authorities: expect.any(String) } });
    expect(await database.db.select().from(connections)).toEqual([]);
  });
});

describe('what is pasted', () => {
  const NOW = Date.parse('2026-11-27T12:00:00Z');
  const read = (text: string) => readAuthorities(text, NOW);
  const why = (text: string) => {
    try {
      read(text);
      return 'it was taken';
    } catch (error) {
      expect(error).toMatchObject({ kind: 'invalid', code: 'authorities_refused' });
      return (error as Error).message;
    }
  };

  test('is one certificate or several, each once, without what stands between them, also in base64', () => {
    const noisy = `# issued by us\r\n${root.cert.replaceAll('\n', '\r\n')}\nbag: 1\n${next.cert}${root.cert}`;
    const { pem, facts } = read(noisy);
    expect(facts.map(({ subject }) => subject)).toEqual(['Acme Root', 'Acme Next']);
    expect(pem).toBe(`${root.cert}${next.cert}`);
    expect(read(Buffer.from(root.cert).toString('base64'))).toEqual(read(root.cert));
    const [, later] = read(`${root.cert}${early.cert}`).facts;
    expect(later, 'the next one, in good time').toMatchObject({ validFrom: '2045-02-01T00:00:00.000Z' });
  });

  test.each([
    ['no certificate', 'hello', /^Paste the authority’s certificate whole/],
    ['base64 of something else', Buffer.from('hello').toString('base64'), /^Paste the authority’s certificate whole/],
    ['half of one', root.cert.slice(0, 200), /^Paste the authority’s certificate whole/],
    ['a private key beside it', `${root.cert}${root.key}`, /^There is a private key in it/],
    [
      'something else beside it',
      `${root.cert}-----BEGIN X509 CRL-----\nMII=\n-----END X509 CRL-----`,
      /^Not all of it/,
    ],
    [
      'one that is damaged',
      `${root.cert}${next.cert.replace(/\n.{64}/, '\nAAAA')}`,
      /^Certificate 2 of 2 cannot be read/,
    ],
    ['more than a server needs', root.cert.repeat(31), /^At most 30 certificates/],
    ['nothing that is valid yet', early.cert, /^Nothing here is valid yet: “Acme Early” from 2045-02-01\. Paste what/],
    ['one that is over', `${root.cert}${expired.cert}`, /^“Acme Past” expired on 2021-03-01\. Leave out/],
  ])('is refused with what to do: %s', (_what, text, sentence) => {
    expect(why(text)).toMatch(sentence);
    for (const line of [root.cert, root.key].flatMap(inside)) expect(why(text)).not.toContain(line);
  });

  test('a name that would break a line is one line', () => {
    const odd = makeAuthority(`Acme\u202e Root ${'x'.repeat(100)}`);
    const [{ subject } = { subject: '' }] = read(odd.cert).facts;
    expect(subject).toMatch(/^Acme.* Root x+$/);
    expect([subject.length, /[\p{C}]/u.test(subject)]).toEqual([80, false]);
  });
});
