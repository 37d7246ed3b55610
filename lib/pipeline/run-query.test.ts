import { expect, test } from 'vitest';
import { z } from 'zod';
import { personActor, testContext } from '@/lib/db/testing/context';
import { runQuery } from './run-query';

test('whatever a query asks a provider is marked as a look, so that it gives way to deployments', async () => {
  const opened: unknown[] = [];
  const ctx = {
    ...testContext({} as never, { actor: personActor([{ role: 'viewer', environmentPattern: '*' }]) }),
    openConnection: async (...how: unknown[]) => opened.push(how) as never,
  };
  const definition = {
    name: 'test.look',
    permission: 'deployment.read',
    input: z.strictObject({}),
    run: async (inside: typeof ctx) => await inside.openConnection('con_1'),
  } as const;
  await runQuery(definition as never, {}, ctx);
  expect(opened).toEqual([['con_1', undefined, 'look']]);
});
