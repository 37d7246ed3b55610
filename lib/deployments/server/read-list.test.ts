import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '@/lib/db/client';
import { openTestDatabase, personActor, testContext } from '@/lib/db/testing/context';
import { makeDeployment, makeEnvironment, makeTarget } from '@/lib/db/testing/factories';
import { ServiceError } from '@/lib/kernel/errors';
import type { DeploymentFilter } from '../model/schemas';
import { listDeployments } from './read-list';

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

async function numbers(filter: Partial<DeploymentFilter>, actor?: ReturnType<typeof personActor>): Promise<number[]> {
  const page = await listDeployments(testContext(database.db, actor ? { actor } : {}), filter);
  return page.rows.map((row) => row.number);
}

async function slugsOf(environmentId: string) {
  const { db } = database;
  const row = await db.query.environments.findFirst({ where: (table, { eq }) => eq(table.id, environmentId) });
  return row?.slug ?? '';
}

describe('the list of deployments', () => {
  it('is newest first, and its pages meet without gap or overlap while new ones arrive', async () => {
    const environment = await makeEnvironment(database.db);
    const target = await makeTarget(database.db, { environment });
    const made = [];
    for (let i = 0; i < 7; i++) made.push(await makeDeployment(database.db, target, 'failed'));
    const ctx = testContext(database.db);
    const seen: number[] = [];
    let cursor: string | undefined;
    for (let pages = 0; pages < 5; pages++) {
      const page = await listDeployments(ctx, {
        environment: environment.slug,
        limit: 3,
        ...(cursor ? { cursor } : {}),
      });
      seen.push(...page.rows.map((row) => row.number));
      await makeDeployment(database.db, target, 'failed');
      if (!page.nextCursor) break;
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(made.map((row) => row.number).reverse());
  });

  it.each(['', '!!!', 'n5', Buffer.from("n1' or 1=1").toString('base64url')])(
    'refuses the cursor %j with a sentence',
    async (cursor) => {
      const error = await listDeployments(testContext(database.db), { cursor }).catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(ServiceError);
      expect(error).toMatchObject({ kind: 'invalid', code: 'cursor_invalid' });
    },
  );

  it('filters by component, environment, status and person together', async () => {
    const { db } = database;
    const target = await makeTarget(db);
    const environment = await slugsOf(target.environmentId);
    const wanted = await makeDeployment(db, target, 'building', { requestedByName: 'Lin' });
    const ended = await makeDeployment(db, target, 'failed', { requestedByName: 'Lin' });
    await makeDeployment(db, target, 'failed', { requestedByName: 'Bo' });
    expect(await numbers({ environment, status: 'active', person: 'lin' })).toEqual([wanted.number]);
    expect(await numbers({ environment, status: 'failed', person: 'Lin' })).toEqual([ended.number]);
    const component = await db.query.components.findFirst({
      where: (table, { eq }) => eq(table.id, target.componentId),
    });
    expect(await numbers({ component: component?.slug ?? '', person: 'Bo' })).toHaveLength(1);
  });

  it('is empty, not an error, for a component or environment that is not there', async () => {
    expect(await numbers({ component: 'no-such' })).toEqual([]);
    expect(await numbers({ environment: 'no-such' })).toEqual([]);
  });

  it('finds by number, by commit, by ref and by message; % is only a character', async () => {
    const { db } = database;
    const target = await makeTarget(db);
    const row = await makeDeployment(db, target, 'succeeded', {
      sha: `beef${'1'.repeat(36)}`,
      ref: 'release/banana',
      message: 'Fix the 100% case',
    });
    expect(await numbers({ q: `#${row.number}` })).toEqual([row.number]);
    expect(await numbers({ q: 'BEEF1' })).toEqual([row.number]);
    expect(await numbers({ q: 'banana' })).toEqual([row.number]);
    expect(await numbers({ q: '100% c' })).toEqual([row.number]);
    expect(await numbers({ q: '100%case' })).toEqual([]);
  });

  it('never shows an environment that the person may not read, whatever they ask for', async () => {
    const { db } = database;
    const open = await makeTarget(db);
    const hidden = await makeTarget(db);
    const seen = await makeDeployment(db, open, 'failed', { ref: 'papaya' });
    const secret = await makeDeployment(db, hidden, 'failed', { ref: 'papaya' });
    const actor = personActor([{ role: 'viewer', environmentPattern: await slugsOf(open.environmentId) }]);
    expect(await numbers({ q: 'papaya' }, actor)).toEqual([seen.number]);
    expect(await numbers({ q: `#${secret.number}` }, actor)).toEqual([]);
    expect(await numbers({ environment: await slugsOf(hidden.environmentId) }, actor)).toEqual([]);
    expect(await numbers({}, personActor([]))).toEqual([]);
  });
});
