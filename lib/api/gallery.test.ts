import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Grant } from '@/lib/members/model/role';
import { type ApiWorld, apiWorld, stubServerEnv } from './testing/api-world';

let world: ApiWorld;
beforeAll(async () => {
  world = await apiWorld();
  stubServerEnv(world);
});
afterAll(() => world.close());

const NAMESPACE = '/gallery/namespaces/acme';
const VERSION = '/gallery/extensions/acme/demo/1.0.0';
const CHANGES = [
  [`PUT ${NAMESPACE}/keep`, { keep: 5 }],
  [`POST ${VERSION}/yank`, { reason: 'It phones home.' }],
  [`POST ${VERSION}/unyank`, {}],
  [`PUT ${NAMESPACE}/owners/usr_nobody`, {}],
  [`DELETE ${NAMESPACE}/owners/usr_nobody`, undefined],
] as const;
const grants: Grant[] = [{ role: 'admin', environmentPattern: '*' }];

test('a token that is limited to environments changes nothing of a namespace, an administrator’s neither', async () => {
  const token = await world.token({ grants });
  expect((await world.call('POST /gallery/namespaces', { token, body: { namespace: 'acme' } })).status).toBe(201);
  const limited = await world.token({ grants, environmentPattern: 'staging' });
  for (const [change, body] of CHANGES) {
    const refused = await world.call(change, { token: limited, body });
    expect([change, refused.status]).toEqual([change, 403]);
    expect(await refused.json()).toMatchObject({
      code: 'forbidden',
      detail: expect.stringContaining('This token is limited to environments'),
    });
  }
  expect(await (await world.call('GET /gallery/namespaces', { token })).json()).toMatchObject([{ keep: null }]);
  for (const action of ['gallery.set-keep', 'gallery.yank', 'gallery.unyank'])
    expect(await world.audits(action), action).toMatchObject([{ outcome: 'refused', actorKind: 'token' }]);
  expect((await world.call(CHANGES[0][0], { token, body: CHANGES[0][1] })).status).toBe(204);
  expect((await world.call(CHANGES[1][0], { token, body: CHANGES[1][1] })).status, 'there is no such version').toBe(
    404,
  );
});
