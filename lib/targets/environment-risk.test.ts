import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Actor } from '@/lib/auth/actor';
import { createSession, readSession } from '@/lib/auth/sessions';
import type { Database } from '@/lib/db/client';
import { environments, sessions } from '@/lib/db/schema';
import { openTestDatabase, testContext } from '@/lib/db/testing/context';
import { makeEnvironment, makeUser } from '@/lib/db/testing/factories';
import { performAction } from '@/lib/pipeline/run-action';
import { updateEnvironmentCommand } from './commands';

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

async function world() {
  const user = await makeUser(database.db, { grants: [{ role: 'admin', environmentPattern: '*' }] });
  const sid = await createSession(database.db, { userId: user.id, ip: null, userAgent: null });
  const actor = (await readSession(database.db, sid, null)) as Actor;
  const { id } = await makeEnvironment(database.db, { isProduction: true });
  const run = (raw: object) =>
    performAction(updateEnvironmentCommand, { id, ...raw } as never, {
      facts: { requestId: 'req_1', ip: null, origin: 'https://a.dev', secFetchSite: 'same-origin' },
      ownOrigin: 'https://a.dev',
      resolveActor: async () => actor,
      contextFor: async (who) => testContext(database.db, { actor: who }),
    });
  const isProduction = async () =>
    (await database.db.select().from(environments).where(eq(environments.id, id)))[0]?.isProduction;
  return { run, isProduction };
}

test('an environment stops being production only by saying so, and after a fresh proof', async () => {
  const { run, isProduction } = await world();
  expect(JSON.stringify(await run({ name: 'Renamed' }))).toContain('invalid_input');
  await database.db.update(sessions).set({ authenticatedAt: new Date(0) });
  expect(JSON.stringify(await run({ name: 'Renamed', isProduction: false }))).toContain('stepUp');
  expect(await isProduction()).toBe(true);
  await database.db.update(sessions).set({ authenticatedAt: new Date() });
  expect(JSON.stringify(await run({ name: 'Renamed', isProduction: false }))).toContain('"ok":true');
  expect(await isProduction()).toBe(false);
});
