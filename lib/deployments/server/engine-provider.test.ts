import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { deployments } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { ProviderError } from '@/lib/providers/port';
import { type EngineWorld, engineWorld } from '../testing/engine-world';
import { applyObservation } from './apply-observation';

let world: EngineWorld;
beforeEach(async () => {
  world = await engineWorld();
});
afterEach(() => world.close());

describe('a provider that says no', () => {
  test('rejects: failed, with its reason and nothing left in flight', async () => {
    world.vendor.answers = ['rejected'];
    const { deploymentId } = await world.click();
    expect(await world.look(deploymentId)).toMatchObject({
      status: 'failed',
      failureCode: 'unexpected_input',
      failureSentence: expect.stringContaining('does not declare'),
    });
  });

  test('refuses the credential: errored, not failed', async () => {
    world.vendor.answers = ['auth'];
    const { deploymentId } = await world.click();
    expect(await world.look(deploymentId)).toMatchObject({ status: 'errored', failureCode: 'bad_token' });
  });

  test('is over its rate limit: no request before Retry-After ends, then one', async () => {
    world.vendor.answers = ['rate-limited'];
    const { deploymentId } = await world.click();
    await world.look(deploymentId);
    await world.passTime(80);
    expect(await world.look(deploymentId)).toMatchObject({ status: 'submitting' });
    expect(world.vendor.requests).toBe(1);
    await world.passTime(15);
    expect((await world.look(deploymentId)).status).toBe('building');
    expect(world.vendor.requests).toBe(2);
  });

  test('cannot be reached: kept and sent later', async () => {
    world.vendor.answers = ['unavailable'];
    const { deploymentId } = await world.click();
    await world.look(deploymentId);
    expect(await world.row(deploymentId)).toMatchObject({ status: 'submitting', waitingFor: 'It cannot be reached.' });
    await world.passTime(10);
    expect((await world.look(deploymentId)).status).toBe('building');
    expect(world.vendor.runs).toHaveLength(1);
  });
});

describe('watching a run', () => {
  test('a failed run names its step and sentence', async () => {
    const id = await world.deployed('failed');
    expect(await world.row(id)).toMatchObject({
      status: 'failed',
      failureStep: 'Run tests',
      failureSentence: 'Run tests failed with exit code 1.',
    });
    expect(await world.current()).toBeNull();
  });

  test('an observation of an older attempt or of another run changes nothing', async () => {
    const { deploymentId } = await world.click();
    await world.look(deploymentId);
    await world.database.db.execute(sql`update deployments set remote_attempt = 2 where id = ${deploymentId}`);
    const late = { ...world.vendor.observe({ id: '1000', attempt: 1, url: '' }), phase: 'failed' as const };
    expect(await applyObservation(world.engine, deploymentId, late, 3)).toBe(false);
    expect(
      await applyObservation(world.engine, deploymentId, { ...late, ref: { ...late.ref, id: '7', attempt: 9 } }, 3),
    ).toBe(false);
    expect((await world.row(deploymentId)).status).toBe('building');
  });

  test('a run of very many steps, one of them listed twice, is followed to its end', async () => {
    const { deploymentId } = await world.click();
    await world.look(deploymentId);
    const status = world.vendor.provider.methods.status ?? expect.fail('no status');
    status.observe = async (_c, _config, ref) => {
      const seen = world.vendor.observe(ref);
      const many = seen.steps.flatMap((step) => Array.from({ length: 6_100 }, (_, i) => ({ ...step, key: `7:${i}` })));
      return { ...seen, phase: 'done', steps: [...many, ...many.slice(0, 1)] };
    };
    expect((await world.look(deploymentId)).status).toBe('succeeded');
  });

  test('a credential that is gone is said as the trouble that it is; the run is followed on once it is back', async () => {
    const { deploymentId } = await world.click();
    await world.look(deploymentId);
    const { openConnection } = world.engine;
    world.engine.openConnection = async () => {
      throw new ServiceError('precondition', 'credential_missing', 'Enter a credential under Connections.');
    };
    expect((await world.look(deploymentId)).troubleSentence).toBe('Enter a credential under Connections.');
    world.engine.openConnection = openConnection;
    expect(await world.look(deploymentId)).toMatchObject({ status: 'building', troubleSentence: null });
  });

  test('an observation that arrives after the end writes nothing, and the database would refuse it', async () => {
    const id = await world.deployed('done');
    const before = await world.row(id);
    expect(await applyObservation(world.engine, id, world.vendor.observe({ id: '1000', attempt: 1, url: '' }), 3)).toBe(
      false,
    );
    expect(await world.row(id)).toEqual(before);
    const forced = world.database.db.execute(sql`update deployments set next_check_at = now() where id = ${id}`);
    await expect(forced).rejects.toMatchObject({ cause: { constraint: 'deployments_ended_is_over' } });
  });

  test('an unknown word keeps the status and is kept as it is', async () => {
    const { deploymentId } = await world.click();
    await world.look(deploymentId);
    const [run] = world.vendor.runs;
    if (run) run.phase = 'unrecognised';
    expect(await world.look(deploymentId)).toMatchObject({ status: 'building', rawPhase: 'raw/unrecognised' });
  });

  test('a run of another commit is not what was asked for', async () => {
    world.vendor.shaInput = null;
    const { deploymentId } = await world.click();
    await world.look(deploymentId);
    const [run] = world.vendor.runs;
    if (run) Object.assign(run, { phase: 'done', sha: 'b'.repeat(40) });
    expect(await world.look(deploymentId)).toMatchObject({ status: 'failed', failureCode: 'wrong_commit' });
    expect(await world.current()).toBeNull();
  });

  test('trouble is noted, spaced out and forgotten when it is over', async () => {
    const { deploymentId } = await world.click();
    await world.look(deploymentId);
    world.vendor.readError = new ProviderError('unavailable', 'down', 'It is down.');
    await world.look(deploymentId);
    expect(await world.look(deploymentId)).toMatchObject({
      status: 'building',
      troubleCount: 2,
      troubleSentence: 'It is down.',
    });
    world.vendor.readError = null;
    expect(await world.look(deploymentId)).toMatchObject({
      status: 'building',
      troubleCount: 0,
      troubleSentence: null,
    });
  });

  test('a run that ended while nobody here was awake is what it was, not timed out', async () => {
    const { deploymentId } = await world.click();
    await world.look(deploymentId);
    const [run] = world.vendor.runs;
    if (run) run.phase = 'done';
    await world.passTime(3 * 3600);
    expect((await world.look(deploymentId)).status).toBe('succeeded');
  });

  test('a run that waits for an approval at the provider does not time out meanwhile; a provider that is silent for a day makes it', async () => {
    const { deploymentId } = await world.click();
    await world.look(deploymentId);
    const [run] = world.vendor.runs;
    if (run) run.phase = 'waiting';
    for (let hour = 0; hour < 5; hour++) {
      await world.passTime(3600);
      expect((await world.look(deploymentId)).status).toBe('building');
    }
    world.vendor.readError = new ProviderError('unavailable', 'down', 'It is down.');
    await world.passTime(3 * 3600);
    expect((await world.look(deploymentId)).status).toBe('building');
    await world.database.db.update(deployments).set({ statusSince: sql`now() - interval '1 day'` });
    await world.passTime(3600);
    expect((await world.look(deploymentId)).status).toBe('timed_out');
  });

  test('what waited too long for its turn is not sent any more', async () => {
    const { deploymentId } = await world.click();
    await world.passTime(25 * 3600);
    expect((await world.look(deploymentId)).status).toBe('timed_out');
    expect(world.vendor.requests).toBe(0);
  });
});
