import { beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '@/lib/kernel/secret';
import { repositoryFiles } from '@/lib/sandbox/repository-files';
import { memoryWorld } from '../conformance/harness';
import type { ProviderContext } from '../port';
import { provider } from './adapter';
import { useOf } from './environments';
import { createGithubSimulator } from './simulator';

const files = await repositoryFiles();
const target = { repository: 'aetherstack/aetherstack', workflow: 'backend-deploy.yml', defaultRef: 'main' };
const { environments, gates, deploy, status } = provider.methods;
const MARA = { type: 'User', id: 8_210_411 };
const TEAM = { type: 'Team', id: 9_230_011 };

let world: ReturnType<typeof memoryWorld>;
let simulator: ReturnType<typeof createGithubSimulator>;
let lost: (request: Request) => boolean;

beforeEach(() => {
  world = memoryWorld();
  simulator = createGithubSimulator(world, { seed: 7, files });
  lost = () => false;
});

function as(token: string, connectionId = `con_${token}`): ProviderContext {
  return {
    connectionId,
    origin: 'https://api.github.com',
    credential: { kind: 'token', token: new Secret(token) },
    async fetch(input, init) {
      const request = new Request(input, init);
      const answer = await simulator.handle(request.clone());
      if (lost(request)) throw new TypeError('fetch failed');
      return answer;
    },
    now: () => world.now(),
  };
}

async function protect(name: string, rules: object, patterns: { name: string; type?: string }[] = []) {
  const send = (method: string, path: string, body: object) =>
    as('sandbox-token').fetch(`https://api.github.com/repos/${target.repository}/environments/${path}`, {
      method,
      headers: { authorization: 'token sandbox-token' },
      body: JSON.stringify(body),
    });
  await send('PUT', name, rules);
  for (const pattern of patterns) await send('POST', `${name}/deployment-branch-policies`, pattern);
}

/** A run on staging that stands before its gate. */
async function standing() {
  const c = as('sandbox-token');
  const revision = await provider.methods.source.resolve(c, target, 'main');
  const ref = await deploy.trigger(c, target, { marker: 'aether-x-1', revision, inputs: { environment: 'staging' } });
  if (!ref) return expect.fail('it was accepted without a reference');
  world.advance(60_000);
  return ref;
}

describe('environments', () => {
  it('are read with everything that they ask for, and with how the workflow names them', async () => {
    const policy = { protected_branches: false, custom_branch_policies: true };
    await protect(
      'production',
      { wait_timer: 10, prevent_self_review: true, reviewers: [MARA, TEAM], deployment_branch_policy: policy },
      [{ name: 'main' }, { name: 'v*', type: 'tag' }],
    );
    const seen = await environments.read(as('sandbox-token'), target, 'main');
    expect(seen).toMatchObject({ notice: null, uses: [{ kind: 'input', input: 'environment', otherwise: 'staging' }] });
    expect(seen.environments.find(({ name }) => name === 'production')).toEqual({
      name: 'production',
      url: expect.stringMatching(/^https:/),
      reviewers: [
        { kind: 'person', name: 'mara-lindqvist' },
        { kind: 'team', name: 'Release managers' },
      ],
      preventSelfReview: true,
      waitMinutes: 10,
      refs: {
        kind: 'patterns',
        patterns: [
          { name: 'main', type: 'branch' },
          { name: 'v*', type: 'tag' },
        ],
      },
      apps: [],
      adminsBypass: true,
    });
    expect(seen.environments.find(({ name }) => name === 'staging')).toMatchObject({
      reviewers: [],
      refs: { kind: 'any' },
    });
  });

  it('take what the settings fix as said, and leave what only a run can say', async () => {
    const fixed = { ...target, inputs: { environment: 'staging' } };
    expect((await environments.read(as('sandbox-token'), fixed, 'main')).uses).toEqual([
      { kind: 'named', name: 'staging' },
    ]);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as a workflow file has it
    expect(useOf("${{ github.event.inputs.where || 'staging' }}")).toEqual({
      kind: 'input',
      input: 'where',
      otherwise: 'staging',
    });
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as a workflow file has it
    expect(useOf('${{ needs.plan.outputs.where }}')).toMatchObject({ kind: 'unclear' });
  });

  it('say by themselves whether nobody may approve what they started, in one request', async () => {
    await protect('production', { prevent_self_review: true, reviewers: [MARA] });
    await protect('staging', { prevent_self_review: false, reviewers: [MARA] });
    const c = as('sandbox-token');
    const asked: string[] = [];
    const counted: ProviderContext = {
      ...c,
      fetch: (input, init) => {
        asked.push(new URL(new Request(input, init).url).pathname);
        return c.fetch(input, init);
      },
    };
    expect(await environments.preventsSelfReview(counted, target, 'production')).toBe(true);
    expect(asked).toEqual([`/repos/${target.repository}/environments/production`]);
    expect(await environments.preventsSelfReview(counted, target, 'staging')).toBe(false);
    const gone = { kind: 'notFound', message: expect.stringContaining('no environment eu/gone') };
    await expect(environments.preventsSelfReview(counted, target, 'eu/gone')).rejects.toMatchObject(gone);
  });

  it('that the plan does not have are said, and are no failure', async () => {
    const c = as('sandbox-token');
    const hidden: ProviderContext = {
      ...c,
      fetch: (input, init) =>
        new URL(new Request(input, init).url).pathname.endsWith('/environments')
          ? Promise.resolve(Response.json({ message: 'Not Found' }, { status: 404 }))
          : c.fetch(input, init),
    };
    const seen = await environments.read(hidden, target, 'main');
    expect(seen.environments).toEqual([]);
    expect(seen.notice).toMatch(/private repository has them on the plans/);
  });
});

describe('a gate', () => {
  it('holds a run, names its reviewers, and says by whom it may be answered', async () => {
    await protect('staging', { reviewers: [MARA, TEAM], prevent_self_review: true });
    const ref = await standing();
    const seen = await status.observe(as('sandbox-token'), target, ref);
    expect(seen).toMatchObject({ phase: 'waiting', held: { gates: [{ environment: 'staging', mayAnswer: false }] } });
    expect(Date.parse(seen.held?.since ?? '')).toBeLessThanOrEqual(world.now());
    expect(seen.waitingFor).toBe('approval of “staging” at GitHub by mara-lindqvist, Release managers');
    expect(await gates.waiting(as('sandbox-token-yukihara'), target, ref)).toMatchObject([{ mayAnswer: true }]);
  });

  it('lets the run go on once a reviewer approves, and fails it when one rejects', async () => {
    await protect('staging', { reviewers: [TEAM] });
    for (const decision of ['approved', 'rejected'] as const) {
      const ref = await standing();
      const c = as('sandbox-token-inesroca');
      const gateIds = (await gates.waiting(c, target, ref)).map(({ id }) => id);
      await gates.answer(c, target, ref, { gateIds, decision, comment: 'Looked at it.' });
      expect(await gates.answers(c, target, ref)).toEqual([
        { environments: ['staging'], decision, by: 'inesroca', comment: 'Looked at it.' },
      ]);
      world.advance(120_000);
      expect((await status.observe(c, target, ref)).phase).toBe(decision === 'approved' ? 'done' : 'failed');
      await expect(gates.answer(c, target, ref, { gateIds, decision, comment: '' })).rejects.toMatchObject({
        kind: 'rejected',
        ambiguous: false,
      });
    }
  });

  it('that nobody answers for 30 days ends the run', async () => {
    await protect('staging', { reviewers: [TEAM] });
    const ref = await standing();
    world.advance(29 * 86_400_000);
    expect((await status.observe(as('sandbox-token'), target, ref)).phase).toBe('waiting');
    world.advance(86_400_000);
    expect((await status.observe(as('sandbox-token'), target, ref)).phase).toBe('failed');
  });

  it('sends an answer once, and says when nobody knows whether it arrived', async () => {
    await protect('staging', { reviewers: [TEAM] });
    const ref = await standing();
    const c = as('sandbox-token-yukihara');
    const gateIds = (await gates.waiting(c, target, ref)).map(({ id }) => id);
    let sent = 0;
    lost = ({ method }) => method === 'POST' && ++sent > 0;
    const answer = gates.answer(c, target, ref, { gateIds, decision: 'approved', comment: '' });
    await expect(answer).rejects.toMatchObject({ kind: 'unavailable', ambiguous: true });
    expect(sent).toBe(1);
    expect(await gates.answers(c, target, ref)).toHaveLength(1);
  });
});
