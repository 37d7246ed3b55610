import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { vi } from 'vitest';
import type { ApiWorld } from '@/lib/api/testing/api-world';
import type { ServiceContext } from '@/lib/auth/context';
import { hashPassword } from '@/lib/auth/password';
import { createSession } from '@/lib/auth/sessions';
import {
  createConnection,
  openConnection,
  openOwn,
  setCredential,
  setWebhookSecret,
  storeOwnToken,
} from '@/lib/connections/server';
import { connections, targets } from '@/lib/db/schema';
import { makeUser } from '@/lib/db/testing/factories';
import { createHttpMemory } from '@/lib/http/memory';
import { inviteMember, renewInvitation } from '@/lib/members/server';
import { subscribe } from '@/lib/notifications/server';
import { FORMS } from './canaries';

export interface Planted {
  name: string;
  value: string;
  /**
   * How it is recognised: `held` = the process holds it, so in every writing; `in use` = the same for as long as somebody
   * works with it; `looks` = by its shape, as it is written; `field` = by the name of its field, for nothing else ever holds
   * it; `nothing` = not at all, so it may come nowhere in the first place.
   */
  by: 'held' | 'in use' | 'looks' | 'field' | 'nothing';
}

const random = (bytes: number) => randomBytes(bytes).toString('base64');
const API = 'https://api.github.com';

/** What an operator sets, and the password inside the database's address. Set before the first secret is read. */
export function plantEnvironment(): Planted[] {
  const values = {
    NEXTAUTH_SECRET: random(48),
    AETHERSTACK_KEK: random(32),
    AETHERSTACK_KEK_PREVIOUS: random(32),
    AETHERSTACK_AUDIT_KEY: random(32),
    AETHERSTACK_SETUP_TOKEN: randomBytes(24).toString('hex'),
    AETHERSTACK_SANDBOX_WEBHOOK_SECRET: random(24),
    GITHUB_OAUTH_CLIENT_SECRET: randomBytes(20).toString('hex'),
    NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: random(32),
    CRON_SECRET: random(24),
    AETHERSTACK_METRICS_TOKEN: random(24),
    AETHERSTACK_S3_SECRET_ACCESS_KEY: random(30),
    SENTRY_DSN: `https://${randomBytes(16).toString('hex')}@o1.ingest.example/42`,
  };
  const password = randomBytes(18).toString('base64url');
  const collector = randomBytes(24).toString('base64url');
  const all = {
    ...values,
    OTEL_EXPORTER_OTLP_HEADERS: `x-api-key=${collector}`,
    DATABASE_URL: `postgres://ada:${password}@db.example:5432/aether`,
  };
  const bucket = { AETHERSTACK_S3_ENDPOINT: 'https://s3.example', AETHERSTACK_S3_BUCKET: 'packages' };
  const plain = {
    ...{ NEXTAUTH_URL: 'https://deploy.team.dev', GITHUB_OAUTH_CLIENT_ID: 'Iv1.client' },
    ...{ ...bucket, AETHERSTACK_S3_ACCESS_KEY_ID: 'AKIDPLANTED' },
  };
  for (const [name, value] of Object.entries({ ...all, ...plain })) vi.stubEnv(name, value);
  return [
    ...Object.entries(values).map(([name, value]) => ({ name, value, by: 'held' as const })),
    { name: 'password of the database', value: password, by: 'held' },
    { name: 'key of the collector', value: collector, by: 'held' },
  ];
}

/** A vendor that repeats whatever it was sent, in every writing: in its errors, in the headers, in what breaks. */
export interface LoudVendor {
  fetch: typeof globalThis.fetch;
  status: number | 'cut';
}

export function loudVendor(): LoudVendor {
  const vendor: LoudVendor = { fetch: globalThis.fetch, status: 422 };
  vendor.fetch = async (input, init) => {
    const request = new Request(input, init);
    const sent = (request.headers.get('authorization') ?? '').replace(/^\S+ /, '');
    const said = [sent, ...Object.values(FORMS).map((form) => form(sent)), request.url, await request.text()].join(' ');
    if (vendor.status === 'cut') throw new TypeError(`fetch failed: ${said}`, { cause: new Error(said) });
    const body = { message: `You sent ${said}`, errors: [{ message: said }], documentation_url: said };
    const echo = Buffer.from(said).toString('base64url').slice(0, 4_000);
    return Response.json(body, { status: vendor.status, headers: { 'x-github-request-id': echo } });
  };
  return vendor;
}

