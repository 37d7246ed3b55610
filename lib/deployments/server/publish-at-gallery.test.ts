import { sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ServiceContext } from '@/lib/auth/context';
import { deployments } from '@/lib/db/schema';
import { ProviderError } from '@/lib/providers/port';
import { readVsix } from '@/lib/sandbox/vsix';
import { CI, type WorkflowWorld, workflowWorld } from '../testing/workflow-world';
import { advance } from './advance';
import { cancelDeployment } from './cancel';
import { readDeployment } from './read-deployment';
import { stopWaiting } from './stop-waiting';

let w: WorkflowWorld;

beforeAll(async () => {
  w = await workflowWorld(readVsix);
});
beforeEach(() => w.begin());
afterEach(() => w.endAll());
afterAll(() => w.engine.close());

const admin = () => w.through(w.engine.as('admin'));

async function started(version: string) {
  const { packageId, bytes } = await w.packaged(version);
  const { deploymentId } = await w.click(packageId);
  expect(await w.look(deploymentId)).toMatchObject({ status: 'building' });
  return { deploymentId, publishes: (validated = true) => w.workflowPublishes(version, bytes, validated) };
}

const ends = () => Object.assign(w.engine.vendor.runs[0] ?? expect.fail('no run'), { phase: 'done' });

describe('once the gallery has the version', () => {
  it('Cancel is neither offered nor taken, and both say what to do instead', async () => {
    const { deploymentId, publishes } = await started('2.0.0');
    const offered = async () => (await readDeployment(admin(), { deploymentId })).actions.cancel;
    expect(await offered()).toMatchObject({ allowed: true });
    await publishes(false);
    ends();
    expect(await w.look(deploymentId)).toMatchObject({ status: 'deploying' });
    const refusal = {
      code: 'at_gallery',
      sentence: expect.stringContaining('take it back on the page of the package'),
    };
    expect(await offered()).toEqual({ allowed: false, refusal });
    await expect(cancelDeployment(admin(), { deploymentId })).rejects.toMatchObject(refusal);
    expect(await w.engine.row(deploymentId)).toMatchObject({ status: 'deploying', cancelRequestedByName: null });
    expect(w.engine.vendor.cancels).toBe(0);
  });

  it('it can be left to itself after an hour, say because the gallery cannot be asked; before, all say so', async () => {
    const { deploymentId, publishes } = await started('2.2.0');
    await publishes(false);
    ends();
    expect(await w.look(deploymentId)).toMatchObject({ status: 'deploying' });
    const { cancel, stopWaiting: off } = (await readDeployment(admin(), { deploymentId })).actions;
    expect(off.refusal?.sentence).toBe(cancel.refusal?.sentence);
    expect(off.refusal?.sentence).toMatch(/After one hour of deploying it can be left to itself/);
    await expect(stopWaiting(admin(), { deploymentId })).rejects.toMatchObject({ ...off.refusal });
    await w.engine.database.db.update(deployments).set({ statusSince: sql`now() - interval '1 hour'` });
    expect(await stopWaiting(admin(), { deploymentId })).toEqual({ status: 'timed_out' });
    const failureSentence = expect.stringContaining('the gallery may put what it has live all the same');
    expect(await w.engine.row(deploymentId)).toMatchObject({ failureCode: 'not_ended', failureSentence });
  });

  it('a cancel that came too late waits for the gallery, however long that takes', async () => {
    const { deploymentId, publishes } = await started('2.1.0');
    await cancelDeployment(admin(), { deploymentId });
    await publishes(false);
    ends();
    for (let round = 0; round < 4; round++) {
      expect(await w.look(deploymentId)).toMatchObject({ status: 'cancelling' });
      await w.engine.passTime(31 * 60);
    }
    w.there.advance(600_000);
    expect(await w.look(deploymentId)).toMatchObject({ status: 'succeeded' });
  });
});

it.each(['the gallery', 'whose workflow publishes to it'])(
  'nothing is claimed while %s does not answer',
  async (who) => {
    const { packageId } = await w.packaged(who === 'the gallery' ? '9.0.0' : '9.1.0');
    const { deploymentId } = await w.click(packageId);
    const ctx = w.through(w.engine.engine);
    const refuse = () => {
      throw new ProviderError('unavailable', 'not_answering', 'It does not answer, so this was not sent.');
    };
    const openConnection: ServiceContext['openConnection'] = async (id, ...how) => {
      const open = await ctx.openConnection(id, ...how);
      if ((id === CI) === (who === 'the gallery')) return open;
      return { ...open, context: { ...open.context, fetch: async () => refuse() }, requireAnswering: refuse };
    };
    for (let looks = 0; looks < 3; looks += 1) {
      await advance({ ...ctx, openConnection }, deploymentId);
      await w.engine.passTime(120);
    }
    expect(await w.engine.attemptsOf(deploymentId)).toEqual([]);
  },
);
