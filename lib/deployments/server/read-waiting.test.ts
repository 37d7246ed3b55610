import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '@/lib/db/client';
import { approvals, freezes } from '@/lib/db/schema';
import { openTestDatabase, personActor, testContext } from '@/lib/db/testing/context';
import { makeDeployment, makeEnvironment, makePin, makeTarget } from '@/lib/db/testing/factories';
import { readWaiting } from './read-waiting';

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

it('counts what waits for this person, where they may look and decide, and nothing else', async () => {
  const { db } = database;
  const production = await makeEnvironment(db, { slug: 'production' });
  const staging = await makeEnvironment(db, { slug: 'staging' });
  const there = await makeTarget(db, { environment: production });
  const here = await makeTarget(db, { environment: staging });
  const ada = personActor([
    { role: 'approver', environmentPattern: 'production' },
    { role: 'operator', environmentPattern: 'production' },
  ]);
  const asAda = testContext(db, { actor: ada });
  const counts = () => readWaiting(asAda);
  expect(await counts()).toEqual({ approvals: 0, questions: 0, holds: 0 });

  const asked = await makeDeployment(db, there, 'awaiting_approval');
  await makeDeployment(db, there, 'awaiting_approval', { requestedById: 'usr_test' });
  await makeDeployment(db, here, 'awaiting_approval');
  const unknown = { attention: 'unknown_outcome', attentionSince: new Date() } as const;
  await makeDeployment(db, there, 'submitting', unknown);
  await makeDeployment(db, here, 'submitting', unknown);
  await makePin(db, there);
  await makePin(db, here);
  await makePin(db, there, { targetId: null });
  await makePin(db, there, { liftedAt: new Date() });
  await makePin(db, there, { expiresAt: new Date(Date.now() - 1_000) });
  expect(await counts()).toEqual({ approvals: 1, questions: 1, holds: 2 });

  const minutes = (ago: number) => new Date(Date.now() - ago * 60_000).toISOString().slice(0, 16);
  const freeze = { reason: 'x', timeZone: 'UTC', durationMinutes: 120, createdBy: 'u', createdByName: 'U' };
  await db.insert(freezes).values([
    { ...freeze, id: 'frz_1', name: 'now', startsAt: minutes(60), environmentId: production.id },
    { ...freeze, id: 'frz_2', name: 'over', startsAt: minutes(600), environmentId: production.id },
    { ...freeze, id: 'frz_3', name: 'elsewhere', startsAt: minutes(60), environmentId: staging.id },
  ]);
  await db.insert(approvals).values({
    id: 'apr_1',
    deploymentId: asked.id,
    userId: 'usr_test',
    userName: 'Ada',
    decision: 'approve',
    digest: 'd',
  });
  expect(await counts()).toEqual({ approvals: 0, questions: 1, holds: 3 });
});
