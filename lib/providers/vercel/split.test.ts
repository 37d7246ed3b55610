import { expect, it } from 'vitest';
import { Secret } from '@/lib/kernel/secret';
import { memoryWorld } from '../conformance/harness';
import { HiddenValue, type ProviderContext } from '../port';
import { listSettings, readPlaces, writeSetting } from './configuration';
import { createVercelSimulator } from './simulator';
import type { Place } from './target';

const place: Place = {
  ...{ project: 'aetherstack-dashboard', team: 'aetherstack', production: true },
  ...{ repository: 'aetherstack/aetherstack', defaultRef: 'main' },
};
const refusal = (code: string) => Response.json({ error: { code, message: 'No.' } }, { status: 400 });

/** A host that answers its first so many changes, and refuses the others. */
function hostThatTakes(changes: number) {
  const simulator = createVercelSimulator(memoryWorld(), { seed: 7 });
  let left = changes;
  const fetch: typeof globalThis.fetch = (input, init) => {
    const request = new Request(input, init);
    const isSecondHalf = request.method === 'POST';
    if (request.method !== 'GET' && (isSecondHalf || left-- <= 0)) return Promise.resolve(refusal('bad_request'));
    return simulator.handle(request);
  };
  const credential = { kind: 'token', token: new Secret('sandbox-token') } as const;
  return {
    connectionId: 'con_1',
    origin: 'https://api.vercel.com',
    credential,
    now: Date.now,
    fetch,
  } as ProviderContext;
}

const written = { kind: 'variable', name: 'LOG_LEVEL', value: new HiddenValue('debug') } as const;
async function namesIn(c: ProviderContext, at: string): Promise<string[]> {
  return (await listSettings(c, at)).map(({ name }) => name);
}

it('an environment that cannot get a value of its own keeps the one that it shared', async () => {
  const c = hostThatTakes(2);
  const [nearest] = (await readPlaces(c, place)).places;
  const at = nearest?.id ?? expect.fail('no place');
  await expect(writeSetting(c, at, written)).rejects.toMatchObject({ code: 'bad_request' });
  expect(await namesIn(c, at)).toContain('LOG_LEVEL');
});

it('where it cannot have that back either, the sentence says what is missing and where', async () => {
  const c = hostThatTakes(1);
  const [nearest] = (await readPlaces(c, place)).places;
  const at = nearest?.id ?? expect.fail('no place');
  const failed = {
    code: 'variable_missing',
    message: expect.stringContaining('LOG_LEVEL is in no build of production'),
  };
  await expect(writeSetting(c, at, written)).rejects.toMatchObject(failed);
  expect(await namesIn(c, at)).not.toContain('LOG_LEVEL');
});

/** What was sent to a host whose list is this. */
function hostWith(list: object, sent: { method: string; body: unknown }[]): ProviderContext {
  const simulator = createVercelSimulator(memoryWorld(), { seed: 7 });
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    if (!new URL(request.url).pathname.includes('/env')) return simulator.handle(request);
    if (request.method === 'GET') return Response.json(list);
    sent.push({ method: request.method, body: await request.json() });
    return Response.json({ created: [], failed: [] }, { status: 201 });
  };
  return { ...hostThatTakes(0), fetch };
}
const entry = { id: 'env_1', key: 'LOG_LEVEL', type: 'encrypted', value: '' };

it('an entry that one of the team’s own environments reads too stays theirs, and is stored as it was', async () => {
  const sent: { method: string; body: unknown }[] = [];
  const c = hostWith({ envs: [{ ...entry, target: ['production'], customEnvironmentIds: ['env_qa'] }] }, sent);
  const [nearest] = (await readPlaces(c, place)).places;
  await writeSetting(c, nearest?.id ?? '', written);
  expect(sent).toEqual([
    { method: 'PATCH', body: { target: [] } },
    { method: 'POST', body: { key: 'LOG_LEVEL', value: 'debug', type: 'encrypted', target: ['production'] } },
  ]);
});

it('a list that is not whole is not taken for one: what is on the next page would seem absent', async () => {
  const sent: { method: string; body: unknown }[] = [];
  const c = hostWith({ envs: [], pagination: { count: 100, next: 1_700_000_000, prev: null } }, sent);
  const [nearest] = (await readPlaces(c, place)).places;
  await expect(writeSetting(c, nearest?.id ?? '', written)).rejects.toMatchObject({ code: 'list_incomplete' });
  expect(sent).toEqual([]);
});
