import { randomBytes } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Actor } from '@/lib/auth/actor';
import type { ServiceContext } from '@/lib/auth/context';
import { openConnection } from '@/lib/connections/server';
import { connectionSettings } from '@/lib/connections/server/settings';
import { type Database, openDatabase } from '@/lib/db/client';
import { deployments } from '@/lib/db/schema';
import { personActor, systemActor, testContext } from '@/lib/db/testing/context';
import { advance } from '@/lib/deployments/server';
import { publishPackage } from '@/lib/deployments/server/publish-package';
import { memoryBlobs } from '@/lib/extensions/testing/memory-blobs';
import { systemClock } from '@/lib/kernel/clock';
import { readPlan, readPublications, readRetirement } from '@/lib/publications/server';
import type { Runtime } from '@/lib/runtime';
import { type Client, clientOf } from '@/lib/sandbox/testing/client';
import { sandboxFetch } from '@/lib/sandbox/transport';
import { createTestDatabase, type TestDatabase } from '@/scripts/testing/database';
import { seedSandbox } from './boot-sandbox';

const RealDate = Date;

let made: TestDatabase;
let database: Database;
let client: Client;
let blobs = memoryBlobs();

beforeEach(async () => {
  made = await createTestDatabase();
  blobs = memoryBlobs();
  const secret = (bytes: number) => randomBytes(bytes).toString('base64');
  vi.stubEnv('NEXTAUTH_URL', 'http://localhost:3000');
  vi.stubEnv('NEXTAUTH_SECRET', secret(48));
  vi.stubEnv('AETHERSTACK_KEK', secret(32));
});
afterEach(async () => {
  await client.sandbox.close();
  await database.close();
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
  await made.drop();
});

/** This process, the sandbox in it and the database go by a clock that says this day. */
async function begin(day: string): Promise<void> {
  const ahead = RealDate.parse(`${day}T12:00:00Z`) - RealDate.now();
  class Moved extends RealDate {
    constructor(...args: [] | [number]) {
      super(...((args.length === 0 ? [Moved.now()] : args) as [number]));
    }
    static override now(): number {
      return RealDate.now() + ahead;
    }
  }
  vi.stubGlobal('Date', Moved);
  const plain = openDatabase(made.url);
  await plain.db.execute('create schema moved');
  for (const name of ['now', 'clock_timestamp'])
    await plain.db.execute(
      `create function moved.${name}() returns timestamptz language sql stable
       as $$ select pg_catalog.${name}() + interval '${ahead} milliseconds' $$`,
    );
  await plain.close();
  const url = new URL(made.url);
  url.searchParams.set('options', '-c search_path=moved,pg_catalog,public');
  vi.stubEnv('DATABASE_URL', url.toString());
  database = openDatabase(url.toString());
  client = await clientOf();
}

function context(actor: Actor): ServiceContext {
  const fetch = sandboxFetch(client.sandbox.url);
  const deps = {
    db: database.db,
    clock: systemClock,
    keys: connectionSettings().keys,
    fetch,
    writesPerMinute: Infinity,
  };
  return {
    ...testContext(database.db, { actor, openConnection: (id) => openConnection(deps, id) }),
    ...{ blobs, fetchOutside: (url, init) => fetch(url, init) },
  };
}

const admin = () => context(personActor([{ role: 'admin', environmentPattern: '*' }]));

/** The sandbox's own time moves between two looks, and nobody waits. */
async function ended(id: string) {
  for (let looks = 0; looks < 20; looks++) {
    await advance(context(systemActor), id);
    const [row] = await database.db.select().from(deployments).where(eq(deployments.id, id));
    if (row?.finishedAt) return row;
    await client.control('advance', { ms: 300_000 });
  }
  return expect.fail('It does not end.');
}

// On that day and later the sandbox's Marketplace still takes its token, so a check has lifted the end of the kind.
test.each([
  ['2026-11-20', 1],
  ['2026-12-02', 0],
])(
  'the demo’s newest package goes to the Marketplace by the workflow, on %s as on any day',
  async (day, ending) => {
    await begin(day);
    const env = { AETHERSTACK_SANDBOX_URL: client.sandbox.url };
    await seedSandbox({ database, env, contextFor: context } as unknown as Runtime);
    const [newest] = (await readPublications(admin())).rows;
    expect(newest).toMatchObject({ version: '0.9.4', cells: [] });
    const packageId = newest?.packageId ?? '';
    const { places } = await readPlan(admin(), { packageId });
    expect(places.map(({ gallery }) => gallery)).toEqual(['Open VSX', 'Private gallery', 'VS Marketplace']);
    const { targetId, closed, notice } = places[2] ?? expect.fail('no Marketplace');
    expect([closed, notice]).toEqual([null, null]);
    const verb = { reason: '', ticked: [], freezeOverrideReason: null, idempotencyKey: `demo-${day}-abcdef` };
    const { deploymentId } = await publishPackage(admin(), { packageId, targetId, ...verb });
    expect(await ended(deploymentId)).toMatchObject({ status: 'succeeded', remoteId: expect.stringMatching(/^\d+$/) });
    const { rows } = await readPublications(admin());
    expect(rows[0]?.cells).toEqual([expect.objectContaining({ targetId, state: 'verified' })]);
    const view = await readRetirement(admin());
    expect(view.connections.filter(({ stored, daysLeft }) => stored && daysLeft !== null)).toHaveLength(ending);
    expect(view.secrets.find(({ on }) => on !== null)?.usedBy).toHaveLength(1);
    expect(view.migrations[0]?.proposal?.files.length).toBeGreaterThan(0);
  },
  60_000,
);