/** Opens real connections of this world at the vendor; its own scripted one stays. */
export function openAt(world: ApiWorld, vendor: LoudVendor): ServiceContext['openConnection'] {
  const scripted = world.engine.openConnection;
  // A pause that one answer asks for would hide the next.
  return (id, consumer, manner) =>
    id === 'con_1'
      ? scripted(id, consumer, manner)
      : openConnection(
          {
            ...{ db: world.database.db, clock: world.engine.clock, writesPerMinute: Number.POSITIVE_INFINITY },
            ...{ fetch: vendor.fetch, memory: createHttpMemory() },
          },
          id,
          consumer,
          manner,
        );
}

/** The same as a person, by the token that is theirs. */
export function openOwnAt(
  world: ApiWorld,
  ctx: ServiceContext,
  vendor: LoudVendor,
): NonNullable<ServiceContext['openOwn']> {
  return (id, entered) =>
    openOwn(
      { db: world.database.db, clock: ctx.clock, fetch: vendor.fetch, memory: createHttpMemory() },
      ctx.actor,
      id,
      entered,
    );
}

/** A token of the administrator's own for a connection that something is deployed through. */
async function plantOwnToken(world: ApiWorld, admin: ServiceContext, connectionId: string): Promise<string> {
  const token = `gh${'p_'}${randomBytes(18).toString('hex')}`;
  await world.database.db.update(targets).set({ connectionId });
  const connection = await world.database.db.query.connections.findFirst({ where: eq(connections.id, connectionId) });
  const origin = connection?.origin ?? '';
  const civil: LoudVendor = { status: 422, fetch: async () => Response.json({ login: 'ada-at-vendor' }) };
  await storeOwnToken({ ...admin, openOwn: openOwnAt(world, admin, civil) }, { connectionId, origin, token });
  return token;
}

/** Everything else that is secret here, made by the verbs that people use. */
export async function plantSecrets(world: ApiWorld, admin: ServiceContext) {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2_048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
  const first = `gh${'p_'}${randomBytes(18).toString('hex')}`;
  const second = randomBytes(20).toString('base64url');
  const fineGrained = `github_${'pat_'}${randomBytes(30).toString('hex')}`;
  const connect = (name: string, credential: Parameters<typeof createConnection>[1]['credential']) =>
    createConnection(admin, { name, providerId: 'github', origin: API, credential });
  const one = await connect('One', { kind: 'token', token: first });
  await setCredential(admin, { id: one.id, credential: { kind: 'token', token: second } });
  const two = await connect('Two', { kind: 'token', token: fineGrained });
  const app = await connect('App', { kind: 'app', appId: '1', installationId: '2', privateKey });
  const given = randomBytes(24).toString('base64url');
  await setWebhookSecret(admin, { id: one.id, secret: given });
  const made = (await setWebhookSecret(admin, { id: one.id })).secret ?? '';
  const slack = `https://hooks.slack.com/services/T0/B0/${randomBytes(18).toString('hex')}`;
  const hook = `https://hooks.example/${randomBytes(18).toString('base64url')}`;
  const every = { events: ['*' as const], environmentPattern: '*' };
  await subscribe(admin, { name: 'Chat', kind: 'slack', url: slack, ...every });
  const signed = await subscribe(admin, { name: 'Hook', kind: 'webhook', url: hook, ...every });
  const { userId, token: invitation } = await inviteMember(admin, { login: 'bo', name: 'Bo', grants: [] });
  const { token: again } = await renewInvitation(admin, { userId });
  const password = `otter ${randomBytes(12).toString('hex')}`;
  const person = await makeUser(world.database.db, { passwordHash: await hashPassword(password) });
  const session = await createSession(world.database.db, { userId: person.id, ip: null, userAgent: 'test' });
  const secrets: Planted[] = [
    { name: 'a token that was replaced', by: 'in use', value: first },
    { name: 'a token', by: 'held', value: second },
    { name: 'a fine-grained token', by: 'held', value: fineGrained },
    { name: 'the key of an App', by: 'held', value: privateKey },
    { name: 'a webhook secret', by: 'held', value: given },
    { name: 'its successor', by: 'held', value: made },
    { name: 'the address of a chat’s hook', by: 'in use', value: slack },
    { name: 'the address of a hook', by: 'in use', value: hook },
    { name: 'what it is signed with', by: 'in use', value: signed.secret ?? '' },
    { name: 'an API token', by: 'looks', value: await world.token() },
    { name: 'an invitation', by: 'looks', value: invitation },
    { name: 'its successor, a second link', by: 'looks', value: again },
    { name: 'a password', by: 'field', value: password },
    { name: 'a session', by: 'looks', value: session },
    { name: 'a person’s own token', by: 'in use', value: await plantOwnToken(world, admin, one.id) },
  ];
  return { secrets, connections: { one: one.id, two: two.id, app: app.id } };
}
