import { randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import type { ApiWorld } from '@/lib/api/testing/api-world';
import { makeConnection, makeEnvironment, makeTarget } from '@/lib/db/testing/factories';
import { Secret } from '@/lib/kernel/secret';
import { memoryWorld } from '@/lib/providers/conformance/harness';
import { createGithubSimulator } from '@/lib/providers/github/simulator';
import { providers } from '@/lib/providers/registry.generated';
import type { Planted } from './planted';

const CONNECTION = 'con_settings';
const REPOSITORY = 'aetherstack/aetherstack';
const PATH = '/environments/rehearsal/configuration';

/**
 * A secret and a variable, written over the API into a vendor that takes them. `files`: of its repository; `answers`: what
 * the API said meanwhile.
 */
export async function plantSettings(
  world: ApiWorld,
  files: Map<string, string>,
): Promise<{ secrets: Planted[]; answers: string[] }> {
  await openSimulated(world, files);
  const settings = [
    { kind: 'secret', name: 'PLANTED_SECRET', value: randomBytes(24).toString('base64url') },
    { kind: 'variable', name: 'PLANTED_VARIABLE', value: randomBytes(24).toString('base64url') },
  ];
  const token = await world.token();
  const answers: string[] = [];
  for (const setting of settings) {
    const wanted = { ...setting, places: [`${CONNECTION} environment:${REPOSITORY}:staging`] };
    const plan = await world.call(`POST ${PATH}/plan`, { token, body: wanted, key: `plan-${setting.name}` });
    const planned = await plan.text();
    const body = { ...wanted, shown: JSON.parse(planned).shown };
    const written = await world.call(`POST ${PATH}`, { token, body, key: `write-${setting.name}` });
    answers.push(planned, await written.text());
    expect(JSON.parse(answers.at(-1) ?? ''), setting.name).toMatchObject({ complete: true });
  }
  answers.push(await (await world.call(`GET ${PATH}`, { token })).text());
  for (const { name } of settings) expect(answers.at(-1), 'it is there').toContain(name);
  const [secret, variable] = settings.map(({ value }) => value);
  return {
    secrets: [
      { name: 'the value of a setting that is secret', by: 'in use', value: secret ?? '' },
      { name: 'the value of a variable', by: 'nothing', value: variable ?? '' },
    ],
    answers,
  };
}

/** An environment whose target goes to a simulated vendor with a repository of its own. */
async function openSimulated(world: ApiWorld, files: Map<string, string>): Promise<void> {
  const { db } = world.database;
  const outside = memoryWorld();
  const simulator = createGithubSimulator(outside, { seed: 7, files });
  const provider = providers.github ?? expect.fail('no such provider');
  const token = new Secret('sandbox-token');
  const context = {
    connectionId: CONNECTION,
    origin: 'https://api.github.com',
    credential: { kind: 'token', token } as const,
    now: outside.now,
    fetch: (input: string | URL | Request, init?: RequestInit) => simulator.handle(new Request(input, init)),
  };
  const others = world.engine.openConnection;
  world.engine.openConnection = async (id, ...more) =>
    id === CONNECTION ? { provider, context } : others(id, ...more);
  await makeTarget(db, {
    environment: await makeEnvironment(db, { slug: 'rehearsal', name: 'Rehearsal', position: 9 }),
    connection: await makeConnection(db, { id: CONNECTION, name: 'Settings', providerId: provider.manifest.id }),
    config: {
      ...{ repository: REPOSITORY, workflow: 'dashboard-deploy.yml', defaultRef: 'main' },
      inputs: { environment: 'staging' },
    },
  });
}
