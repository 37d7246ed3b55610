import { eq, sql } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { deployments, freezes, pins, sightings, targets, verdicts } from '@/lib/db/schema';
import { retryDeployment, rollBack } from '@/lib/deployments/server';
import { type GateWorld, gateWorld } from '@/lib/deployments/testing/gate-world';
import { HealthSettings } from '../model/health-settings';
import type { Verdict } from '../model/verdict';
import { readVerdict, rollBackDue } from '.';

const [S1, S2, S3, S4] = ['1', '2', '3', '4'].map((digit) => digit.repeat(40)) as [string, string, string, string];
const settings = HealthSettings.parse({ watchUrl: 'https://api.example.com/health' });
const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000);

let world: GateWorld;
beforeEach(async () => {
  world = await gateWorld();
  world.vendor.history = [S1, S2, S3, S4];
  await world.policy('staging', { rollBackWhenWorse: { confirmMinutes: 3 } });
});
afterEach(() => world.close());

/** Live on staging and judged; minutes ago. `over`: how long its window is over. */
async function live(
  sha: string,
  verdict: Verdict,
  { since = 5, looked = 0, over = -20, closed = verdict !== 'worse', inputs = {} } = {},
) {
  const deploymentId = await world.deployed('done', { sha, inputs });
  await world.database.db.insert(verdicts).values({
    ...{ deploymentId, targetId: 'tgt_staging', settings, verdict, found: verdict, foundSince: ago(since), closed },
    ...{ why: 'Latency.', liveAt: ago(since), judgedAt: ago(looked), untilAt: ago(over) },
  });
  return deploymentId;
}
async function turn() {
  await world.database.db.update(verdicts).set({ rollBackNextAt: null });
  await rollBackDue(world.engine);
}
const byItself = async () =>
  (await world.database.db.select().from(deployments).where(eq(deployments.kind, 'rollback')))
    .filter(({ requestedById }) => requestedById === null)
    .map(({ sourceDeploymentId }) => sourceDeploymentId);
const codes = async () => (await world.audits('deployment.roll-back-by-policy')).map(({ code }) => code);
const backTo = (toDeploymentId: string) =>
  rollBack(world.as('operator'), {
    ...{ targetId: 'tgt_staging', toDeploymentId, reason: 'It corrupts data', idempotencyKey: 'person-back-1' },
    ...{ checklist: [], freezeOverrideReason: null },
  });
async function finish(deploymentId: string, phase: 'done' | 'failed') {
  await world.look(deploymentId);
  const run = world.vendor.runs.at(-1) ?? expect.fail('no run');
  run.phase = phase;
  await world.look(deploymentId);
}
const liftPins = () => world.database.db.update(pins).set({ liftedAt: sql`now()` });

test('one old look is never acted on, within its window or after it', async () => {
  await live(S1, 'healthy');
  const bad = await live(S2, 'worse', { since: 70, looked: 2 });
  await turn();
  expect([await byItself(), await codes()]).toEqual([[], []]);
  expect((await readVerdict(world.engine, { deploymentId: bad })).automatic).toMatchObject({ state: 'waits' });
  await world.database.db
    .update(verdicts)
    .set({ untilAt: ago(40) })
    .where(eq(verdicts.deploymentId, bad));
  await turn();
  await turn();
  expect([await byItself(), await codes()]).toEqual([[], ['window_over']]);
});

test('it goes by the target’s settings of now', async () => {
  const { db } = world.database;
  const goesBy = (workflow: string) =>
    db
      .update(targets)
      .set({ config: { repository: 'acme/app', workflow } })
      .where(eq(targets.id, 'tgt_staging'));
  await goesBy('deploy.yml');
  await live(S1, 'healthy');
  await live(S2, 'worse');
  await goesBy('deploy-staging.yml');
  await turn();
  expect(await codes()).toEqual([null]);
  const [row] = await db.select().from(deployments).where(eq(deployments.kind, 'rollback'));
  expect(row).toMatchObject({ sha: S1, config: { workflow: 'deploy-staging.yml' } });
  expect(await world.audits('deployment.request.rollback')).toMatchObject([
    { sentence: expect.stringContaining('it goes with those of now') },
  ]);
});

