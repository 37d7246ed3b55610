import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { ROUTES } from '@/lib/api/routes';
import { type ApiWorld, apiWorld } from '@/lib/api/testing/api-world';
import type { Actor } from '@/lib/auth/actor';
import { checkOwnToken, verifyConnection, webhookSecrets } from '@/lib/connections/server';
import { rateLimits, targets } from '@/lib/db/schema';
import { advanceOrSetAside, triggerDeployment } from '@/lib/deployments/server';
import { describeError, log } from '@/lib/kernel/log';
import { Secret } from '@/lib/kernel/secret';
import { deliverDue, fanOut } from '@/lib/notifications/server';
import { ProviderError } from '@/lib/providers/port';
import { readPublicStatus } from '@/lib/public-status/server';
import { createFeed } from '@/lib/realtime/feed';
import { eventStream } from '@/lib/realtime/stream';
import { repositoryFiles } from '@/lib/sandbox/repository-files';
import { figure } from '@/scripts/testing/figure';
import { FORMS } from './canaries';
import { PLANTED } from './catalog';
import { loudVendor, openAt, openOwnAt, type Planted, plantEnvironment, plantSecrets } from './planted';
import { plantSettings } from './planted-settings';

const NAMES = ['logs', 'JSON', 'errors', 'SSE', 'audit', 'CSV', 'database', 'notifications', 'crash'] as const;
const places = Object.fromEntries(NAMES.map((name) => [name, [] as string[]])) as Record<
  (typeof NAMES)[number],
  string[]
>;
const vendor = loudVendor();
let world: ApiWorld;
let planted: Planted[];
let connectionIds: string[];
let closeFeed: () => Promise<void>;

beforeAll(async () => {
  const outside = plantEnvironment();
  world = await apiWorld();
  world.engine.openConnection = openAt(world, vendor);
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, 'write').mockImplementation((part) => {
      places.logs.push(String(part));
      return true;
    });
  const { id, actor } = await world.person();
  const admin: Context = { ...world.engine, actor: { ...actor, sessionHash: id } as Actor };
  admin.openOwn = openOwnAt(world, admin, vendor);
  closeFeed = await watch(admin.actor);
  await fanOut(world.database.db);
  const { secrets, connections } = await plantSecrets(world, admin);
  const settings = await plantSettings(world, await repositoryFiles());
  places.JSON.push(...settings.answers);
  planted = [...outside, ...secrets, ...settings.secrets];
  connectionIds = Object.values(connections);
  await misfortune(admin, connections);
  await look(admin.actor, connections.one);
});
afterAll(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await closeFeed();
  await world.close();
});

type Context = ApiWorld['engine'];

/** Somebody has the console open all the while. */
async function watch(actor: Actor): Promise<() => Promise<void>> {
  const feed = createFeed(world.database, { onError: () => {} });
  await feed.ready();
  const leave = new AbortController();
  const stream = eventStream({ feed, actor, lastEventId: null, signal: leave.signal, stillAllowed: async () => actor });
  const reading = (async () => {
    for await (const part of stream) places.SSE.push(Buffer.from(part).toString());
  })();
  return async () => {
    leave.abort();
    await reading;
    await feed.close();
  };
}

/** What repeats secrets: a vendor that says back what it was sent, receivers that do, and a library that tells all it knows. */
async function misfortune(admin: Context, connections: Record<string, string>): Promise<void> {
  await deployThrough(connections.one ?? '', admin);
  for (const status of [422, 403, 500, 'cut'] as const) {
    vendor.status = status;
    for (const id of status === 422 ? Object.values(connections) : [connections.one ?? '']) {
      await verifyConnection(admin, { id }).catch((error) => log.error('not verified', describeError(error)));
      await checkOwnToken(admin, { connectionId: id }).catch((error) => log.error('not mine', describeError(error)));
      const browsed = await world.call(`GET /connections/${id}/repositories`, { cookie: admin.actor });
      places.errors.push(await browsed.text());
    }
  }
  world.outside.answer = async (url, init) => {
    const said = `${url} ${JSON.stringify([...new Headers(init?.headers)])} ${init?.body}`;
    places.notifications.push(String(init?.body));
    if (places.notifications.length % 2 === 0) throw new TypeError(`fetch failed: ${said}`, { cause: new Error(said) });
    return new Response(said, { status: 500, statusText: 'Said back' });
  };
  await fanOut(world.database.db);
  await deliverDue({ ...admin, fetchOutside: (url, init) => world.outside.answer(url, init) });
  await tellAll(admin);
}

