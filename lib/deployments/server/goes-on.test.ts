import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { deployments } from '@/lib/db/schema';
import { type Phase, ProviderError } from '@/lib/providers/port';
import { type GateWorld, gateWorld } from '../testing/gate-world';
import { cancelDeployment, overrideFreeze, readDeployment, readRollBack, stopWaiting } from './index';

const HOUR = 3_600;
const [ONE, TWO] = ['1', '2'].map((digit) => digit.repeat(40)) as [string, string];

let world: GateWorld;
beforeEach(async () => {
  world = await gateWorld();
  world.vendor.history = [ONE, TWO];
});
afterEach(() => world.close());

const says = (phase: Phase) => Object.assign(world.vendor.runs[0] ?? expect.fail('no run'), { phase });

/** Jobs that run whatever happens make a cancel take its time. */
async function cancelled(deploymentId: string) {
  Object.assign(world.vendor.provider.methods.cancel ?? {}, { cancel: async () => undefined });
  await cancelDeployment(world.as('operator'), { deploymentId });
  expect((await world.look(deploymentId)).status).toBe('cancelling');
}

/** Sent, and seen in that phase; a newer commit waits behind it. */
async function running(phase: Phase) {
  const first = await world.click({ sha: ONE });
  await world.look(first.deploymentId);
  says(phase);
  await world.look(first.deploymentId);
  const next = await world.click({ sha: TWO });
  return { id: first.deploymentId, next: next.deploymentId };
}

/** Time goes by as it does for a worker that looks now and then. */
async function later(id: string, hours: number) {
  for (let hour = 0; hour < hours; hour++) {
    await world.passTime(HOUR);
    await world.database.db.update(deployments).set({ statusSince: sql`status_since - interval '1 hour'` });
    await world.look(id);
  }
  return world.row(id);
}

describe('a run that goes on by the word of its provider', () => {
  test.each(['building', 'deploying'] as const)(
    'is not ended while it is %s, and nothing is sent beside it',
    async (phase) => {
      const { id, next } = await running(phase);
      expect(await later(id, 20)).toMatchObject({ status: phase });
      expect(await world.look(next)).toMatchObject({ status: 'queued', waitingFor: expect.stringContaining('#1') });
      says('done');
      expect((await world.look(id)).status).toBe('succeeded');
      await world.look(next);
      expect(world.vendor.runs.map(({ sha }) => sha)).toEqual([ONE, TWO]);
    },
  );

  test('is not ended either once it was asked to stop, nor while nobody can ask about it', async () => {
    const { id } = await running('deploying');
    await cancelled(id);
    world.vendor.readError = new ProviderError('unavailable', 'down', 'Down.');
    expect(await later(id, 5)).toMatchObject({ status: 'cancelling' });
    world.vendor.readError = null;
    expect(await later(id, 5)).toMatchObject({ status: 'cancelling' });
    says('cancelled');
    expect((await world.look(id)).status).toBe('cancelled');
  });

  test.each(['building', 'deploying'] as const)('is ended after a day (%s)', async (phase) => {
    const { id } = await running(phase);
    expect(await later(id, 23 + 2)).toMatchObject({ status: 'timed_out', failureCode: 'deadline' });
  });

  test('what it says in a word that nobody knows is no word', async () => {
    const { id } = await running('building');
    says('unrecognised');
    expect(await later(id, 3)).toMatchObject({ status: 'timed_out', failureCode: 'deadline' });
  });
});

describe('who does not want to wait for the end of a run', () => {
  const page = async (deploymentId: string) => (await readDeployment(world.as('operator'), { deploymentId })).actions;
  const press = (deploymentId: string) => stopWaiting(world.as('operator', 'ada'), { deploymentId });

  test('cancels it; what goes on all the same for longer than it may can be left to itself', async () => {
    const { id, next } = await running('deploying');
    await later(id, 2);
    await expect(press(id)).rejects.toMatchObject({
      code: 'not_verifying',
      sentence: expect.stringMatching(/Cancel it/),
    });
    await cancelled(id);
    expect((await page(id)).stopWaiting).toMatchObject({ allowed: false });
    await expect(press(id)).rejects.toMatchObject({
      sentence: expect.stringMatching(/Half an hour after that was asked for/),
    });
    await later(id, 1);
    expect(await page(id)).toMatchObject({ stopWaiting: { allowed: true }, cancel: { allowed: false } });
    expect(await press(id)).toEqual({ status: 'timed_out' });
    expect(await world.row(id)).toMatchObject({
      failureCode: 'not_ended',
      failureSentence: expect.stringMatching(/^ada stopped waiting before it ended; its run may go on/),
    });
    expect((await world.look(next)).status).toBe('building');
  });

  /** What the page shows and what the verbs answer, of both ways out. */
  async function waysOut(deploymentId: string) {
    const verb = async (press: Promise<unknown>) =>
      press.then(
        () => ({ allowed: true, refusal: null }),
        ({ code, sentence }) => ({ allowed: false, refusal: { code, sentence } }),
      );
    const { cancel, stopWaiting: stop } = await page(deploymentId);
    expect(await verb(cancelDeployment(world.as('operator'), { deploymentId }))).toEqual(cancel);
    if (!stop.allowed) expect(await verb(press(deploymentId))).toEqual(stop);
    return { cancel: cancel.refusal?.sentence, stop: stop.refusal?.sentence ?? 'allowed' };
  }

  test.each([
    ['building', 2, 'After two hours of building'],
    ['deploying', 1, 'After one hour of deploying'],
  ] as const)(
    'where the provider knows no cancel, leaves it to itself once it is overlong (%s)',
    async (phase, hours, when) => {
      const { manifest } = world.vendor.provider as unknown as { manifest: { capabilities: { cancel?: unknown } } };
      delete manifest.capabilities.cancel;
      const { id, next } = await running(phase);
      await later(id, hours - 1);
      const cannot = 'Scripted cannot cancel a run once it has started.';
      const sentence = `${cannot} ${when} it can be left to itself by Stop waiting.`;
      expect(await waysOut(id)).toEqual({ cancel: sentence, stop: sentence });
      await later(id, 1);
      expect(await waysOut(id)).toEqual({ cancel: `${cannot} Stop waiting leaves it to itself.`, stop: 'allowed' });
      expect(await press(id)).toEqual({ status: 'timed_out' });
      expect(await world.row(id)).toMatchObject({ failureCode: 'not_ended', cancelRequestedByName: null });
      expect((await world.look(next)).status).toBe('building');
    },
  );

  test('the roll-back page names the way out that there is', async () => {
    const { id } = await running('deploying');
    const ahead = async () => (await readRollBack(world.as('operator'), { targetId: 'tgt_staging' })).onItsWay;
    expect(await ahead()).toMatchObject({ can: 'cancel' });
    await cancelled(id);
    expect(await ahead()).toMatchObject({ can: null });
    await later(id, 1);
    const says = expect.stringMatching(/until it has ended or is left to itself/);
    expect(await ahead()).toMatchObject({ can: 'stop-waiting', says });
  });
});

test('in a freeze what was let through is woken once its target is free, though others stand before it', async () => {
  const { id } = await running('building');
  const let1 = await world.click({ sha: TWO, inputs: { level: 'debug' } });
  await world.freeze('staging');
  await overrideFreeze(world.as('admin'), { deploymentId: let1.deploymentId, reason: 'An incident' });
  world.woken.length = 0;
  says('failed');
  await world.look(id);
  expect(world.woken).toContain(let1.deploymentId);
});