test('what is judged long after its window is told as not rolled back, too', async () => {
  await live(S1, 'healthy');
  const late = { since: 300, looked: 1, over: 90, closed: true };
  const bad = await live(S2, 'worse', late);
  await turn();
  expect([await byItself(), await codes()]).toEqual([[], ['window_over']]);
  await world.database.db
    .update(verdicts)
    .set({ judgedAt: ago(61), rollBack: null })
    .where(eq(verdicts.deploymentId, bad));
  await turn();
  expect(await codes()).toEqual(['window_over']);
});

test('a closed verdict is not acted on when what held it is over, and what somebody else put there is left alone', async () => {
  await live(S1, 'healthy');
  const bad = await live(S2, 'worse', { since: 50 });
  await world.database.db
    .insert(sightings)
    .values({ targetId: 'tgt_staging', sha: S4, lookedAt: ago(0), driftSince: ago(45) })
    .onConflictDoUpdate({ target: sightings.targetId, set: { sha: S4, lookedAt: ago(0), driftSince: ago(45) } });
  await turn();
  // Not told as drift yet, but seen.
  await world.database.db.update(sightings).set({ driftSince: null });
  await turn();
  expect([await byItself(), await codes()]).toEqual([[], ['something_else_there']]);
  await world.database.db.update(sightings).set({ sha: S2 });
  await world.freeze('staging');
  await turn();
  await world.database.db.update(verdicts).set({ closed: true }).where(eq(verdicts.deploymentId, bad));
  await world.database.db.update(freezes).set({ endedAt: sql`now()` });
  await turn();
  expect([await byItself(), await codes()]).toEqual([[], ['something_else_there', 'pinned_freeze', 'window_over']]);
});

test('it does not go to what people went back past', async () => {
  const first = await live(S1, 'healthy');
  await live(S2, 'healthy');
  await live(S3, 'inconclusive');
  await finish((await backTo(first)).deploymentId, 'done');
  await liftPins();
  await live(S4, 'worse');
  await turn();
  expect([await byItself(), await codes()]).toEqual([[], ['too_far_back']]);
});

test('nor to what they went back from, when only a re-run of that succeeded', async () => {
  const first = await live(S1, 'healthy');
  await live(S2, 'healthy');
  const { deploymentId } = await backTo(first);
  await finish(deploymentId, 'failed');
  await finish((await retryDeployment(world.as('operator'), { deploymentId })).deploymentId, 'done');
  await liftPins();
  await live(S4, 'worse');
  await turn();
  expect(await byItself()).toEqual([first]);
});

test('a key that somebody took elsewhere is not taken for the roll-back, and says so', async () => {
  await live(S1, 'healthy');
  const bad = await live(S2, 'worse');
  // As a person's input could once choose it.
  const other = await world.click({ target: 'production', sha: S1 });
  await world.database.db
    .update(deployments)
    .set({ idempotencyKey: `worse:${bad}` })
    .where(eq(deployments.id, other.deploymentId));
  await turn();
  await turn();
  expect([await byItself(), await codes()]).toEqual([[], ['key_taken']]);
});

test('the same commit with other inputs is gone back to, and with the same ones never', async () => {
  await live(S1, 'healthy');
  const sound = await live(S2, 'healthy');
  const same = await live(S2, 'worse');
  await turn();
  expect([await byItself(), await codes()]).toEqual([[], ['same_again']]);
  await world.database.db
    .update(deployments)
    .set({ inputs: { level: 'debug' } })
    .where(eq(deployments.id, same));
  await turn();
  expect(await byItself()).toEqual([sound]);
});

test('the same commit as a release that was kept is the same again; an input of one’s own with that name is content', async () => {
  const sound = await live(S2, 'healthy');
  const kept = await live(S2, 'worse');
  const { inputs } = await world.row(kept);
  const says = (more: { kept: boolean | string }) =>
    world.database.db
      .update(deployments)
      .set({ inputs: { ...inputs, ...more } })
      .where(eq(deployments.id, kept));
  await says({ kept: true });
  await turn();
  expect([await byItself(), await codes()]).toEqual([[], ['same_again']]);
  await says({ kept: 'nightly' });
  await turn();
  expect(await byItself()).toEqual([sound]);
});

test('what was healthy long ago is for a person', async () => {
  await live(S1, 'healthy', { since: 60 * 24 * 15 });
  await live(S3, 'worse');
  await turn();
  expect([await byItself(), await codes()]).toEqual([[], ['too_far_back']]);
});
