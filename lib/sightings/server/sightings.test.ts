import { eq, isNotNull, sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { deployments, events, sightings, targets } from '@/lib/db/schema';
import { makeDeployment } from '@/lib/db/testing/factories';
import { readMatrix, readNow } from '@/lib/deployments/server';
import { type EngineWorld, engineWorld } from '@/lib/deployments/testing/engine-world';
import { type ErrorLine, onErrorLine } from '@/lib/kernel/log';
import { type LiveNow, ProviderError } from '@/lib/providers/port';
import { Probe } from '@/lib/targets/model/probe';
import { lookAround, lookNow } from '.';
import { look } from './look';

const THEIRS = 'c'.repeat(40);
const TARGET = 'tgt_staging';

let world: EngineWorld;
let live: LiveNow | null;
beforeEach(async () => {
  world = await engineWorld();
  live = null;
  world.vendor.provider.manifest.capabilities.live = { by: 'last-run' };
  world.vendor.provider.methods.live = { read: async () => live };
});
afterEach(() => world.close());

const theirs = (over: Partial<LiveNow> = {}): LiveNow => ({
  sha: THEIRS,
  version: null,
  ref: { id: '77', attempt: 1, url: 'https://scripted.test/runs/77' },
  marker: null,
  byName: 'octocat',
  at: null,
  ...over,
});
const ours = () => theirs({ sha: 'b'.repeat(40), marker: world.vendor.runs.at(-1)?.marker ?? null, byName: 'bot' });
const sighting = async () => {
  const [row] = await world.database.db.select().from(sightings).where(eq(sightings.targetId, TARGET));
  return row;
};
const told = async () =>
  (await world.database.db.select().from(events).where(eq(events.topic, 'target'))).map((event) => event.kind);
const probed = (answer: EngineWorld['outside']['answer']) => {
  world.outside.answer = answer;
  const probe = Probe.parse({ url: 'https://api.example.com/version', field: 'sha' });
  return world.database.db.update(targets).set({ probe }).where(eq(targets.id, TARGET));
};

describe('drift', () => {
  test('our own run is none, by our row and not by the branch that it was started on', async () => {
    await world.deployed();
    live = ours();
    await look(world.engine, TARGET);
    expect(await sighting()).toMatchObject({ sha: world.vendor.head, driftSince: null, source: 'provider' });
    expect(await told()).toEqual([]);
  });

  test('our own run whose title shows no marker is known by its number', async () => {
    await world.deployed();
    const run = world.vendor.runs.at(-1);
    const ref = { id: run?.id ?? '', attempt: 1, url: 'https://scripted.test/runs/1000' };
    live = theirs({ sha: 'b'.repeat(40), ref, byName: 'bot' });
    await look(world.engine, TARGET);
    expect(await sighting()).toMatchObject({ sha: world.vendor.head, byName: null, driftSince: null });
    live = theirs({ sha: 'b'.repeat(40), ref: { ...ref, attempt: 2 } });
    await look(world.engine, TARGET);
    expect(await told(), 'started again by hand, it is still our commit').toEqual([]);
    expect(await sighting()).toMatchObject({ byName: 'octocat' });
  });

  test('a branch deploy of a commit that was released as a tag may go by the tag; another tag is drift', async () => {
    await world.deployed();
    await world.database.db.update(deployments).set({ ref: 'v1.2.0', refKind: 'tag' });
    await world.deployed('done', { key: 'key-branch-again', inputs: { level: 'debug' } });
    live = theirs({ sha: null, version: '1.2.0' });
    await look(world.engine, TARGET);
    expect(await told()).toEqual([]);
    live = theirs({ sha: null, version: '1.3.0' });
    await look(world.engine, TARGET);
    expect(await told()).toEqual(['drift']);
  });

  test('our run for another target says nothing about this one', async () => {
    await world.deployed();
    world.vendor.head = 'e'.repeat(40);
    await world.deployed('done', { target: 'production' });
    const run = world.vendor.runs.at(-1);
    live = theirs({ sha: THEIRS, ref: { id: run?.id ?? '', attempt: 1, url: '' } });
    await look(world.engine, TARGET);
    expect((await sighting())?.sha ?? null).toBeNull();
    expect(await told()).toEqual([]);
    world.vendor.provider.manifest.capabilities.live = { by: 'release' };
    await look(world.engine, TARGET);
    expect((await sighting())?.sha, 'a host is believed, whoever sent it').toBe(THEIRS);
  });

  test('the provider is told what environments are called, so that it takes no run for another for this target’s', async () => {
    const asked: unknown[] = [];
    world.vendor.provider.methods.live = {
      read: async (_, __, places) => {
        asked.push(places?.('environment'), places?.('To'));
        return null;
      },
    };
    const config = { repository: 'acme/app', inputs: { to: 'live' } };
    await world.database.db.update(targets).set({ config }).where(eq(targets.id, 'tgt_production'));
    await look(world.engine, TARGET);
    const words = { own: ['staging'], others: ['production'] };
    expect(asked, 'and what a neighbour fixes that very input to').toEqual([
      words,
      { ...words, others: ['production', 'live'] },
    ]);
  });

  test('what is on its way is seen however many wait behind it', async () => {
    await world.deployed();
    world.vendor.head = 'e'.repeat(40);
    const { deploymentId } = await world.click();
    await world.look(deploymentId);
    const [target] = await world.database.db.select().from(targets).where(eq(targets.id, TARGET));
    if (target) for (let n = 0; n < 55; n++) await makeDeployment(world.database.db, target, 'queued');
    live = theirs({ sha: world.vendor.head });
    await look(world.engine, TARGET);
    expect(await told()).toEqual([]);
  });

  test('a tag is known by its own name, also when its commit was first deployed from a branch', async () => {
    await world.deployed();
    const id = await world.deployed();
    await world.database.db.update(deployments).set({ ref: 'v1.2.0', refKind: 'tag' }).where(eq(deployments.id, id));
    live = theirs({ sha: null, version: '1.2.0', ref: null });
    await look(world.engine, TARGET);
    expect(await told()).toEqual([]);
  });

  test('somebody else’s deployment is shown and told once, and its end once', async () => {
    await world.deployed();
    live = theirs();
    for (let round = 0; round < 3; round++) await look(world.engine, TARGET);
    expect(await sighting()).toMatchObject({ byName: 'octocat', remoteUrl: 'https://scripted.test/runs/77' });
    expect(await told()).toEqual(['drift']);
    expect(await world.audits('target.drift')).toMatchObject([
      { environment: 'staging', outcome: 'failed', sentence: expect.stringContaining('(octocat)') },
    ]);
    live = ours();
    for (let round = 0; round < 2; round++) await look(world.engine, TARGET);
    expect(await told()).toEqual(['drift', 'drift_over']);
    expect((await sighting())?.driftSince).toBeNull();
    live = theirs();
    await look(world.engine, TARGET);
    live = theirs({ sha: 'd'.repeat(40) });
    await look(world.engine, TARGET);
    expect(await told(), 'another commit is another change').toEqual(['drift', 'drift_over', 'drift', 'drift']);
  });

  test('is in the matrix and in the headline of Now', async () => {
    await world.deployed();
    live = theirs();
    await look(world.engine, TARGET);
    const who = world.as('viewer');
    const [row] = (await readMatrix(who)).rows;
    const sentence = expect.stringContaining('Somebody deployed ccccccc outside this console');
    const drift = { since: expect.any(String), sentence, url: 'https://scripted.test/runs/77' };
    expect(row?.cells.staging?.[0]?.drift).toEqual(drift);
    expect(row?.cells.production?.[0]?.drift).toBeNull();
    expect(await readNow(who)).toMatchObject({ headline: { sentence }, drift: [{ ...drift, targetId: TARGET }] });
  });

  test('what is on its way explains what is live before the console says so', async () => {
    await world.deployed();
    world.vendor.head = 'e'.repeat(40);
    const { deploymentId } = await world.click();
    await world.look(deploymentId);
    live = theirs({ sha: world.vendor.head });
    await look(world.engine, TARGET);
    expect(await told()).toEqual([]);
  });

  test('a target that was deployed during the look is looked at again, not called drifted', async () => {
    await world.deployed();
    const before = world.vendor.head;
    world.vendor.provider.methods.live = {
      read: async () => {
        world.vendor.head = 'e'.repeat(40);
        await world.deployed();
        return theirs({ sha: before });
      },
    };
    await look(world.engine, TARGET);
    expect(await told()).toEqual([]);
    expect(((await sighting())?.nextLookAt.getTime() ?? 0) - Date.now()).toBeLessThan(15_000);
  });

  test('the thing itself is asked first; who did it comes from the provider', async () => {
    await world.deployed();
    live = theirs();
    await probed(async () => Response.json({ sha: 'ccccccc' }));
    await look(world.engine, TARGET);
    expect(await sighting()).toMatchObject({ source: 'probe', sha: 'ccccccc', byName: 'octocat', remoteId: '77' });
    await look(world.engine, TARGET);
    expect(await sighting(), 'and is kept').toMatchObject({ byName: 'octocat' });
    expect(await told()).toEqual(['drift']);
  });

  test('trouble changes nothing of what was known', async () => {
    await world.deployed();
    live = theirs();
    await look(world.engine, TARGET);
    const since = (await sighting())?.driftSince;
    const lookedAt = (await sighting())?.lookedAt;
    world.vendor.provider.methods.live = {
      read: () => Promise.reject(new ProviderError('unavailable', 'down', 'The provider is down.')),
    };
    await look(world.engine, TARGET);
    expect(await sighting()).toMatchObject({
      driftSince: since,
      lookedAt,
      troubleSentence: 'The provider is down.',
      troubleCount: 1,
    });
    await probed(async () => new Response('oops', { status: 500 }));
    await look(world.engine, TARGET);
    expect(await sighting()).toMatchObject({ driftSince: since, lookedAt, troubleCount: 2 });
    expect(await told()).toEqual(['drift']);
  });
});

describe('looking around', () => {
  const overdue = () => world.database.db.update(sightings).set({ nextLookAt: sql`now() - interval '1 second'` });

  test('every target has its turn within five minutes, and is claimed by one instance only', async () => {
    await world.deployed();
    live = theirs();
    await lookAround(world.engine);
    await overdue();
    const looked = await Promise.all([1, 2, 3].map(() => lookAround(world.engine)));
    expect(looked.reduce((sum, count) => sum + count, 0)).toBe(2);
    const rows = await world.database.db.select().from(sightings);
    expect(rows).toHaveLength(2);
    for (const row of rows) expect(row.nextLookAt.getTime() - Date.now()).toBeLessThan(290_000);
    expect(await lookAround(world.engine)).toBe(0);
  });

  test('a target that cannot be looked at keeps no other from it', async () => {
    await world.deployed();
    await lookAround(world.engine);
    await overdue();
    let asked = 0;
    world.vendor.provider.methods.live = {
      read: async () => {
        if (++asked === 1) throw new TypeError('poison');
        return theirs();
      },
    };
    const heard: ErrorLine[] = [];
    onErrorLine((line) => heard.push(line));
    expect(await lookAround(world.engine)).toBe(2);
    onErrorLine(() => undefined);
    expect(asked).toBe(2);
    expect(heard, 'it is an error of the log, so that it is reported').toMatchObject([{ error: 'TypeError' }]);
    const rows = await world.database.db.select().from(sightings);
    expect(rows.filter((row) => row.troubleSentence?.startsWith('This console itself failed'))).toHaveLength(1);
  });

  test('a person may have a look at once, where they may read', async () => {
    await world.deployed();
    live = theirs();
    const answer = await lookNow(world.as('viewer'), { targetId: TARGET });
    expect(answer).toMatchObject({ live: THEIRS, drift: expect.stringContaining('octocat'), trouble: null });
    const stranger = { ...world.engine, actor: { kind: 'anonymous', name: 'anonymous', ip: null } as const };
    await expect(lookNow(stranger, { targetId: TARGET })).rejects.toMatchObject({ kind: 'unauthenticated' });
    await expect(lookNow(world.as('viewer'), { targetId: 'tgt_none' })).rejects.toMatchObject({ kind: 'notFound' });
  });
});

test('what changes outside is found within five minutes on each of 20 idle targets, without any webhook', async () => {
  await world.deployed();
  const place = { componentId: 'cmp_backend', environmentId: 'env_staging', connectionId: 'con_1', config: {} };
  const [current] = await world.database.db.select().from(targets).where(eq(targets.id, TARGET));
  await world.database.db.insert(targets).values(
    Array.from({ length: 18 }, (_, index) => ({
      ...place,
      id: `tgt_idle_${index}`,
      label: `idle ${index}`,
      currentDeploymentId: current?.currentDeploymentId,
    })),
  );
  await lookAround(world.engine);
  // Half of them have just been looked at when it happens.
  await world.database.db.update(sightings).set({ nextLookAt: sql`now() + random() * interval '270 seconds'` });
  live = theirs();
  const drifted = () => world.database.db.$count(sightings, isNotNull(sightings.driftSince));
  let seconds = 0;
  // The production target was never deployed from here, so it cannot drift.
  for (; (await drifted()) < 19 && seconds < 600; seconds += 5) {
    await world.database.db.update(sightings).set({ nextLookAt: sql`next_look_at - interval '5 seconds'` });
    await lookAround(world.engine);
  }
  expect(await drifted()).toBe(19);
  expect(seconds).toBeLessThanOrEqual(300);
}, 60_000);
