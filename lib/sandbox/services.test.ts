import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Client, clientOf } from './testing/client';

let client: Client;
beforeEach(async () => {
  client = await clientOf();
});
afterEach(() => client.sandbox.close());

const HAND = 'd'.repeat(40);
const ask = async (place = 'staging/backend') => {
  const answer = await fetch(`${client.sandbox.url}/services.aetherstack.example/${place}/version`);
  return { status: answer.status, sha: ((await answer.json()) as { sha?: string }).sha ?? null };
};
/** Starts a run and lets it end; answers with its commit. */
async function ran(inputs: Record<string, unknown> = { environment: 'staging' }, workflow?: string): Promise<string> {
  await client.dispatch(inputs, {}, workflow);
  await client.control('advance', { ms: 120_000 });
  const state = (await client.control('state')) as { runs: { sha: string; inputs: { sha?: string } }[] };
  const last = state.runs.at(-1);
  return last?.inputs.sha || last?.sha || '';
}

describe('the deployed things of the sandbox', () => {
  test('say what the newest successful run for that very place brought there', async () => {
    expect(await ask()).toEqual({ status: 404, sha: null });
    const first = await ran();
    expect(await ask()).toEqual({ status: 200, sha: first });
    expect((await ask('production/backend')).status).toBe(404);
    await client.control('push', { branch: 'main' });
    const second = await ran();
    expect(second).not.toBe(first);
    expect(await ask()).toEqual({ status: 200, sha: second });
    const older = await ran({ environment: 'staging', sha: first });
    expect(older).toBe(first);
    expect(await ask()).toEqual({ status: 200, sha: first });
  });

  test('know each component by what its workflow calls a place', async () => {
    const extension = await ran({ publish_to: 'everywhere', channel: 'pre-release' }, 'extension-publish.yml');
    const docs = await ran({ version: 'latest' }, 'docs-deploy.yml');
    expect([await ask('staging/extension'), await ask('production/docs')]).toEqual([
      { status: 200, sha: extension },
      { status: 200, sha: docs },
    ]);
    expect((await ask('production/extension')).status).toBe(404);
    await ran({ publish_to: 'everywhere', channel: 'stable', dry_run: 'true' }, 'extension-publish.yml');
    expect((await ask('production/extension')).status, 'a dry run publishes nothing').toBe(404);
  });

  test('are unmoved by a run that fails, and by one that never goes live', async () => {
    const first = await ran();
    await client.control('scenario', { name: 'fails' });
    await ran();
    await client.control('scenario', { name: 'never-live' });
    await client.control('push', { branch: 'main' });
    await ran();
    expect(await ask()).toEqual({ status: 200, sha: first });
    await client.control('scenario', { name: 'happy' });
    expect((await ask()).sha, 'what never went live does not do so later').toBe(first);
  });

  test('may lag behind the run', async () => {
    await client.control('scenario', { liveLagMs: 600_000 });
    const sha = await ran();
    expect((await ask()).status).toBe(404);
    await client.control('advance', { ms: 600_000 });
    expect(await ask()).toEqual({ status: 200, sha });
  });

  test('can be changed by hand, without any run', async () => {
    await ran();
    const before = await client.runs();
    const place = { environment: 'staging', component: 'backend' };
    expect(await client.control('live', { ...place, sha: HAND })).toMatchObject({ sha: HAND });
    expect((await ask()).sha).toBe(HAND);
    expect(await client.runs()).toEqual(before);
    expect(await client.control('state')).toMatchObject({ services: [{ ...place, sha: HAND, run: null }] });
    expect(await client.control('live', { ...place, sha: 'nonsense' })).toMatchObject({ error: expect.any(String) });
    expect(await client.control('live', { ...place, component: 'no', sha: HAND })).toMatchObject({
      error: 'There is no no in staging.',
    });
  });

  test.each(['staging/backend/other', 'nowhere/backend', 'staging/constructor', '__proto__/backend'])(
    '%s does not exist',
    async (place) => {
      expect((await ask(place)).status).toBe(404);
    },
  );
});
