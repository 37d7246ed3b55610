import { expect, test } from 'vitest';
import { z } from 'zod';
import { personActor, testContext } from '@/lib/db/testing/context';
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
