import { expect, test } from 'vitest';
import { Secret } from '@/lib/kernel/secret';
import { repositoryFiles } from '@/lib/sandbox/repository-files';
import { memoryWorld } from '../conformance/harness';
import type { ProviderContext } from '../port';
import { provider } from './adapter';
import { endsAtPages } from './pages-workflow';
import { createGithubSimulator } from './simulator';

const pages = (more: { step?: string; job?: string } = {}) => `
on: { workflow_dispatch: { inputs: { rendering: { type: choice, options: [ssr, ssg] }, sha: {}, aetherstack: {} } } }
jobs:
  deploy:
    ${more.job ?? 'timeout-minutes: 10'}
    steps:
      - ${more.step ?? 'id: pages'}
        uses: actions/deploy-pages@v4
`;

const twice = () => pages().replace('steps:', `steps:\n      - { if: inputs.preview, uses: actions/deploy-pages@v4 }`);

test.each([
  ['hands over whatever happens', pages(), true],
  ['hands over under a condition of the step', pages({ step: "if: inputs.rendering == 'ssg'" }), false],
  ['hands over under a condition of the job', pages({ job: "if: inputs.rendering == 'ssg'" }), false],
  ['only packs for Pages', pages().replace('deploy-pages', 'upload-pages-artifact'), false],
  ['hands over under a condition first, and then whatever happens', twice(), true],
  ['has a job beside it that may go elsewhere', `${pages()}  dashboard: { steps: [{ run: ship }] }\n`, false],
  [
    'builds in a job before it',
    `${pages({ job: 'needs: [build]' })}  build: { needs: look, steps: [] }\n  look: { steps: [] }\n`,
    true,
  ],
  ['has no jobs', 'on: push', false],
  ['has jobs that are none', 'jobs: [1, null]', false],
])('a workflow that %s', (_, text, answer) => expect(endsAtPages(text, 'deploy.yml')).toBe(answer));

const target = { repository: 'aetherstack/aetherstack', workflow: 'dashboard-deploy.yml', defaultRef: 'main' };
const { rendering, domains, live, deploy, source } = provider.methods;

/** GitHub with this text as the target's workflow; Pages says `states` about a commit where it is there, else what it has. */
async function pagesWorld(text: string, states = new Map<string, string | null>()) {
  const world = memoryWorld();
  const simulator = createGithubSimulator(world, { seed: 7, files: await repositoryFiles() });
  const context: ProviderContext = {
    connectionId: 'con_1',
    origin: provider.manifest.defaultOrigin,
    credential: { kind: 'token', token: new Secret('sandbox-token') },
    now: world.now,
    fetch: async (input, init) => {
      const request = new Request(input, init);
      const asked = /pages\/deployments\/(\w+)/.exec(request.url)?.[1] ?? '';
      if (states.has(asked)) {
        const status = states.get(asked);
        return status ? Response.json({ status }) : new Response('{"message":"Not Found"}', { status: 404 });
      }
      if (!decodeURIComponent(request.url).includes('.github/workflows/dashboard-deploy.yml'))
        return simulator.handle(request);
      const content = Buffer.from(text).toString('base64');
      const file = { type: 'file', size: text.length, encoding: 'base64', content, html_url: 'https://github.com/x' };
      return Response.json(file);
    },
  };
  const start = async (marker: string) => {
    const revision = await source.resolve(context, target, 'main');
    const ref = await deploy.trigger(context, target, { marker, revision, inputs: {} });
    world.advance(600_000);
    return { ref, sha: revision.sha };
  };
  return { context, start };
}

test('a mode that the target’s settings fix is read as fixed; fixed to nothing, it is none', async () => {
  const { context } = await pagesWorld(pages({ step: 'if: inputs.preview' }).replace('ssg] }', 'ssg], default: ssr }'));
  const read = (inputs: Record<string, string>) => rendering.read(context, { ...target, inputs }, 'main');
  const fixed = { isFixed: true, obstacle: null };
  expect(await read({ rendering: 'ssg' })).toMatchObject({ ...fixed, mode: 'ssg' });
  expect(await read({ Rendering: '' })).toMatchObject({ ...fixed, mode: null });
  const open = await read({});
  expect(open).toMatchObject({ mode: 'ssr', obstacle: null });
  expect(open).not.toHaveProperty('isFixed');
});

test('a dashboard that goes to Pages is served as files, below the repository’s name', async () => {
  const { context } = await pagesWorld(pages());
  expect(await rendering.read(context, target, 'main')).toMatchObject({
    obstacle: null,
    serves: { modes: ['ssg'], basePath: expect.stringMatching(/^(\/[\w.-]+)?$/) },
  });
});

test('one that does not ask how to build is SSG, and says so instead of asking for an input', async () => {
  const { context } = await pagesWorld(pages().replace(/rendering: \{[^}]*\},/, ''));
  expect(await rendering.read(context, target, 'main')).toMatchObject({
    mode: 'ssg',
    obstacle: { code: 'files_only', sentence: expect.stringContaining('nothing to switch here') },
  });
});

test('its address leads to the run that Pages itself calls live', async () => {
  const states = new Map<string, string | null>();
  const { context, start } = await pagesWorld(pages(), states);
  const { sha } = await start('aether-pages-1');
  const read = async () => (await live.read(context, target))?.marker ?? null;
  for (const status of ['deployment_in_progress', 'deployment_lost', 'deployment_cancelled', 'what is new']) {
    states.set(sha, status);
    expect(await read(), status).toBeNull();
  }
  states.set(sha, 'succeed');
  expect(await read()).toBe('aether-pages-1');
  const [address, ...more] = (await domains.read(context, target)) ?? [];
  expect(more).toEqual([]);
  expect(address).toMatchObject({ name: expect.stringMatching(/^[\w.-]+(\/[\w.-]+)?$/), marker: 'aether-pages-1' });
  states.set(sha, null);
  expect(await read(), 'what Pages does not tell, the run tells').toBe('aether-pages-1');
});

test('a workflow that hands nothing to Pages has no address there', async () => {
  const { context } = await pagesWorld(pages({ job: "if: inputs.rendering == 'ssg'" }));
  expect(await domains.read(context, target)).toBeNull();
});
