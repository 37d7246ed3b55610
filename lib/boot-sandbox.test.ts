import { randomBytes } from 'node:crypto';
import { asc, eq } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readTold } from '@/lib/announcements/server';
import type { Actor } from '@/lib/auth/actor';
import type { ServiceContext } from '@/lib/auth/context';
import { setUp } from '@/lib/blueprints/server';
import { readConfiguration } from '@/lib/configuration/server';
import { openConnection } from '@/lib/connections/server';
import { connectionSettings } from '@/lib/connections/server/settings';
import type { Database } from '@/lib/db/client';
import { announcements, deployments, settings, targets } from '@/lib/db/schema';
import { openTestDatabase, personActor, testContext } from '@/lib/db/testing/context';
import { readHosting, readMatrix, readPromotion } from '@/lib/deployments/server';
import { readNow } from '@/lib/deployments/server/read-now';
import { examine } from '@/lib/doctor/server';
import { systemClock } from '@/lib/kernel/clock';
import { readVitals } from '@/lib/observability/server';
import { readPublications, readRetirement } from '@/lib/publications/server';
import { standingThere } from '@/lib/publications/server/standing-there';
import type { Runtime } from '@/lib/runtime';
import { type Client, clientOf } from '@/lib/sandbox/testing/client';
import { sandboxFetch } from '@/lib/sandbox/transport';
import { lookNow } from '@/lib/sightings/server';
import { seedSandbox } from './boot-sandbox';

let database: Database;
let client: Client;
beforeEach(async () => {
  database = await openTestDatabase();
  client = await clientOf();
  const secret = (bytes: number) => randomBytes(bytes).toString('base64');
  vi.stubEnv('DATABASE_URL', database.url);
  vi.stubEnv('NEXTAUTH_URL', 'http://localhost:3000');
  vi.stubEnv('NEXTAUTH_SECRET', secret(48));
  vi.stubEnv('AETHERSTACK_KEK', secret(32));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await client.sandbox.close();
  await database.close();
});

const admin = personActor([{ role: 'admin', environmentPattern: '*' }]);

function context(actor: Actor = admin): ServiceContext {
  const fetch = sandboxFetch(client.sandbox.url);
  const { keys } = connectionSettings();
  const deps = { db: database.db, clock: systemClock, keys, fetch, writesPerMinute: Infinity };
  const open: ServiceContext['openConnection'] = (id) => openConnection(deps, id);
  return {
    ...testContext(database.db, { actor, openConnection: open }),
    fetchOutside: (url, init) => fetch(url, init),
  };
}

const start = () =>
  seedSandbox({
    database,
    env: { AETHERSTACK_SANDBOX_URL: client.sandbox.url },
    contextFor: context,
  } as unknown as Runtime);

async function looks() {
  const rows = await database.db.select().from(targets);
  // Galleries say nothing of a commit.
  const deployed = rows.filter(({ config }) => config.extension === undefined);
  return Promise.all(deployed.map((row) => lookNow(context(), { targetId: row.id })));
}

/** What the console says of the packages, and what the galleries give to a client. */
async function published() {
  const { places, rows, installs } = await readPublications(context());
  const said = rows.map(({ version, cells }) => [
    version,
    cells
      .map(({ state }) => state)
      .sort()
      .join(),
  ]);
  const given: string[] = [];
  for (const { targetId, gallery } of places) {
    const [target] = await database.db.select().from(targets).where(eq(targets.id, targetId));
    const open = await context().openConnection(target?.connectionId ?? '');
    if (!open.provider.manifest.credentialKinds.some((kind) => kind === 'basic')) continue;
    for (const { packageId, version, targetPlatform, cells } of rows) {
      const wanted = { publisher: 'aetherstack', name: 'aetherstack', version, targetPlatform, packageId };
      const isSaid = cells.some((cell) => cell.targetId === targetId && cell.state === 'verified');
      const { is } = await standingThere(open, target?.config ?? {}, wanted);
      if (isSaid !== (is === 'same')) given.push(`${gallery} ${version}: ${is}`);
    }
  }
  return { places: places.length, said, given, counted: new Set(installs.map(({ targetId }) => targetId)).size };
}

