import { expect, it } from 'vitest';
import { Secret } from '@/lib/kernel/secret';
import type { ProviderContext } from '../port';
import { liveNames } from './live';
import type { Running } from './service';

const STORE = { cluster: 'acme', service: 'backend', container: 'app' };
const arn = (revision: number) => `arn:aws:ecs:us-east-1:111122223333:task-definition/backend:${revision}`;
const deployment = (revision: number, runningCount = 1) => ({ taskDefinition: arn(revision), runningCount });

/** Of a service whose revision 3 is the last that was asked for; `known` are the environments of former revisions. */
async function namesOf(deployments: object[] | null, known: Record<number, object>) {
  const asked: string[] = [];
  const c = {
    ...{ connectionId: 'con_1', origin: 'https://ecs.us-east-1.amazonaws.com', now: () => 0 },
    credential: {
      kind: 'basic',
      username: `AK${'IA'}OFTHISTEST000000`,
      password: new Secret('some-key-of-this-test'),
      tokenOrigin: null,
    },
    fetch: async (input: string | URL | Request, init?: RequestInit) => {
      const { taskDefinition } = (await new Request(input, init).json()) as { taskDefinition: string };
      asked.push(taskDefinition);
      const revision = Number(taskDefinition.split(':').at(-1));
      const own = known[revision];
      if (!own)
        return Response.json(
          { __type: 'ClientException', message: 'Unable to describe task definition.' },
          { status: 400 },
        );
      const containerDefinitions = [
        { name: 'app', image: 'x', ...own },
        { name: 'router', environment: [{ name: 'OTHER', value: '' }] },
      ];
      return Response.json({
        taskDefinition: { taskDefinitionArn: taskDefinition, family: 'backend', revision, containerDefinitions },
      });
    },
  } as ProviderContext;
  const service = { serviceArn: arn(1), clusterArn: arn(1), taskDefinition: arn(3), deployments };
  const names = await liveNames(c, { service } as Running, STORE);
  return { names: names.map(({ kind, name }) => `${kind} ${name}`), asked };
}

it('tasks that are left of a former deployment have what their own revision says', async () => {
  const former = { environment: [{ name: 'LEVEL', value: 'debug' }], secrets: [{ name: 'TOKEN', valueFrom: 'arn:x' }] };
  const { names, asked } = await namesOf([deployment(3), deployment(2)], { 2: former });
  expect(names).toEqual(['variable LEVEL', 'secret TOKEN']);
  expect(asked).toEqual([arn(2)]);
});

it('nothing is asked where all tasks run what the service says, or none is left', async () => {
  for (const deployments of [[deployment(3)], [deployment(3), deployment(2, 0)], [], null])
    expect(await namesOf(deployments, {})).toEqual({ names: [], asked: [] });
});

it('a revision that was deleted meanwhile tells nothing', async () => {
  expect((await namesOf([deployment(3), deployment(2)], {})).names).toEqual([]);
});
