import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { deployments, targets } from '@/lib/db/schema';
import { type EngineWorld, engineWorld } from '../testing/engine-world';
import { ownWorkflows } from './own-workflows';

const SHA = 'b'.repeat(40);
let world: EngineWorld;
beforeEach(async () => {
  world = await engineWorld();
});
afterEach(() => world.close());

test('workflows that are started from here are those of the repository’s targets and of the connection’s, and what deployed this commit', async () => {
  const { db } = world.database;
  const set = (id: string, config: Record<string, string>) =>
    db.update(targets).set({ config }).where(eq(targets.id, id));
  await set('tgt_staging', { repository: 'Acme/app', workflow: 'deploy.yml' });
  await set('tgt_production', { repository: 'acme/other', workflow: 'else.yml' });
  const deploymentId = await world.deployed('done', { sha: SHA });
  await db
    .update(deployments)
    .set({ config: { repository: 'acme/app', workflow: 'former.yml' } })
    .where(eq(deployments.id, deploymentId));
  const of = async (connectionId: string, sha: string, repository = 'acme/App') =>
    [...(await ownWorkflows(db, { connectionId, repository, sha }))].sort();
  expect(await of('con_2', SHA)).toEqual(['deploy.yml', 'former.yml']);
  expect(await of('con_2', 'c'.repeat(40))).toEqual(['deploy.yml']);
  expect(await of('con_2', 'c'.repeat(40), 'acme/none')).toEqual([]);
  expect(await of('con_1', 'c'.repeat(40), 'acme/former-name')).toEqual(['deploy.yml', 'else.yml']);
});
