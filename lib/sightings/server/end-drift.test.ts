import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { events, sightings, targets } from '@/lib/db/schema';
import { readMatrix } from '@/lib/deployments/server';
import { type EngineWorld, engineWorld } from '@/lib/deployments/testing/engine-world';
import type { LiveNow } from '@/lib/providers/port';
import { readPublicStatus } from '@/lib/public-status/server';
import { look } from './look';

const TARGET = 'tgt_staging';
const [THEIRS, MENDED] = ['c'.repeat(40), 'e'.repeat(40)];

let world: EngineWorld;
beforeEach(async () => {
  world = await engineWorld();
  const ref = { id: '77', attempt: 1, url: 'https://scripted.test/runs/77' };
  const live: LiveNow = { sha: THEIRS, version: null, ref, marker: null, byName: 'octocat', at: null };
  world.vendor.provider.manifest.capabilities.live = { by: 'last-run' };
  world.vendor.provider.methods.live = { read: async () => live };
  await world.deployed();
});
afterEach(() => world.close());

const mend = () => world.deployed('done', { sha: MENDED });
const sighting = async () =>
  (await world.database.db.select().from(sightings).where(eq(sightings.targetId, TARGET)))[0];
const told = async () =>
  (await world.database.db.select().from(events).where(eq(events.topic, 'target'))).map((event) => event.kind);

describe('drift that a deployment mends', () => {
  test('is over when that is proven live, told once, and looked at again at once', async () => {
    await world.database.db.update(targets).set({ isPublic: true }).where(eq(targets.id, TARGET));
    await look(world.engine, TARGET);
    expect((await readPublicStatus(world.database.db)).places).toMatchObject([{ sha: 'ccccccc', state: 'checking' }]);
    await mend();
    expect(await sighting()).toMatchObject({ driftSince: null, driftSentence: null, sha: null, lookedAt: null });
    expect((await sighting())?.nextLookAt.getTime()).toBeLessThanOrEqual(Date.now());
    expect(await told()).toEqual(['drift', 'drift_over']);
    expect(await world.audits('target.drift_over')).toMatchObject([{ environment: 'staging', outcome: 'done' }]);
    expect((await readMatrix(world.as('viewer'))).rows[0]?.cells.staging?.[0]?.drift).toBeNull();
    expect((await readPublicStatus(world.database.db)).places).toMatchObject([{ sha: 'eeeeeee', state: 'live' }]);
  });

  test('stays while that is not proven', async () => {
    await look(world.engine, TARGET);
    await world.deployed('failed', { sha: MENDED });
    expect((await sighting())?.driftSince).not.toBeNull();
    expect(await told()).toEqual(['drift']);
  });

  test('comes back before anybody looked: it is told again, names what should be live now, and since when', async () => {
    await look(world.engine, TARGET);
    const since = Number((await sighting())?.driftSince);
    await mend();
    await look(world.engine, TARGET);
    expect(await told()).toEqual(['drift', 'drift_over', 'drift']);
    const again = await sighting();
    expect(again?.driftSentence).toMatch(
      /#2 \(eeeeeee\) should be live\. The same was live before #2: that did not mend it, or it was put there again\.$/,
    );
    expect((await world.audits('target.drift')).map(({ sentence }) => /The same was live/.test(sentence))).toEqual([
      false,
      true,
    ]);
    await look(world.engine, TARGET);
    expect(await told(), 'once').toEqual(['drift', 'drift_over', 'drift']);
    expect(Number(again?.driftSince)).toBeGreaterThan(since);
  });

  test('what another has put there since is told as new, and so is what comes back after a look that found it gone', async () => {
    const seen = (sha: string) => {
      const live: LiveNow = { sha, version: null, ref: null, marker: null, byName: null, at: null };
      world.vendor.provider.methods.live = { read: async () => live };
      return look(world.engine, TARGET);
    };
    await seen(THEIRS);
    await mend();
    expect((await seen('d'.repeat(40))).drift).toMatch(/should be live\.$/);
    await world.deployed('done', { sha: 'f'.repeat(40) });
    expect((await seen('f'.repeat(40))).drift).toBeNull();
    expect((await seen('d'.repeat(40))).drift).toMatch(/should be live\.$/);
  });

  test('without any nothing is told, and the next look stays when it was', async () => {
    world.vendor.provider.methods.live = { read: async () => null };
    await look(world.engine, TARGET);
    const before = await sighting();
    await mend();
    expect(await sighting()).toEqual(before);
    expect(await told()).toEqual([]);
  });
});
