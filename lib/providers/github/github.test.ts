import { createHmac } from 'node:crypto';
import { Secret } from '@/lib/kernel/secret';
import { repositoryFiles } from '@/lib/sandbox/repository-files';
import { breaking, type Harness, memoryWorld } from '../conformance/harness';
import { checkedFetch, createSpecCheck } from '../conformance/spec-check';
import { conformance } from '../conformance/suite';
import { provider } from './adapter';
import { createGithubSimulator } from './simulator';

const files = await repositoryFiles();
const spec = createSpecCheck();
const HOOK = { url: 'https://console.example.com/api/webhooks/github', secret: 'hook-secret-of-the-test' };
const sign = (raw: Uint8Array, secret: string) => `sha256=${createHmac('sha256', secret).update(raw).digest('hex')}`;
const token = (text: string) => ({ kind: 'token', token: new Secret(text) }) as const;

async function harness(): Promise<Harness> {
  const world = memoryWorld();
  const simulator = createGithubSimulator(world, { seed: 7, files, webhook: HOOK });
  const violations: string[] = [];
  const checked = checkedFetch((input, init) => simulator.handle(new Request(input, init)), undefined, spec);
  const fetch = breaking(async (input, init) => {
    try {
      return await checked(input, init);
    } catch (error) {
      violations.push(String(error));
      throw error;
    }
  });
  const self: Harness = {
    world,
    fetch,
    target: { repository: 'aetherstack/aetherstack', workflow: 'backend-deploy.yml', defaultRef: 'main' },
    ref: 'main',
    inputs: { environment: 'staging' },
    credentials: {
      good: token('sandbox-token'),
      refused: token('ghp_expired0000000000000000'),
      weak: token('readonly-token'),
    },
    isMutation: (request) => request.method === 'POST' && !request.url.endsWith('/access_tokens'),
    markers: () => simulator.truth().flatMap((run) => (run.marker ? [run.marker] : [])),
    garbled: (inner) => async (input, init) => {
      const answer = await inner(input, init);
      const text = (await answer.text()).replace(
        /"status":"(queued|in_progress|completed|waiting|pending|requested)"/g,
        '"status":"teleporting"',
      );
      return new Response(text, { status: answer.status, headers: answer.headers });
    },
    delivery: async () => {
      const body = { ref: 'main', inputs: { environment: 'staging' } };
      const url =
        'https://api.github.com/repos/aetherstack/aetherstack/actions/workflows/backend-deploy.yml/dispatches';
      await fetch(url, {
        method: 'POST',
        headers: { authorization: 'token sandbox-token', accept: 'application/vnd.github+json' },
        body: JSON.stringify(body),
      });
      world.advance(2_000);
      const due = simulator
        .dueWebhooks()
        .find(
          (each) =>
            each.headers['x-github-event'] === 'workflow_run' || each.headers['X-GitHub-Event'] === 'workflow_run',
        );
      if (!due) throw new Error('The simulator sent no workflow_run delivery.');
      return { raw: new TextEncoder().encode(due.body), headers: new Headers(due.headers), secret: HOOK.secret, sign };
    },
    assertContract: () => {
      if (violations.length > 0) throw new Error(violations.join('\n'));
    },
  };
  return self;
}

conformance(provider, harness);
