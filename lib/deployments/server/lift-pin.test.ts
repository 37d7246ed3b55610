import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ServiceContext } from '@/lib/auth/context';
import type { Grant } from '@/lib/members/model/role';
import { type GateWorld, gateWorld } from '../testing/gate-world';
import { liftPin } from './index';

let world: GateWorld;
beforeEach(async () => {
  world = await gateWorld();
});
afterEach(() => world.close());

/** The person who locked, with other roles than then. */
const authorWith = (grants: Grant[]): ServiceContext => {
  const { actor, ...rest } = world.as('admin');
  return actor.kind === 'user' ? { ...rest, actor: { ...actor, grants } } : expect.fail('no person');
};
/** A token of the person who locked. */
function tokenWithin(within: string): ServiceContext {
  const { actor, ...rest } = world.as('admin');
  if (actor.kind !== 'user') return expect.fail('no person');
  const grants: Grant[] = [{ role: 'admin', environmentPattern: '*', ...(within === '*' ? {} : { within }) }];
  const { id: userId, name, ip } = actor;
  return { ...rest, actor: { kind: 'token', id: 'tok_1', userId, name, grants, scopes: ['hold'], ip } };
}
const refused = (sentence: string) =>
  expect.objectContaining({ code: 'forbidden', sentence: expect.stringContaining(sentence) });

describe('one’s own lock', () => {
  test('is not lifted by a token that does not reach its environment', async () => {
    const pinId = await world.lock({ environment: 'production' });
    await expect(liftPin(tokenWithin('staging'), { pinId })).rejects.toEqual(refused('does not reach production'));
    expect(await liftPin(tokenWithin('prod*'), { pinId })).toEqual({ lifted: true });
  });

  test('of everything takes a token without a limit', async () => {
    const pinId = await world.lock({});
    for (const within of ['staging', 'a*', '*s'])
      await expect(liftPin(tokenWithin(within), { pinId })).rejects.toEqual(refused('all environments'));
    expect(await liftPin(tokenWithin('*'), { pinId })).toEqual({ lifted: true });
  });

  test('is out of reach for an author who may not even see the environment any more', async () => {
    const pinId = await world.lock({ environment: 'production' });
    for (const grants of [[], [{ role: 'operator', environmentPattern: 'staging' }]] satisfies Grant[][])
      await expect(liftPin(authorWith(grants), { pinId })).rejects.toMatchObject({ code: 'forbidden' });
    const viewer: Grant[] = [{ role: 'viewer', environmentPattern: 'production' }];
    expect(await liftPin(authorWith(viewer), { pinId })).toEqual({ lifted: true });
  });
});
