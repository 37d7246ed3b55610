import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serverBuild } from './testing/builds';
import { type AgentWorld, agentWorld } from './testing/world';

const shaOf = (letter: string) => letter.repeat(40);
const GOOD = serverBuild('one');
const NEXT = serverBuild('two');
/** Before a step, while it is done, and between the switch and its being written down. */
const PLACES = [
  'fetching',
  'unpacking:entered',
  'unpacking:done',
  'starting:done',
  'checking:done',
  'switching:entered',
  'switching:pointed',
];

describe('an agent that is killed', () => {
  let world: AgentWorld;
  const served = async () => (await (await fetch(world.site)).json()).build as string;

  beforeAll(async () => {
    world = await agentWorld({ warm: 0 });
    await world.start();
    await world.upload(GOOD, shaOf('a'));
    await world.upload(NEXT, shaOf('b'));
    const first = await world.deploy('aether-first-1', shaOf('a'));
    expect(await world.until(first.id)).toMatchObject({ phase: 'live' });
  });
  afterAll(() => world.close());

  it.each(PLACES)(
    'at %s: visitors are answered all the while, and afterwards exactly one release is live',
    async (place) => {
      await world.kill();
      await world.start(place);
      const before = await served();
      const commit = before === 'one' ? shaOf('b') : shaOf('a');
      const key = `aether-${place.replace(':', '-')}-1`;
      const asked = world.deploy(key, commit).catch(() => null);
      await world.ended();
      expect(['one', 'two'], 'the front outlives the agent').toContain(await served());
      await asked;
      await world.start();
      // The console asks again with the same marker: it is the same deployment.
      const again = await world.deploy(key, commit);
      expect(await world.until(again.id)).toMatchObject({ phase: 'live', key });
      expect(await served()).toBe(before === 'one' ? 'two' : 'one');
      expect(world.current()).toBe(again.id);
      const { body } = await world.ask('GET', `/v1/apps/web/deployments?key=${key}`);
      expect(body.deployments).toHaveLength(1);
      await expect.poll(() => world.running(), { timeout: 5_000 }).toEqual([again.id]);
    },
  );
});