/** The target of one of its websites there. */
async function readCell(environment: string, component = 'website'): Promise<string> {
  const { rows } = await readMatrix(context());
  const cells = rows.flatMap(({ cells: all }) => Object.values(all).flat());
  const found = cells.find(
    (each) => each.current?.component.slug === component && each.environmentSlug === environment,
  );
  return found?.targetId ?? expect.fail(`no ${component}`);
}

/** What visitors had: of what is live by its host's figures, of a preview that nobody visits that it has none. */
async function measured(): Promise<void> {
  const [live, preview] = await Promise.all(
    ['production', 'staging'].map(async (environment) =>
      readVitals(context(), { targetId: await readCell(environment, 'portal') }),
    ),
  );
  expect([live?.problem, live?.figures]).toEqual([null, expect.objectContaining({ lcpMs: expect.any(Number) })]);
  expect(preview?.figures?.none).toMatchObject({ code: 'no_data' });
}

/** The demo’s workflow publishes by the token that ends; the proposal with the way that stays is one press away. */
async function replaceTheToken(): Promise<void> {
  const view = await readRetirement(context());
  expect(view.repositories).toEqual([expect.objectContaining({ problem: null })]);
  const pat = view.secrets.find(({ on }) => on !== null);
  expect(pat).toMatchObject({ places: [{ updatedAt: expect.any(String) }], usedBy: [{}] });
  expect(view.retirements[0]?.places, 'no place by the token, but the repository’s workflow').toEqual([]);
  expect(view.connections.filter(({ daysLeft }) => daysLeft !== null)).toHaveLength(1);
  const proposal = view.migrations[0]?.proposal ?? expect.fail('nothing is proposed');
  expect(proposal.files.map(({ path }) => path).join()).toContain(pat?.usedBy[0]?.workflow);
  const { openUrl: _, needs, files, word: __, ...input } = proposal;
  expect(needs.map(({ name }) => name)).toContain('AZURE_CLIENT_ID');
  const { url } = await setUp(context(), { slug: 'extension', ...input, paths: files.map(({ path }) => path) });
  const after = (await readRetirement(context())).migrations[0]?.proposal;
  expect(after).toMatchObject({ openUrl: url, files: [] });
}

/** What each environment's page shows of what runs there, by target; and whether all of it is as it should be. */
async function runtimes() {
  const seen = ['production', 'staging', 'preview'].map(async (environment) => {
    const { targets: all, places, rows } = await readConfiguration(context(), { environment });
    const running = all.filter(({ runtime }) => runtime);
    const keys = new Set(running.flatMap((each) => each.places));
    const troubles = [...running, ...places.filter(({ key }) => keys.has(key))].flatMap(({ problem }) => problem ?? []);
    const names = rows
      .filter(({ at }) => at.some(({ place }) => keys.has(place)))
      .map(({ kind, name }) => `${kind} ${name}`);
    return { environment, running: running.map(({ name }) => name), troubles, names };
  });
  return Promise.all(seen);
}

/** What the matrix calls changed, and not live. */
async function changed(): Promise<string[]> {
  const { rows } = await readMatrix(context());
  const cells = rows.flatMap(({ component, cells: all }) =>
    Object.values(all).flatMap((each) => each.map((cell) => ({ ...cell, slug: component.slug }))),
  );
  return cells.flatMap((cell) =>
    cell.changed ? [`${cell.slug}/${cell.environmentSlug}: ${cell.changed.names.join()}`] : [],
  );
}

async function atProvider<T>(url: string): Promise<T> {
  const answer = await sandboxFetch(client.sandbox.url)(url, { headers: { authorization: 'token sandbox-token' } });
  return (await answer.json()) as T;
}

const records = () =>
  atProvider<{ environment: string; statuses_url: string; description: string }[]>(
    'https://api.github.com/repos/aetherstack/aetherstack/deployments',
  );

/** The records that the provider shows. */
async function shown() {
  const states = (await records()).map(async ({ environment, statuses_url }) => {
    const [newest] = await atProvider<{ state: string }[]>(statuses_url);
    return { environment, state: newest?.state };
  });
  return (await Promise.all(states)).sort((a, b) => (a.environment < b.environment ? -1 : 1));
}

/** In the order of their numbers. */
const asked = () =>
  database.db
    .select({ id: deployments.id, number: deployments.number, at: deployments.requestedAt })
    .from(deployments)
    .orderBy(asc(deployments.number));

