import { beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '@/lib/kernel/secret';
import { repositoryFiles } from '@/lib/sandbox/repository-files';
import { memoryWorld } from '../conformance/harness';
import type { ProviderContext } from '../port';
import { provider } from './adapter';
import { createGithubSimulator } from './simulator';

const files = await repositoryFiles();
const REPOSITORY = 'aetherstack/aetherstack';
const target = { repository: REPOSITORY, workflow: 'backend-deploy.yml', defaultRef: 'main' };
const { workflows, deploy, source, environments, configuration } = provider.methods;

const NOT_FOUND = () => Response.json({ message: 'Not Found' }, { status: 404 });
const UPGRADE = () =>
  Response.json(
    { message: 'Upgrade to GitHub Pro or make this repository public to enable this feature.' },
    { status: 403, headers: { 'x-accepted-github-permissions': 'actions=read' } },
  );
const NO_RIGHT = () =>
  Response.json(
    { message: 'Resource not accessible by personal access token' },
    { status: 403, headers: { 'x-accepted-github-permissions': 'actions=read' } },
  );
const PLAN = /private repository has them on the plans/;

let simulator: ReturnType<typeof createGithubSimulator>;
let context: ProviderContext;
/** What stands before GitHub, by the path behind the repository. */
let instead: (path: string) => Response | null;
let asked: string[];

beforeEach(() => {
  const world = memoryWorld();
  simulator = createGithubSimulator(world, { seed: 7, files });
  instead = () => null;
  asked = [];
  context = {
    connectionId: 'con_shown',
    origin: 'https://api.github.com',
    credential: { kind: 'token', token: new Secret('sandbox-token') },
    fetch: async (input, init) => {
      const request = new Request(input, init);
      const path = decodeURIComponent(new URL(request.url).pathname).slice(`/repos/${REPOSITORY}`.length);
      asked.push(path);
      return instead(path) ?? simulator.handle(request);
    },
    now: world.now,
  };
});

const hide = (answer: () => Response) => {
  instead = (path) => (path === '/environments' ? answer() : null);
};

describe('a repository whose environments GitHub does not show', () => {
  it.each([
    ['its plan has none', NOT_FOUND, PLAN],
    ['its plan has none, in so many words', UPGRADE, PLAN],
    ['the credential may not see them', NO_RIGHT, /cannot be read: .*lacks “actions=read”/],
  ])('has a form all the same, which says so, and its workflow is started: %s', async (_, answer, says) => {
    hide(answer);
    const form = await workflows.form(context, target, 'main');
    expect(form.fields.find(({ name }) => name === 'environment')).toMatchObject({
      ...{ type: 'environment', options: [], default: 'staging' },
    });
    expect(form.warnings.filter((each) => says.test(each))).toHaveLength(1);
    const revision = await source.resolve(context, target, 'main');
    const request = { marker: 'aether-shown-1', revision, inputs: { environment: 'production' } };
    expect(await deploy.trigger(context, target, request)).toMatchObject({ attempt: 1 });
    expect(simulator.truth().map(({ marker }) => marker)).toContain('aether-shown-1');
    const rules = await environments.read(context, target, 'main');
    expect(rules).toMatchObject({ environments: [], notice: expect.stringMatching(says), uses: [{ kind: 'input' }] });
  });

  it('keeps what its workflow names and where else that is found; what the plan has not is said of the one place', async () => {
    hide(NOT_FOUND);
    const found = await configuration.reads(context, target, 'staging');
    expect(found.problem).toBeNull();
    expect(found.named).toEqual([]);
    expect(found.places.map(({ scope, absent, notInPlan }) => [scope, absent, notInPlan !== undefined])).toEqual([
      ['environment', null, true],
      ['repository', null, false],
      ['organization', null, false],
    ]);
    expect(found.places[0]?.notInPlan).toMatch(PLAN);
    hide(NO_RIGHT);
    const may = await configuration.reads(context, target, 'staging');
    expect(
      may.places.map((each) => each.notInPlan),
      'what is in it may be shown',
    ).toEqual(Array(3).fill(undefined));
  });

  it('is told from one whose workflow is gone', async () => {
    hide(NOT_FOUND);
    const gone = await configuration.reads(context, { ...target, workflow: 'gone.yml' }, 'staging');
    expect(gone).toMatchObject({ named: null, problem: expect.stringContaining('gone.yml') });
    expect(gone.places[0]?.notInPlan).toMatch(PLAN);
  });
});

describe('a repository that GitHub does not show itself', () => {
  const hidden = { kind: 'notFound', code: 'no_repository', message: expect.stringContaining('shows no repository') };

  it('is what is said, and no plan', async () => {
    instead = NOT_FOUND;
    await expect(workflows.form(context, target, 'main')).rejects.toMatchObject(hidden);
    await expect(configuration.reads(context, target, 'staging')).rejects.toMatchObject(hidden);
  });

  it('is found out also where its file is known from before', async () => {
    const { sha } = await source.resolve(context, target, 'main');
    instead = (path) => (path === '' || path === '/environments' ? NOT_FOUND() : null);
    await expect(workflows.form(context, target, sha)).rejects.toMatchObject(hidden);
  });
});

it('a credential that is refused, and a vendor in trouble, are no plan', async () => {
  for (const [status, kind] of [
    [401, 'auth'],
    [500, 'unavailable'],
  ] as const) {
    hide(() => Response.json({ message: 'No.' }, { status }));
    await expect(workflows.form(context, target, 'main')).rejects.toMatchObject({ kind });
    await expect(configuration.reads(context, target, 'staging')).rejects.toMatchObject({ kind });
  }
});

it('costs no more where the environments are shown', async () => {
  await workflows.form(context, target, 'main');
  expect(asked).not.toContain('');
});
