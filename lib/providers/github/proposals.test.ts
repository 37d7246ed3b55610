import { beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '@/lib/kernel/secret';
import { repositoryFiles } from '@/lib/sandbox/repository-files';
import { memoryWorld } from '../conformance/harness';
import type { ProviderContext, WantedProposal } from '../port';
import { provider } from './adapter';
import { createGithubSimulator } from './simulator';

const files = await repositoryFiles();
const REPOSITORY = 'aetherstack/aetherstack';
const { read, propose } = provider.methods.proposals;

let context: ProviderContext;
let as: (token: string) => ProviderContext;
let simulator: ReturnType<typeof createGithubSimulator>;
let sent: string[];

beforeEach(() => {
  const world = memoryWorld();
  simulator = createGithubSimulator(world, { seed: 7, files });
  sent = [];
  const fetch: typeof globalThis.fetch = (input, init) => {
    const { method, url } = new Request(input, init);
    if (method !== 'GET')
      sent.push(`${method} ${decodeURIComponent(new URL(url).pathname.split('/').slice(4).join('/'))}`);
    return simulator.handle(new Request(input, init));
  };
  as = (token) => ({
    connectionId: 'con_1',
    origin: 'https://api.github.com',
    credential: { kind: 'token', token: new Secret(token) },
    fetch,
    now: () => world.now(),
  });
  context = as('sandbox-token');
});

async function wanted(change: Partial<WantedProposal> = {}): Promise<WantedProposal> {
  const { files: _, ...from } = await read(context, REPOSITORY, 'setup-backend', []);
  const made = [
    { path: 'new/file.yml', text: 'a: 1\n' },
    { path: 'README.md', text: 'Hello\n' },
  ];
  return { name: 'setup-backend', from, files: made, title: 'Set up', body: 'What it is.', ...change };
}

describe('a proposal', () => {
  it('begins with what the default branch has', async () => {
    const state = await read(context, REPOSITORY, 'setup-backend', ['README.md', 'nope.yml', 'backend/Dockerfile']);
    expect(state).toMatchObject({ base: 'main', open: null, at: expect.stringMatching(/^[0-9a-f]{40}$/) });
    expect(state.files).toEqual({
      'README.md': files.get('README.md'),
      'nope.yml': null,
      'backend/Dockerfile': files.get('backend/Dockerfile'),
    });
  });

  it('is one commit on a branch of its own, and leaves the default branch alone', async () => {
    const opened = await propose(context, REPOSITORY, await wanted());
    expect(opened).toMatchObject({ branch: 'aetherstack/setup-backend', url: expect.stringContaining('/pull/') });
    expect(sent).toEqual(['POST git/trees', 'POST git/commits', 'POST git/refs', 'POST pulls']);
    const state = await read(context, REPOSITORY, 'setup-backend', ['new/file.yml', 'README.md', 'backend/Dockerfile']);
    expect(state).toMatchObject({ base: 'main', open: opened });
    expect(state.files).toMatchObject({
      'new/file.yml': 'a: 1\n',
      'README.md': 'Hello\n',
      'backend/Dockerfile': expect.any(String),
    });
    const other = await read(context, REPOSITORY, 'setup-docs', ['new/file.yml']);
    expect(other).toMatchObject({ open: null, files: { 'new/file.yml': null } });
  });

  it('gets one more commit when it is still open', async () => {
    const opened = await propose(context, REPOSITORY, await wanted());
    sent.length = 0;
    const again = await propose(context, REPOSITORY, await wanted({ files: [{ path: 'b.yml', text: 'b: 2\n' }] }));
    expect(again).toEqual(opened);
    expect(sent.slice(2)).toEqual([
      'PATCH git/refs/heads/aetherstack/setup-backend',
      expect.stringMatching(/^PATCH pulls\/\d+$/),
    ]);
    const { files: now } = await read(context, REPOSITORY, 'setup-backend', ['new/file.yml', 'b.yml']);
    expect(now).toEqual({ 'new/file.yml': 'a: 1\n', 'b.yml': 'b: 2\n' });
  });

  it('does not touch a branch that somebody has added to since it was read', async () => {
    await propose(context, REPOSITORY, await wanted());
    const stale = await wanted({ files: [{ path: 'mine.yml', text: 'x\n' }] });
    await simulator.push({ branch: 'aetherstack/setup-backend', files: { 'theirs.yml': 'y\n' } });
    await expect(propose(context, REPOSITORY, stale)).rejects.toMatchObject({ code: 'proposal_moved' });
    const { files: now } = await read(context, REPOSITORY, 'setup-backend', ['mine.yml', 'theirs.yml']);
    expect(now).toEqual({ 'mine.yml': null, 'theirs.yml': 'y\n' });
  });

  it('takes another branch when one of the name was left behind', async () => {
    const { id } = await propose(context, REPOSITORY, await wanted());
    const close = { method: 'PATCH', body: '{"state":"closed"}', headers: { authorization: 'token sandbox-token' } };
    await context.fetch(`https://api.github.com/repos/${REPOSITORY}/pulls/${id}`, close);
    expect(await propose(context, REPOSITORY, await wanted())).toMatchObject({ branch: 'aetherstack/setup-backend.2' });
    expect(await read(context, REPOSITORY, 'setup-backend', [])).toMatchObject({
      open: { branch: 'aetherstack/setup-backend.2' },
    });
  });

  it('of another component is left alone, even when its name begins alike and ends in a number', async () => {
    await propose(context, REPOSITORY, await wanted({ name: 'setup-backend-2' }));
    expect(await read(context, REPOSITORY, 'setup-backend', [])).toMatchObject({ open: null });
  });

  it.each([
    ['was not opened from here', { base: 'main', body: 'Mine.' }],
    ['is for another component', { base: 'main', body: '<!-- aetherstack: setup-docs -->' }],
    ['leads to another branch', { base: 'develop', body: '<!-- aetherstack: setup-backend -->' }],
  ])('is not taken over when it %s', async (_, made) => {
    await simulator.push({ branch: 'develop', files: { 'd.yml': 'd\n' } });
    await simulator.push({ branch: 'aetherstack/setup-backend', files: { 'theirs.yml': 'y\n' } });
    const body = JSON.stringify({ ...made, title: 'Theirs', head: 'aetherstack/setup-backend' });
    const post = { method: 'POST', body, headers: { authorization: 'token sandbox-token' } };
    expect((await context.fetch(`https://api.github.com/repos/${REPOSITORY}/pulls`, post)).status).toBe(201);
    expect(await read(context, REPOSITORY, 'setup-backend', ['theirs.yml'])).toMatchObject({
      open: null,
      files: { 'theirs.yml': null },
    });
    expect(await propose(context, REPOSITORY, await wanted())).toMatchObject({ branch: 'aetherstack/setup-backend.2' });
  });

  it('is found again however the repository is written', async () => {
    const opened = await propose(context, REPOSITORY, await wanted());
    expect(await read(context, 'AetherStack/AetherStack', 'setup-backend', [])).toMatchObject({ open: opened });
  });

  it('tells everything that its branch changes, and what its base has there', async () => {
    await propose(context, REPOSITORY, await wanted());
    await simulator.push({ branch: 'aetherstack/setup-backend', files: { 'theirs.yml': 'y\n' } });
    const { files: _, ...from } = await read(context, REPOSITORY, 'setup-backend', []);
    const changes = await provider.methods.proposals.changes(context, REPOSITORY, from, ['README.md', 'new/file.yml']);
    expect(changes.changed.toSorted()).toEqual(['README.md', 'new/file.yml', 'theirs.yml']);
    expect(changes.before).toEqual({ 'README.md': files.get('README.md'), 'new/file.yml': null });
  });

  it('is refused to a credential that may only read, before anything is there', async () => {
    const attempt = propose(as('readonly-token'), REPOSITORY, await wanted());
    await expect(attempt).rejects.toMatchObject({ kind: 'auth', code: 'missing_permission' });
    expect(await read(context, REPOSITORY, 'setup-backend', [])).toMatchObject({ open: null });
  });

  it('says so when a folder stands where a file belongs, or there is no such repository', async () => {
    await expect(read(context, REPOSITORY, 'x', ['backend'])).rejects.toMatchObject({ code: 'is_folder' });
    await expect(read(context, 'aetherstack/nope', 'x', [])).rejects.toMatchObject({ code: 'no_repository' });
  });
});
