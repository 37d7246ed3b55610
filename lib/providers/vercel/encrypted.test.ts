import { expect, it } from 'vitest';
import { Secret } from '@/lib/kernel/secret';
import { memoryWorld } from '../conformance/harness';
import type { ProviderContext } from '../port';
import { provider } from './adapter';
import { listSettings } from './configuration';
import { createVercelSimulator } from './simulator';

const API = 'https://api.vercel.com';
const NAME = 'AETHERSTACK_RENDERING';
const target = {
  ...{ project: 'aetherstack-dashboard', team: 'aetherstack', production: true },
  ...{ repository: 'aetherstack/aetherstack', defaultRef: 'main' },
};
const PLACE = 'production:aetherstack:aetherstack-dashboard';

/** A project in which people have set the mode at Vercel itself; `change` is made to each entry that is answered. */
async function host(
  type: string,
  value: string,
  change: (entry: Record<string, unknown>) => object = (entry) => entry,
) {
  const simulator = createVercelSimulator(memoryWorld(), { seed: 7 });
  const sent: string[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const path = new URL(request.url).pathname.replace(/prj_\w+/, 'prj').replace(/\/env_\w+$/, '/{id}');
    sent.push(`${request.method} ${path}${request.headers.get('cache-control') === 'no-store' ? ', not kept' : ''}`);
    const answer = await simulator.handle(request);
    if (!request.url.includes('/env')) return answer;
    const body = await answer.json();
    return Response.json(body.envs ? { ...body, envs: body.envs.map(change) } : change(body), {
      status: answer.status,
    });
  };
  const token = new Secret('sandbox-token');
  const c = { connectionId: 'con_1', origin: API, credential: { kind: 'token', token }, now: Date.now, fetch };
  await fetch(`${API}/v10/projects/aetherstack-dashboard/env?slug=aetherstack`, {
    method: 'POST',
    headers: { authorization: 'Bearer sandbox-token' },
    body: JSON.stringify({ key: NAME, value, type, target: ['production'] }),
  });
  sent.length = 0;
  return { c: c as unknown as ProviderContext, sent };
}
const { rendering } = provider.methods;

it('a mode that people set at Vercel, which stores it encrypted, is read and counts', async () => {
  const { c, sent } = await host('encrypted', 'ssg');
  expect(await rendering.read(c, target, 'main')).toMatchObject({ mode: 'ssg', raw: 'ssg', obstacle: null });
  expect(sent.filter((each) => each.includes('/env')).sort()).toEqual([
    'GET /v1/projects/prj/env/{id}, not kept',
    'GET /v10/projects/prj/env',
  ]);
});

it('and is changed in its place, stored as it was', async () => {
  const { c, sent } = await host('encrypted', 'ssg');
  expect(await rendering.write?.(c, target, 'main', 'ssg')).toBe('unchanged');
  expect(sent.some((each) => !each.startsWith('GET'))).toBe(false);
  expect(await rendering.write?.(c, target, 'main', 'ssr')).toBe('written');
  expect(sent.filter((each) => !each.startsWith('GET'))).toEqual(['PATCH /v9/projects/prj/env/{id}']);
  expect(await rendering.read(c, target, 'main')).toMatchObject({ mode: 'ssr' });
});

it.each([
  ['stored as a secret', 'sensitive', {}],
  ['called a secret, however it is stored', 'encrypted', { visibility: 'secret' }],
])('what is %s is not read, and the sentence can be followed', async (_, type, more) => {
  const { c, sent } = await host(type, 'ssg', (entry) => (entry.key === NAME ? { ...entry, ...more } : entry));
  const { obstacle } = await rendering.read(c, target, 'main');
  expect(obstacle).toMatchObject({
    code: 'rendering_hidden',
    sentence: expect.stringMatching(/Delete it there; the next deployment makes it again\.$/),
  });
  expect(sent.some((each) => each.includes('{id}'))).toBe(false);
});

it('what Vercel calls a config is a variable, also of an odd kind', async () => {
  const { c } = await host('sensitive', 'ssg', (entry) =>
    entry.key === NAME ? { ...entry, visibility: 'config' } : entry,
  );
  const found = (await listSettings(c, PLACE)).find(({ name }) => name === NAME);
  expect([found?.kind, found?.value]).toEqual(['variable', null]);
});

it('where what is new is made a secret, as by a team’s policy, nobody is told to delete it and go on', async () => {
  const { c } = await host('plain', 'ssr', (entry) =>
    entry.key === NAME && entry.value === 'ssg' ? { ...entry, type: 'sensitive', value: '' } : entry,
  );
  await expect(rendering.write?.(c, target, 'main', 'ssg')).rejects.toMatchObject({
    ...{ kind: 'rejected', code: 'rendering_hidden' },
    message: expect.stringMatching(/makes a secret of what is new there.*deploy again\.$/),
  });
});
