import { eq, sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { attempts, events } from '@/lib/db/schema';
import { ProviderError } from '@/lib/providers/port';
import { type EngineWorld, engineWorld } from '../testing/engine-world';
import { accept } from './accept';
import { claim } from './claim';
import { cancelDeployment, cancelLateRun, resolveUnknown, seekLateRuns } from './index';
import { callOff, callOffLeft } from './second-run';
import { submit } from './submit';

let world: EngineWorld;
beforeEach(async () => {
  world = await engineWorld();
});
afterEach(() => world.close());

const REF = { id: '1000', attempt: 1, url: '' };
const AWAY = new ProviderError('unavailable', 'down', 'It is away.');
const LOST = new ProviderError('unavailable', 'no_answer', 'Lost.', { ambiguous: true });
const ENDED = new ProviderError('rejected', 'already_finished', 'It has ended.');
const NEWS = ['second_run', 'second_run_ended', 'late_run', 'late_run_cancelled'];

/** What was told of runs that are one too many, in its order. */
async function told(deploymentId: string): Promise<{ kind: string; sentence: unknown }[]> {
  const rows = await world.database.db
    .select()
    .from(events)
    .where(eq(events.deploymentId, deploymentId))
    .orderBy(events.id);
  return rows.filter(({ kind }) => NEWS.includes(kind)).map(({ kind, data }) => ({ kind, sentence: data.sentence }));
}
const kindsTold = async (deploymentId: string) => (await told(deploymentId)).map(({ kind }) => kind);
const phaseOf = (id: string) => world.vendor.runs.find((run) => run.id === id)?.phase;
const stateOf = async (deploymentId: string, number = 1) =>
  (await world.attemptsOf(deploymentId)).find((each) => each.number === number)?.state;

type Cancel = (id: string) => unknown;

/** The provider answers so when it is asked to cancel; `undefined`: as it always does. Returns how often it was asked. */
function answering(answer: Cancel): () => number {
  const methods = world.vendor.provider.methods.cancel ?? expect.fail('no cancel');
  const { cancel } = methods;
  let asked = 0;
  methods.cancel = async (context, config, ref) => {
    asked++;
    const error = await answer(ref.id);
    if (error) throw error;
    return cancel(context, config, ref);
  };
  return () => asked;
}

async function rounds(count: number, seconds = 11): Promise<void> {
  for (let n = 0; n < count; n++) {
    await world.passTime(seconds);
    await callOffLeft(world.engine);
  }
}

/** A second run of it has surfaced, and whoever accepted it did nothing more. */
async function accepted(): Promise<string> {
  world.vendor.answers = ['accepted-then-lost'];
  world.vendor.listable = false;
  const { deploymentId } = await world.click();
  await world.look(deploymentId);
  await world.passTime(120);
  await world.look(deploymentId);
  const [first] = await world.attemptsOf(deploymentId);
  expect(await accept(world.engine, deploymentId, first?.id ?? '', REF)).toBe('second');
  return deploymentId;
}

/** Another one of it, found `seconds` ago. */
async function another(deploymentId: string, remoteId: string, number: number, seconds: number): Promise<void> {
  const marker = `another-${remoteId}`;
  world.vendor.runs.push({ id: remoteId, attempt: 1, marker, sha: world.vendor.head, phase: 'queued' });
  const now = sql`now()`;
  await world.database.db.insert(attempts).values({
    ...{ id: `att_another_${number}`, deploymentId, number, marker, state: 'second', remoteId },
    ...{ leaseUntil: now, sentAt: now, answeredAt: sql`now() - make_interval(secs => ${seconds})` },
  });
}

describe('a second run that its finder did not call off', () => {
  test('is called off by whoever lives when its finder died, once, and told', async () => {
    const deploymentId = await accepted();
    expect(await callOffLeft(world.engine), 'its finder has a few seconds').toBe(0);
    await rounds(1);
    expect(world.vendor.runs).toMatchObject([{ phase: 'cancelled' }, { phase: 'queued' }]);
    await rounds(3, 60);
    expect(world.vendor.cancels).toBe(1);
    expect(await kindsTold(deploymentId)).toEqual(['second_run', 'late_run_cancelled']);
    expect(await world.audits('deployment.second_run')).toHaveLength(1);
  });

  test.each([
    ['while the provider has trouble', AWAY],
    ['after a refusal that does not say that it has ended', new ProviderError('rejected', 'http_405', 'Not now.')],
  ])('is asked for again %s, and told once', async (_, error) => {
    const deploymentId = await accepted();
    const answers = [error, error];
    answering(() => answers.shift());
    await rounds(3);
    expect(phaseOf('1000')).toBe('cancelled');
    expect(await kindsTold(deploymentId)).toEqual(['second_run', 'late_run_cancelled']);
  });

  test('and that had ended before is told as one whose work may be live, and asked for no more', async () => {
    const deploymentId = await accepted();
    for (const run of world.vendor.runs) if (run.id === '1000') run.phase = 'done';
    await rounds(5);
    expect(world.vendor.cancels).toBe(1);
    expect(await told(deploymentId)).toMatchObject([
      { kind: 'second_run' },
      { kind: 'second_run_ended', sentence: expect.stringContaining('had ended before it could be cancelled') },
    ]);
    expect(await world.audits('deployment.second_run_ended')).toHaveLength(1);
  });

  test('after a clear refusal and its own end is told as ended, not as cancelled', async () => {
    const deploymentId = await accepted();
    const answers = [AWAY, ENDED];
    answering(() => answers.shift());
    await rounds(3);
    expect(await kindsTold(deploymentId)).toEqual(['second_run', 'second_run_ended']);
  });

  test('and whose cancel was taken while its answer got lost is told as cancelled, once', async () => {
    const deploymentId = await accepted();
    const answers = [LOST, ENDED];
    const asked = answering(() => answers.shift());
    await rounds(5);
    expect(asked()).toBe(2);
    expect(await kindsTold(deploymentId)).toEqual(['second_run', 'late_run_cancelled']);
  });

  test('where the provider knows no cancel, is told as one that cannot be cancelled from here', async () => {
    const deploymentId = await accepted();
    const { manifest, methods } = world.vendor.provider as unknown as {
      manifest: { capabilities: { cancel?: unknown } };
      methods: { cancel?: unknown };
    };
    delete manifest.capabilities.cancel;
    delete methods.cancel;
    await rounds(3);
    expect(await told(deploymentId)).toMatchObject([
      { kind: 'second_run', sentence: expect.stringContaining('it cannot be cancelled from here') },
    ]);
    expect(await stateOf(deploymentId)).toBe('accepted');
  });

  test('and that the provider does not show, twice, is asked for no more and told', async () => {
    const deploymentId = await accepted();
    world.vendor.runs = world.vendor.runs.filter((run) => run.id !== '1000');
    await rounds(20);
    expect(world.vendor.cancels).toBe(2);
    expect(await kindsTold(deploymentId)).toEqual(['second_run', 'second_run_ended']);
  });
});

describe('a second run that could not be called off for an hour', () => {
  test('was asked for ever less, is told once as a late run, and a person has it cancelled', async () => {
    const deploymentId = await accepted();
    let isAway = true;
    const asked = answering(() => (isAway ? AWAY : undefined));
    await rounds(340, 10.7);
    expect(asked()).toBeGreaterThan(20);
    expect(asked()).toBeLessThan(45);
    const before = asked();
    isAway = false;
    await rounds(20, 60);
    expect(asked(), 'nobody goes on by himself').toBe(before);
    expect(await kindsTold(deploymentId)).toEqual(['second_run', 'late_run']);
    await cancelLateRun(world.as('operator'), { deploymentId });
    expect(phaseOf('1000')).toBe('cancelled');
  });

  test('because nobody was awake is told once, also where its deployment has ended', async () => {
    const deploymentId = await accepted();
    for (const run of world.vendor.runs) if (run.id === '1001') run.phase = 'done';
    await world.look(deploymentId);
    world.vendor.listable = true;
    await rounds(2, 3_700);
    await seekLateRuns(world.engine);
    expect(await kindsTold(deploymentId)).toEqual(['late_run']);
    expect(await world.audits('deployment.late_run')).toHaveLength(1);
    expect(await stateOf(deploymentId)).toBe('accepted');
  });
});

describe('a run of what had ended as never sent', () => {
  /** Its sender stands still until its deployment has been cancelled. */
  async function stoodStill(findable: boolean) {
    world.vendor.findable = findable;
    const { deploymentId } = await world.click();
    const turn = await claim(world.engine, await world.row(deploymentId), null);
    const stood = turn.kind === 'claimed' ? turn.claimed : expect.fail('not claimed');
    await world.passTime(120);
    await cancelDeployment(world.as('operator'), { deploymentId });
    await world.look(deploymentId);
    const decision = { deploymentId, decision: 'send_again', reason: 'It did not start.' } as const;
    if (!findable) await resolveUnknown(world.as('operator'), decision).catch(() => undefined);
    expect((await world.row(deploymentId)).status).toBe('cancelled');
    return { deploymentId, stood };
  }

  test.each([true, false])(
    'is called off by whoever lives when its cancel met trouble (findable: %s)',
    async (findable) => {
      const { deploymentId, stood } = await stoodStill(findable);
      const answers = [AWAY];
      answering(() => answers.shift());
      await submit(world.engine, { ...stood, sendBy: Number.POSITIVE_INFINITY });
      expect(phaseOf('1000')).toBe('queued');
      await rounds(1);
      expect(phaseOf('1000')).toBe('cancelled');
      await seekLateRuns(world.engine);
      expect(await kindsTold(deploymentId)).toEqual(['second_run', 'late_run_cancelled']);
    },
  );

  test('is called off by whoever lives when its finder died', async () => {
    const { deploymentId, stood } = await stoodStill(false);
    world.vendor.runs.push({ id: '1000', attempt: 1, marker: stood.attempt.marker, sha: 'x', phase: 'queued' });
    expect(await accept(world.engine, deploymentId, stood.attempt.id, REF)).toBe('unsent');
    expect(await accept(world.engine, deploymentId, stood.attempt.id, REF), 'the first one does it').toBe('left');
    await rounds(1);
    expect(phaseOf('1000')).toBe('cancelled');
  });
});

describe('several at a time', () => {
  test('two that call off the same run tell of it once', async () => {
    const deploymentId = await accepted();
    const row = await world.row(deploymentId);
    await Promise.all(Array.from({ length: 4 }, () => callOff(world.engine, row, REF)));
    expect(await kindsTold(deploymentId)).toEqual(['second_run', 'late_run_cancelled']);
    expect(await world.audits('deployment.second_run')).toHaveLength(1);
  });

  test('a finder whose cancel takes long, and whoever comes meanwhile, tell of it once', async () => {
    const deploymentId = await accepted();
    let isFirst = true;
    answering(async () => {
      if (!isFirst) return undefined;
      isFirst = false;
      // Taken at once, answered late: the other one hears that it has ended.
      for (const run of world.vendor.runs) if (run.id === '1000') run.phase = 'done';
      await rounds(1);
      return undefined;
    });
    await callOff(world.engine, await world.row(deploymentId), REF);
    expect(await kindsTold(deploymentId)).toEqual(['second_run', 'late_run_cancelled']);
  });

  test('twenty that meet trouble do not keep another one from its turn', async () => {
    const deploymentId = await accepted();
    for (let n = 0; n < 20; n++) await another(deploymentId, String(2_000 + n), 10 + n, 30 - n);
    await another(deploymentId, '5000', 50, 0);
    answering((id) => (id === '5000' ? undefined : AWAY));
    await rounds(3);
    expect(phaseOf('5000')).toBe('cancelled');
  });

  test('one that the code stumbles over does not keep another one from its turn', async () => {
    const deploymentId = await accepted();
    await another(deploymentId, '5000', 50, 30);
    answering((id) => (id === '5000' ? new TypeError('A bug.') : undefined));
    await rounds(2);
    expect(phaseOf('1000')).toBe('cancelled');
    expect(phaseOf('5000')).toBe('queued');
  });
});
