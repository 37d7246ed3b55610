import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiWorld, apiWorld } from '@/lib/api/testing/api-world';
import type { Grant } from '@/lib/members/model/role';
import type { TokenScope } from '@/lib/members/model/token-scope';
import { Client } from './client';
import { sit } from './testing/sit';

let world: ApiWorld;
let served: { url: string; close(): Promise<void> };
let api: Client;
let ben: { id: string; name: string };

const OPERATOR: Grant[] = [{ role: 'operator', environmentPattern: '*' }];
const clientOf = async (options: { grants?: Grant[]; scopes?: TokenScope[] } = {}) =>
  new Client({ url: served.url, token: await world.token(options) }, new AbortController().signal);

beforeAll(async () => {
  world = await apiWorld();
  served = await world.listen();
  api = await clientOf();
  ben = await world.person(OPERATOR);
  expect(await sit('gallery create-namespace', ['acme'], api)).toMatchObject({ code: 0 });
});
afterAll(async () => {
  await served.close();
  await world.close();
});

const line = async () => (await sit('gallery namespaces', [], api)).out;

describe('owners of a namespace, from the command line', () => {
  test('are added by login and taken away by name, and the last one stays', async () => {
    const people: { id: string; login: string }[] = JSON.parse((await sit('gallery people', ['--json'], api)).out);
    const login = people.find(({ id }) => id === ben.id)?.login ?? '';
    const added = await sit('gallery add-owner', ['acme', login], api);
    expect(added, added.err).toMatchObject({ code: 0, out: `${ben.name} is an owner of acme.\n` });
    expect(await line()).toContain(ben.name);
    const lines = await world.audits('gallery.add-owner');
    expect(lines.at(-1)).toMatchObject({ outcome: 'done', resourceId: 'acme' });

    const gone = await sit('gallery remove-owner', ['ACME', ben.name], api);
    expect(gone, gone.err).toMatchObject({ code: 0 });
    expect(await line()).not.toContain(ben.name);
    const [last] = JSON.parse((await sit('gallery namespaces', ['--json'], api)).out)[0].owners;
    expect(await sit('gallery remove-owner', ['acme', last.id], api)).toMatchObject({ code: 'last_owner' });
  });

  test('are not changed by a token for deploying, nor by somebody who is none of them; both are in the audit log', async () => {
    const put = `PUT /gallery/namespaces/acme/owners/${ben.id}`;
    const deploying = await world.call(put, { token: await world.token({ scopes: ['read', 'deploy'] }), body: {} });
    const stranger = await world.call(put, { token: await world.token({ grants: OPERATOR }), body: {} });
    const codes = [deploying, stranger].map(async (answer) => [answer.status, (await answer.json()).code]);
    expect(await Promise.all(codes)).toEqual([
      [403, 'scope_missing'],
      [403, 'not_an_owner'],
    ]);
    const refused = (await world.audits('gallery.add-owner')).filter(({ outcome }) => outcome !== 'done');
    expect(refused.map(({ code }) => code).sort()).toEqual(['not_an_owner', 'scope_missing']);
    expect(await line()).not.toContain(ben.name);
  });

  test.each([
    ['gallery add-owner', ['acme'], 'usage'],
    ['gallery add-owner', ['acme', 'nobody.at.all'], 'no_such_person'],
    ['gallery remove-owner', ['acme', 'nobody.at.all'], 'no_such_person'],
    ['gallery remove-owner', ['nowhere', 'ben'], 'no_such_namespace'],
    ['gallery keep', ['acme', 'few'], 'usage'],
  ])('%s %j ends with %s', async (name, args, code) => {
    expect(await sit(name, args, api)).toMatchObject({ code, out: '' });
  });
});

test('what a namespace keeps is set and taken back', async () => {
  expect(await sit('gallery keep', ['acme', '5'], api)).toMatchObject({ code: 0, out: 'acme keeps 5.\n' });
  expect(await line()).toContain('keeps 5');
  expect(await sit('gallery keep', ['acme', 'all'], api)).toMatchObject({ code: 0, out: 'acme keeps all.\n' });
  expect(await line()).toContain('keeps all');
  expect(await sit('gallery keep', ['acme', '0'], api)).toMatchObject({ code: 'invalid_input' });
});
