import { eq } from 'drizzle-orm';
import { targets } from '@/lib/db/schema';
import type { InputValue } from '@/lib/providers/port';
import { rollBack } from '../server';
import { readRollBack } from '../server/read-roll-back';
import { engineWorld } from './engine-world';

/** An older commit, and the one after it. */
export const [OLD, NEW] = ['1'.repeat(40), '2'.repeat(40)];
/** An input that says where a run goes. */
export const ENVIRONMENT = 'environment: {type: environment}';

/** Production, deployed to and gone back to. */
export async function backWorld() {
  const world = await engineWorld();
  world.vendor.history = [OLD, NEW];
  const targetId = 'tgt_production';
  return {
    world,
    /** What a target of the repository goes by. */
    set: (target: 'staging' | 'production', workflow: string, inputs: Record<string, InputValue> = {}) =>
      world.database.db
        .update(targets)
        .set({ config: { repository: 'acme/app', workflow, inputs } })
        .where(eq(targets.id, `tgt_${target}`)),
    deployed: (sha: string, inputs: Record<string, InputValue> = {}) => {
      world.vendor.head = sha;
      return world.deployed('done', { target: 'production', sha, inputs });
    },
    back: (toDeploymentId: string, idempotencyKey = 'key-back-1') =>
      rollBack(world.as('operator'), { targetId, toDeploymentId, reason: 'Errors', idempotencyKey }),
    page: async (toDeploymentId: string) =>
      (await readRollBack(world.as('operator'), { targetId, toDeploymentId })).chosen,
  };
}
