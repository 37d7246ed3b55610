import { afterAll, beforeAll, expect, test } from 'vitest';
import { type GateWorld, gateWorld } from '../testing/gate-world';
import { advance, cancelLateRun, resolveUnknown, seekLateRuns } from './index';

let world: GateWorld;
beforeAll(async () => {
  world = await gateWorld();
});
afterAll(() => world.close());

/** On production, accepted without an answer and not listed: a person is asked. */
async function asked(round: number): Promise<{ deploymentId: string; runId: string }> {
  world.vendor.answers = ['accepted-then-lost'];
  world.vendor.listable = false;
  const { deploymentId } = await world.click({ target: 'production', inputs: { level: round % 2 ? 'info' : 'debug' } });
  await world.look(deploymentId);
  await world.passTime(600);
  expect((await world.look(deploymentId)).attention).toBe('unknown_outcome');
  return { deploymentId, runId: world.vendor.runs.at(-1)?.id ?? '' };
}

/** Who lost a race is refused with a code of ours; anything of the database's own is a fault. */
async function together(acts: readonly (() => Promise<unknown>)[]): Promise<string[]> {
  const answers = await Promise.allSettled(acts.map((act) => act()));
  return answers.map((each) => (each.status === 'fulfilled' ? 'done' : String(each.reason?.code ?? each.reason)));
}

const DECISIONS = ['send_again', 'adopt', 'give_up'] as const;
type Decision = (typeof DECISIONS)[number];
const PAIRS = DECISIONS.flatMap((one, at) => DECISIONS.slice(at).map((other): [Decision, Decision] => [one, other]));

/** Its run ends, or a person gives it up: nothing of it is in the way of the next round. */
async function ended(deploymentId: string): Promise<void> {
  for (const run of world.vendor.runs) if (run.phase === 'queued') run.phase = 'done';
  for (let looks = 0; looks < 3 && !(await world.row(deploymentId)).finishedAt; looks++) await world.look(deploymentId);
  if ((await world.row(deploymentId)).attention)
    await resolveUnknown(world.as('operator'), { deploymentId, decision: 'give_up', reason: 'Enough.' });
  expect((await world.row(deploymentId)).finishedAt).not.toBeNull();
}

test('two people who settle it, a worker who looks, and three who cancel what is late: one of each is done', async () => {
  let reached = 0;
  for (const [round, pair] of PAIRS.entries()) {
    const { deploymentId, runId } = await asked(round);
    world.vendor.listable = round % 2 === 0;
    const decide = (name: string, decision: Decision) => () =>
      resolveUnknown(world.as('operator', name), { deploymentId, decision, remoteId: runId, reason: 'I looked.' });
    const said = await together([
      decide('ana', pair[0]),
      decide('bob', pair[1]),
      () => advance(world.engine, deploymentId),
      () => seekLateRuns(world.engine),
    ]);
    const what = `${pair}: ${said}`;
    expect(
      said.filter((answer) => !/^[a-z_]+$/.test(answer)),
      what,
    ).toEqual([]);
    expect(said.slice(2), what).toEqual(['done', 'done']);
    const lines = await Promise.all(DECISIONS.map((each) => world.audits(`deployment.resolve.${each}`)));
    // Two may say the same and both be told that it is so; never may two different things have been done.
    const did = lines.flat().filter((line) => line.resourceId === deploymentId);
    expect(new Set(did.map((line) => line.action)).size, what).toBeLessThanOrEqual(1);

    world.vendor.listable = true;
    await world.database.pool.query('update attempts set sought_at = null');
    await seekLateRuns(world.engine);
    const before = world.vendor.cancels;
    const press = (name: string) => () => cancelLateRun(world.as('operator', name), { deploymentId });
    const late = await together(['ana', 'bob', 'cleo'].map(press));
    const done = late.filter((answer) => answer === 'done').length;
    expect(done, `${what} | ${late}`).toBeLessThanOrEqual(1);
    expect(world.vendor.cancels - before, `${what} | ${late}`).toBe(done);
    reached += done;
    await ended(deploymentId);
  }
  expect(reached, 'a late run was cancelled at least once').toBeGreaterThan(0);
});

test('a worker that looked before a person sent it again asks nobody once more', async () => {
  const { deploymentId } = await asked(0);
  const { deploy } = world.vendor.provider.methods;
  const find = deploy?.findByMarker ?? expect.fail();
  const pressed = { deploymentId, decision: 'send_again', reason: 'I looked.' } as const;
  world.vendor.answers = ['accepted-then-lost'];
  let presses = 0;
  Object.assign(deploy ?? {}, {
    findByMarker: async (...looked: Parameters<typeof find>) => {
      const found = await find(...looked);
      if (presses++ === 0) await resolveUnknown(world.as('operator'), pressed);
      return found;
    },
  });
  await advance(world.engine, deploymentId).finally(() => Object.assign(deploy ?? {}, { findByMarker: find }));
  expect(presses).toBeGreaterThan(0);
  expect(await world.row(deploymentId)).toMatchObject({ status: 'submitting', attention: null });
  world.vendor.listable = true;
  await ended(deploymentId);
});
