import { asc, eq } from 'drizzle-orm';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deployments, events, targets } from '@/lib/db/schema';
import { makeDeployment } from '@/lib/db/testing/factories';
import { ProviderError } from '@/lib/providers/port';
import { figure } from '@/scripts/testing/figure';
import { lookEverySeconds } from '../model/pace';
import { isTerminal } from '../model/status';
import { type EngineWorld, engineWorld } from '../testing/engine-world';
import { type Arrival, type History, history, trueEnd } from '../testing/histories';
import { applyObservation } from './apply-observation';

const HISTORIES = Number(process.env.AETHERSTACK_HISTORIES ?? 200);
const SEED = 20_261_126;
const LONG_TEST_MS = 120_000 + HISTORIES * 100;

let world: EngineWorld;
beforeAll(async () => {
  world = await engineWorld();
});
afterAll(() => world.close());

const observationOf = (look: Arrival) => ({
  ref: { id: look.run, attempt: look.attempt, url: '' },
  phase: look.phase,
  rawPhase: `raw/${look.phase}`,
  sha: null,
  startedAt: null,
  finishedAt: null,
  waitingFor: null,
  failure: null,
  steps: [],
});

const RIGHT = { done: 'verifying', failed: 'failed', cancelled: 'cancelled', timed_out: 'timed_out' } as const;
const rightOf = ({ ends }: History, attempt: number) => RIGHT[ends[attempt - 1] as keyof typeof RIGHT];

async function lived(each: History, index: number) {
  const { db } = world.database;
  const place = { componentId: 'cmp_backend', environmentId: 'env_staging', connectionId: 'con_1' };
  const [target] = await db
    .insert(targets)
    .values({ ...place, id: `tgt_history_${index}`, label: `history ${index}`, config: {} })
    .returning();
  if (!target) throw new Error('No target.');
  const { id } = await makeDeployment(db, target, each.start.status, { ...each.start });
  for (const look of each.arrivals) await applyObservation(world.engine, id, observationOf(look), 3);
  const before = await world.row(id);
  await applyObservation(world.engine, id, observationOf(trueEnd(each, before.remoteAttempt)), 3);
  const after = await world.row(id);
  const told = await db.select().from(events).where(eq(events.deploymentId, id)).orderBy(asc(events.id));
  return { each, before, after, moves: told.filter((event) => event.toStatus !== null) };
}

describe('the same histories on Postgres', () => {
  test(
    `${HISTORIES} of them (seed ${SEED}) end right, once, and are told once for each move`,
    async () => {
      const samples = fc.sample(history, { numRuns: HISTORIES, seed: SEED });
      const queue = samples.entries();
      const seen: Awaited<ReturnType<typeof lived>>[] = [];
      const work = async () => {
        for (const [index, each] of queue) seen.push(await lived(each, index));
      };
      await Promise.all([1, 2, 3, 4].map(work));
      expect(seen).toHaveLength(HISTORIES);
      const wrong = seen.filter(({ each, after }) => after.status !== rightOf(each, after.remoteAttempt));
      const back = seen.filter(({ before, after }) => isTerminal(before.status) && after.version !== before.version);
      figure(
        'P9',
        `${HISTORIES.toLocaleString('en')} on Postgres: ${wrong.length} ended wrong, ${back.length} changed after their end`,
      );
      for (const { each, before, after, moves } of seen) {
        expect(after.status).toBe(rightOf(each, after.remoteAttempt));
        if (isTerminal(before.status)) expect(after, 'an end is final').toEqual(before);
        const steps = moves.map((event) => `${event.fromStatus}>${event.toStatus}`);
        expect(new Set(steps).size, 'each move is told once').toBe(steps.length);
        expect([each.start.status, ...moves.map((event) => event.toStatus)].at(-1)).toBe(after.status);
        expect(after.version, 'and is one version').toBe(1 + moves.length);
      }
    },
    LONG_TEST_MS,
  );
});

describe('without any webhook', () => {
  test('whatever runs is looked at within 30 s, however old it is and however many others run', () => {
    const facts = { ageMs: fc.nat(72 * 3_600_000), floor: fc.integer({ min: 1, max: 30 }), crowd: fc.nat(1_000) };
    fc.assert(
      fc.property(fc.record(facts), (each) => {
        const seconds = lookEverySeconds(each);
        return seconds >= 1 && seconds <= 30;
      }),
    );
  });

  test('and so is what the provider gives trouble about, in the row itself', async () => {
    const { deploymentId } = await world.click();
    await world.look(deploymentId);
    const wait = async () => {
      await world.look(deploymentId);
      const row = await world.row(deploymentId);
      return (row.nextCheckAt?.getTime() ?? 0) - Date.now();
    };
    expect(await wait()).toBeLessThanOrEqual(30_000);
    world.vendor.readError = new ProviderError('unavailable', 'down', 'Down.');
    for (let round = 0; round < 8; round++) expect(await wait()).toBeLessThanOrEqual(30_500);
    world.vendor.readError = null;
    await world.database.db.update(deployments).set({ nextCheckAt: null }).where(eq(deployments.id, deploymentId));
  });
});
