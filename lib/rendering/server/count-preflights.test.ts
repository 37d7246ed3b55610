import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '@/lib/db/client';
import { targets } from '@/lib/db/schema';
import { openTestDatabase, personActor, testContext } from '@/lib/db/testing/context';
import { makeComponent, makeConnection, makeDeployment, makeEnvironment, makeTarget } from '@/lib/db/testing/factories';
import { Secret } from '@/lib/kernel/secret';
import { memoryWorld } from '@/lib/providers/conformance/harness';
import { provider as github } from '@/lib/providers/github/adapter';
import { createGithubSimulator } from '@/lib/providers/github/simulator';
import { repositoryFiles } from '@/lib/sandbox/repository-files';
import { countPreflights, previewSwitch } from '.';

const config = { repository: 'aetherstack/aetherstack', workflow: 'dashboard-deploy.yml', defaultRef: 'main' };
const PLACES = ['dev', 'staging', 'production'];

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

async function makeWorld() {
  const world = memoryWorld();
  const simulator = createGithubSimulator(world, { seed: 7, files: await repositoryFiles() });
  const asked: string[] = [];
  const fetch = (input: RequestInfo | URL, init?: RequestInit) => {
    const request = new Request(input, init);
    asked.push(new URL(request.url).pathname);
    return simulator.handle(request);
  };
  const credential = { kind: 'token', token: new Secret('sandbox-token') } as const;
  const context = { origin: 'https://api.github.com', now: () => world.now(), credential, fetch };
  const as = (environmentPattern: string) => ({
    ...testContext(database.db, {
      actor: personActor([{ role: 'viewer', environmentPattern }]),
      openConnection: async (connectionId) => ({ provider: github as never, context: { ...context, connectionId } }),
    }),
    fetchOutside: async () => new Response('', { status: 404 }),
  });
  return { as, asked };
}

it('a commit is read once for all environments that it is live in, and none is told that the reader may not see', async () => {
  const { db } = database;
  const { as, asked } = await makeWorld();
  const connection = await makeConnection(db, { providerId: 'github', origin: 'https://api.github.com' });
  const component = await makeComponent(db, { slug: 'website', kind: 'dashboard', paths: ['dashboard'] });
  const { context } = await as('*').openConnection(connection.id);
  const { sha } = await github.methods.source.resolve(context, config, 'main');
  const ids: string[] = [];
  for (const slug of PLACES) {
    const environment = await makeEnvironment(db, { slug });
    // What else a target is set to makes no other sources of it.
    const settings = { ...config, inputs: { environment: slug } };
    const target = await makeTarget(db, { component, connection, environment, config: settings });
    const live = await makeDeployment(db, target, 'succeeded', { sha, ref: 'main', rendering: 'ssr' });
    await db.update(targets).set({ currentDeploymentId: live.id, rendering: 'ssr' }).where(eq(targets.id, target.id));
    ids.push(target.id);
  }
  /** Lists and texts of files; where its workflow stands is each target's own. */
  const files = () => asked.splice(0).filter((path) => /\/git\/(trees|blobs)\//.test(path)).length;
  const [first = ''] = ids;
  // What is known by its content is not read again in any case.
  await previewSwitch(as('*'), { targetId: first, mode: 'ssg' });
  files();
  const found = await previewSwitch(as('*'), { targetId: first, mode: 'ssg' });
  const once = files();
  expect(once).toBeGreaterThan(0);
  const { blockers, warnings } = found;
  const { rows } = await countPreflights(as('*'), { slug: 'website' });
  const counts = { mode: 'ssg', blockers: blockers.length, warnings: warnings.length, atHost: null };
  expect(rows).toEqual(ids.map((targetId) => ({ ...counts, targetId, routes: { gained: 0, lost: 1, changed: 0 } })));
  expect(files(), 'as much as one look').toBe(once);
  const seen = await countPreflights(as('staging'), { slug: 'website' });
  expect(seen.rows.map(({ targetId }) => targetId)).toEqual([ids[1]]);
  expect(await countPreflights(as('*'), { slug: 'no-such-one' })).toEqual({ rows: [] });
});