test('the pasts of a fresh demo are numbered as one, from 1 and by their times; what a person has read stays', async () => {
  await start();
  const rows = await asked();
  expect(rows.map(({ number }) => number)).toEqual(rows.map((_, index) => index + 1));
  const times = rows.map(({ at }) => at.getTime());
  expect(times).toEqual([...times].sort((a, b) => a - b));
  expect((await readNow(context())).recent[0]?.id).toBe(rows.at(-1)?.id);
  const told = await database.db.select({ id: announcements.deploymentId }).from(announcements);
  const named = (await records()).map(({ description }) => Number(/^#(\d+): /.exec(description)?.[1]));
  const known = rows.flatMap(({ id, number }) => (told.some((each) => each.id === id) ? [number] : []));
  expect([known.length, named.sort((a, b) => a - b)]).toEqual([4, known]);
  await database.db.delete(settings).where(eq(settings.key, 'demo.numbers'));
  const [oldest] = rows;
  await database.db
    .update(deployments)
    .set({ requestedAt: new Date(), requestedById: 'usr_ada' })
    .where(eq(deployments.id, oldest?.id ?? ''));
  await start();
  expect((await asked()).map(({ id }) => id)).toEqual(rows.map(({ id }) => id));
}, 60_000);

test('a fresh demo has no drift: its services say what its history says; what is changed by hand stays over a restart', async () => {
  await start();
  const first = await looks();
  expect(first).toHaveLength(13);
  for (const each of first) expect(each).toEqual({ live: expect.any(String), drift: null, trouble: null });
  const told = await shown();
  expect(told.map(({ environment, state }) => [environment, state])).toEqual(
    ['backend', 'dashboard', 'docs', 'extension'].map((name) => [`production-${name}`, 'success']),
  );
  const { addresses, serving, changedThere, preview } =
    (await readHosting(context(), { targetId: await readCell('production') })) ?? {};
  expect(addresses?.[0]?.deployment).toEqual(serving?.deployment);
  expect([changedThere, preview?.screenshot, serving?.deployment?.number]).toEqual([null, true, expect.any(Number)]);
  expect(await changed(), 'the one example, with nobody else looking changed').toEqual([
    'website/staging: FORM_ENDPOINT',
  ]);
  await measured();
  const [cluster, run] = ['Backend on Cluster (sandbox)', 'Dashboard on Google Cloud Run (sandbox)'];
  const dashboard = ['variable API_BASE_URL', 'variable SESSION_HOURS'];
  expect(await runtimes()).toEqual(
    [
      { environment: 'production', running: [cluster, run] },
      { environment: 'staging', running: [cluster, run] },
      { environment: 'preview', running: ['Dashboard on Google App Engine (sandbox)'] },
    ].map((each) => ({ ...each, troubles: [], names: expect.arrayContaining(dashboard) })),
  );
  const { connections: examined } = await examine(context());
  const lent = examined.filter(({ account }) => account?.endsWith('.iam.gserviceaccount.com'));
  expect(lent.map(({ state, findings }) => [state, findings])).toEqual([1, 2].map(() => ['ok', []]));
  const plan = await readPromotion(context(), { targetId: await readCell('production') });
  expect(plan.candidates.map(({ environment }) => environment.slug)).toContain('staging');
  const gallery = await published();
  expect(gallery.places).toBe(3);
  expect(gallery.given, 'where the console and a gallery differ').toEqual([]);
  expect(gallery.said).toEqual([
    ['0.9.4', ''],
    ...[1, 2].map(() => ['0.9.3', 'verified,verified,verified']),
    ['0.10.0', 'accepted,rejected,verified'],
    ['0.9.2', 'verified,verified,verified'],
    ['0.9.1', 'unlisted,verified,verified'],
    ['0.9.0', 'verified,verified,verified'],
  ]);
  expect(gallery.counted).toBe(2);
  await replaceTheToken();
  await client.control('live', { environment: 'production', component: 'backend', sha: 'd'.repeat(40) });
  await start();
  expect((await looks()).filter((each) => each.drift !== null)).toHaveLength(1);
  expect(await shown(), 'once').toEqual(told);
  expect(await database.db.$count(targets), 'once').toBe(16);
  const [row] = await database.db.select().from(announcements);
  expect(await readTold(database.db, row?.deploymentId ?? '', 'GitHub')).toMatchObject({
    ...{ sentence: 'GitHub was told: live.', url: expect.stringContaining('/deployments/production-') },
  });
}, 60_000);
