import { expect, test } from 'vitest';
import { Secret } from '@/lib/kernel/secret';
import { repositoryFiles } from '@/lib/sandbox/repository-files';
import { memoryWorld } from '../conformance/harness';
import type { ProviderContext } from '../port';
import { provider } from './adapter';
import { createGithubSimulator } from './simulator';
import { endsAtPages } from './static-host';

const pages = (more: { step?: string; job?: string } = {}) => `
on: { workflow_dispatch: { inputs: { rendering: { type: choice, options: [ssr, ssg] }, sha: {}, aetherstack: {} } } }
jobs:
  deploy:
    ${more.job ?? 'timeout-minutes: 10'}
    steps:
      - ${more.step ?? 'id: pages'}
        uses: actions/deploy-pages@v4
`;

test.each([
  ['hands over whatever happens', pages(), true],
  ['hands over under a condition of the step', pages({ step: "if: inputs.rendering == 'ssg'" }), false],
  ['hands over under a condition of the job', pages({ job: "if: inputs.rendering == 'ssg'" }), false],
  ['only packs for Pages', pages().replace('deploy-pages', 'upload-pages-artifact'), false],
  ['has no jobs', 'on: push', false],
  ['has jobs that are none', 'jobs: [1, null]', false],
])('a workflow that %s', (_, text, answer) => expect(endsAtPages(text, 'deploy.yml')).toBe(answer));

test('a dashboard that goes to Pages is served as files, below the repository’s name', async () => {
  const world = memoryWorld();
  const simulator = createGithubSimulator(world, { seed: 7, files: await repositoryFiles() });
  const text = pages();
  const context: ProviderContext = {
    connectionId: 'con_1',
    origin: provider.manifest.defaultOrigin,
    credential: { kind: 'token', token: new Secret('sandbox-token') },
    now: world.now,
    fetch: async (input, init) => {
      const request = new Request(input, init);
      if (!decodeURIComponent(request.url).includes('.github/workflows/dashboard-deploy.yml'))
        return simulator.handle(request);
      const content = Buffer.from(text).toString('base64');
      return Response.json({
        type: 'file',
        size: text.length,
        encoding: 'base64',
        content,
        html_url: 'https://github.com/x',
      });
    },
  };
  const target = { repository: 'aetherstack/aetherstack', workflow: 'dashboard-deploy.yml', defaultRef: 'main' };
  expect(await provider.methods.rendering.read(context, target, 'main')).toMatchObject({
    obstacle: null,
    serves: { modes: ['ssg'], basePath: expect.stringMatching(/^(\/[\w.-]+)?$/) },
  });
});
