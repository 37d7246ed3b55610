import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { audit } from '@/lib/db/schema';
import { openTestDatabase, personActor, testContext } from '@/lib/db/testing/context';
import { runQuery } from './run-query';

/** How a query of somebody with this role opens its connection. */
async function openedBy(role: 'viewer' | 'operator', leadsTo?: 'deployment.request'): Promise<unknown[]> {
  const opened: unknown[] = [];
  const ctx = {
    ...testContext({} as never, { actor: personActor([{ role, environmentPattern: '*' }]) }),
    openConnection: async (...how: unknown[]) => opened.push(how) as never,
  };
  const definition = {
    name: 'test.look',
    permission: 'deployment.read',
    leadsTo,
    input: z.strictObject({}),
    run: async (inside: typeof ctx) => await inside.openConnection('con_1'),
  } as const;
  await runQuery(definition as never, {}, ctx);
  return opened;
}

test('whatever a query asks a provider is marked as a look, so that it gives way to deployments', async () => {
  expect(await openedBy('viewer')).toEqual([['con_1', undefined, 'look']]);
  expect(await openedBy('operator')).toEqual([['con_1', undefined, 'look']]);
});

test('what leads to a press is no look for who may press it, and still one for who may not', async () => {
  expect(await openedBy('operator', 'deployment.request')).toEqual([['con_1']]);
  expect(await openedBy('viewer', 'deployment.request')).toEqual([['con_1', undefined, 'look']]);
});

test('what one person is refused of reads goes into the audit log no faster than 60 a minute', async () => {
  const database = await openTestDatabase();
  try {
    const actor = personActor([{ role: 'viewer', environmentPattern: '*' }], { id: 'usr_curious' });
    const definition = {
      name: 'test.secret',
      permission: 'audit.export',
      input: z.strictObject({}),
      run: async () => 0,
    };
    for (let n = 0; n < 80; n++)
      await expect(runQuery(definition as never, {}, testContext(database.db, { actor }))).rejects.toMatchObject({
        kind: 'forbidden',
      });
    const lines = await database.db.select().from(audit).where(eq(audit.action, 'test.secret'));
    expect(lines.length).toBeGreaterThanOrEqual(60);
    expect(lines.length).toBeLessThan(75);
  } finally {
    await database.close();
  }
});
