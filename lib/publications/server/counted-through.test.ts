import { like } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rateLimits } from '@/lib/db/schema';
import { republish } from '@/lib/extensions/server';
import { createFreeze } from '@/lib/gates/server';
import { runAction } from '@/lib/pipeline/run-action';
import { readVsix } from '@/lib/sandbox/vsix';
import { publishCommand } from '../commands';
import { PLACES, type PlacesWorld, placesWorld } from '../testing/places-world';
import { countedThrough, publishTo } from '.';

let world: PlacesWorld;
beforeAll(async () => {
  world = await placesWorld(readVsix);
});
afterAll(() => world.close());

const press = (input: Parameters<typeof publishTo>[1]) =>
  runAction(publishCommand, input, {
    facts: { requestId: 'req_1', ip: null, origin: 'http://a.test', secFetchSite: null },
    ownOrigin: 'http://a.test',
    resolveActor: async () => world.person.actor,
    contextFor: async () => world.person,
  });

const everywhere = [PLACES.openVsx, PLACES.marketplace, PLACES.own];

describe('what a press counts for at the connections it goes through', () => {
  it('is one for each place, however often it is named, and nothing where the person may not publish', async () => {
    const packageId = await world.packaged({ version: '1.0.0' });
    const asked = { packageId, targetIds: [...everywhere, PLACES.own] };
    expect((await countedThrough(world.person, asked)).sort()).toEqual(['con_1', 'con_market', 'con_own']);
    expect(await countedThrough(world.as('viewer', 'vera'), asked)).toEqual([]);
    expect(publishCommand.sharedRate?.of).toBe(countedThrough);
  });

  it('is nothing where the package goes back: a roll-back waits for nobody’s share', async () => {
    const good = await world.packaged({ version: '2.0.0' });
    const { places } = await publishTo(world.person, {
      ...{ packageId: good, targetIds: [PLACES.own], idempotencyKey: 'click-abcdef' },
    });
    await world.until(places[0]?.deploymentId ?? '', 'succeeded');
    await world.packaged({ version: '2.1.0' });
    const { packageId } = await republish(world.person, { packageId: good });
    expect(await countedThrough(world.person, { packageId, targetIds: everywhere })).toEqual(['con_market', 'con_1']);
  });

  it('is given back by a press that began nothing: it found everything under way or done already, or was refused', () => {
    const place = { targetId: PLACES.own, place: 'Own', deploymentId: 'dep_1', number: 1, status: null };
    const says = { code: null, sentence: null };
    const answer = (...outcomes: ('repeated' | 'refused' | 'created')[]) => ({
      places: outcomes.map((outcome) => ({ ...place, outcome, ...says })),
    });
    expect(publishCommand.uncounted?.(answer('repeated', 'repeated'))).toBe(true);
    expect(publishCommand.uncounted?.(answer('repeated', 'refused'))).toBe(false);
    expect(publishCommand.startsNothing?.(answer('repeated', 'refused'))).toBe(true);
    expect(publishCommand.startsNothing?.(answer('refused', 'created'))).toBe(false);
  });

  it('takes the person’s own share where all places refuse, as where one does', async () => {
    const packageId = await world.packaged({ version: '3.0.0' });
    const startsAt = new Date(Date.now() - 3_600_000).toISOString().slice(0, 16);
    const freeze = { name: 'Fair', reason: 'A fair', environmentId: null, timeZone: 'UTC', durationMinutes: 600 };
    await createFreeze(world.person, { ...freeze, startsAt });
    const said: string[] = [];
    for (let n = 0; n < 12; n++) {
      const answer = await press({
        packageId,
        targetIds: [PLACES.own, PLACES.openVsx],
        idempotencyKey: `press-${n}-abc`,
      });
      said.push(answer.ok ? answer.value.places.map(({ code }) => code).join() : answer.refusal.code);
    }
    expect(said.slice(0, 10)).toEqual(Array(10).fill('pinned_freeze,pinned_freeze'));
    expect(said.slice(10)).toEqual(['rate_limited', 'rate_limited']);
    const shared = await world.person.db.select().from(rateLimits).where(like(rateLimits.key, 'shared:%'));
    expect(shared).toHaveLength(2);
    for (const { tokens } of shared) expect(tokens).toBe(60);
  });
});
