import { expect, it } from 'vitest';
import { Secret } from '@/lib/kernel/secret';
import { repositoryFiles } from '@/lib/sandbox/repository-files';
import { memoryWorld } from '../conformance/harness';
import { provider } from './adapter';
import { createGithubSimulator } from './simulator';

const REPOSITORY = 'aetherstack/aetherstack';
const { subject } = provider.methods.proposals;
const simulator = createGithubSimulator(memoryWorld(), { seed: 7, files: await repositoryFiles() });

const context = (fetch: typeof globalThis.fetch) => ({
  connectionId: 'con_1',
  origin: 'https://api.github.com',
  credential: { kind: 'token', token: new Secret('sandbox-token') } as const,
  fetch,
  now: () => 0,
});
const answering = (status: number, body: unknown) => context(async () => Response.json(body, { status }));

it('how the subject of a run begins is what GitHub says, ids and all', async () => {
  const found = await subject(
    context((input, init) => simulator.handle(new Request(input, init))),
    REPOSITORY,
  );
  expect(found).toMatch(/^repo:aetherstack@\d+\/aetherstack@\d+$/);
});

it('nothing is said where a template of its own makes it, or where it may not be read', async () => {
  const own = { use_default: false, include_claim_keys: ['repo', 'context'], sub_claim_prefix: 'repo:a/b' };
  expect(await subject(answering(200, own), REPOSITORY)).toBeNull();
  expect(await subject(answering(200, { use_default: true }), REPOSITORY)).toBeNull();
  expect(await subject(answering(404, { message: 'Not Found' }), REPOSITORY)).toBeNull();
  expect(await subject(answering(403, { message: 'Resource not accessible by integration' }), REPOSITORY)).toBeNull();
});