/** A deployment at the loud vendor: what it answers becomes trouble, a failure, events and audit lines. */
async function deployThrough(connectionId: string, admin: Context): Promise<void> {
  const { provider } = await admin.openConnection('con_1');
  const inner = admin.openConnection;
  for (const [at, kind] of (['unavailable', 'rejected'] as const).entries()) {
    await world.database.db.update(targets).set({ connectionId });
    const loud: Context['openConnection'] = async (id, ...more) => {
      const { context } = await inner(id, ...more);
      const secret = context.credential.kind === 'token' ? context.credential.token.reveal() : '';
      const said = Object.values(FORMS).map((form) => form(secret));
      const trigger = () => Promise.reject(new ProviderError(kind, 'said_back', `It said: ${said.join(' ')}`));
      const methods = { ...provider.methods, deploy: { ...provider.methods.deploy, trigger } };
      return { context, provider: { ...provider, methods } as typeof provider };
    };
    const { deploymentId } = await triggerDeployment(
      { ...admin, openConnection: loud },
      {
        targetId: 'tgt_staging',
        revision: { ref: 'main', refKind: 'branch', sha: world.vendor.head },
        inputs: { level: at === 0 ? 'info' : 'debug' },
        checklist: [],
        reason: '',
        freezeOverrideReason: null,
        idempotencyKey: `canary-${at}`,
      },
    );
    await advanceOrSetAside({ ...world.engine, openConnection: loud }, deploymentId);
  }
}

/** A fault that nobody foresaw, whose error holds everything that a process has in hand while it works. */
async function tellAll(admin: Context): Promise<void> {
  const before = world.engine.openConnection;
  const held = [
    await webhookSecrets({ db: world.database.db }, 'github'),
    ...(await Promise.all(connectionIds.map((id) => before(id)))),
  ];
  // What nobody works with any more is forgotten whenever memory is swept; here somebody still does.
  const inUse = planted.flatMap(({ value, by }) => (by === 'in use' ? [new Secret(value)] : []));
  for (const { value, by } of planted.filter((each) => each.by !== 'nothing')) {
    const known = by === 'held' || by === 'in use';
    const forms = known ? Object.values(FORMS).map((form) => form(value)) : [value];
    const error = new Error(by === 'field' ? 'dump' : `dump: ${forms.join(' ')}`);
    world.engine.openConnection = () => Promise.reject(error);
    if (by === 'field') log.error('dump', { input: { login: 'bo', password: value } });
    const answer = await world.call('GET /targets/tgt_staging/commits?ref=main', { cookie: admin.actor });
    places.errors.push(await answer.text());
    places.crash.push(JSON.stringify(describeError(error)));
    await world.database.db.delete(rateLimits);
  }
  world.engine.openConnection = before;
  expect(held).toHaveLength(4);
  expect(inUse.every((each) => each.reveal().length > 0)).toBe(true);
}

/** Everything that can be read, read. */
async function look(cookie: Actor, connectionId: string): Promise<void> {
  const { rows } = await world.database.db.execute<{ id: string }>('select id from deployments');
  const fill: Record<string, string> = { deploymentId: rows[0]?.id ?? '', targetId: 'tgt_staging', slug: 'backend' };
  for (const { path } of ROUTES.filter(({ method }) => method === 'GET')) {
    const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => fill[name] ?? connectionId);
    const answer = await world.call(`GET ${filled}`, { cookie });
    places[answer.ok ? 'JSON' : 'errors'].push(await answer.text());
  }
  places.audit.push(await (await world.call('GET /audit?limit=200', { cookie })).text());
  for (const format of ['csv', 'json'])
    places.CSV.push(await (await world.call(`GET /audit/export?format=${format}`, { cookie })).text());
  const { db } = world.database;
  // What everybody may read, as if everything were public.
  await db.update(targets).set({ isPublic: true });
  places.JSON.push(JSON.stringify(await readPublicStatus(db)));
  const tables = await db.execute<{ name: string }>(
    "select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = 'public'",
  );
  for (const { name } of tables.rows) {
    const dump = await db.execute<{ line: string }>(`select t::text as line from ${name} t`);
    places.database.push(dump.rows.map(({ line }) => line).join('\n'));
  }
}

/** Long enough pieces, so that half a secret counts as one. */
function traces(value: string): string[] {
  return Object.values(FORMS).flatMap((form) => {
    const text = form(value);
    const middle = Math.floor(text.length / 2);
    return [text, text.slice(middle - 9, middle + 9)];
  });
}

test(`${PLANTED} secrets, planted where they belong, in nine places where they do not: 0 finds`, () => {
  expect(planted).toHaveLength(PLANTED);
  for (const name of NAMES) expect(places[name].join('').length, `${name} holds something`).toBeGreaterThan(100);
  const texts = NAMES.map((name) => ({ name, text: places[name].join('\n') }));
  const found = planted.flatMap(({ name, value }) => {
    const wanted = traces(value);
    return texts
      .filter(({ text }) => wanted.some((trace) => text.includes(trace)))
      .map((place) => `${name} in ${place.name}`);
  });
  figure(
    'P21',
    `${planted.length} secrets looked for in ${NAMES.length} places (${NAMES.join(', ')}): ${found.length} finds`,
  );
  expect(found).toEqual([]);
});

test('the misfortune was one: what was masked shows where', () => {
  for (const name of ['logs', 'errors', 'audit', 'database', 'crash'] as const)
    expect(places[name].join('\n'), name).toContain('[redacted]');
});
