import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '@/lib/db/client';
import { openTestDatabase, personActor, testContext } from '@/lib/db/testing/context';
import { makeSampleWorld } from '@/lib/pipeline/testing/sample-inputs';
import { type Address, requireThere } from './require-there';

let database: Database;
let things: Record<Address['kind'], string>;

beforeAll(async () => {
  database = await openTestDatabase();
  const { component, connectionId, staging, subscriptionId } = await makeSampleWorld(database.db);
  things = {
    deployment: staging.liveId,
    target: staging.targetId,
    component: component.slug,
    connection: connectionId,
    subscription: subscriptionId,
    environment: staging.slug,
    package: 'd'.repeat(64),
  };
});
afterAll(() => database.close());

const KINDS = ['deployment', 'target', 'component', 'connection', 'subscription', 'environment', 'package'] as const;

const answer = (environmentPattern: string, kind: Address['kind'], id: string) => {
  const actor = personActor([{ role: 'viewer', environmentPattern }]);
  return requireThere(testContext(database.db, { actor }), { kind, id }).catch(({ kind, code }) => `${kind} ${code}`);
};

test.each(KINDS)('a %s that is there lets its page begin; one that is not is not found', async (kind) => {
  expect(await answer('*', kind, things[kind])).toBeNull();
  expect(await answer('*', kind, `${things[kind]}x`)).toBe('notFound address_unknown');
});

test.each(['deployment', 'target', 'environment'] as const)(
  'a %s of an environment that one may not read is answered like none',
  async (kind) => {
    expect(await answer('elsewhere', kind, things[kind])).toBe('notFound address_unknown');
  },
);
