import { createHmac, generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Secret } from '@/lib/kernel/secret';
import { repositoryFiles } from '@/lib/sandbox/repository-files';
import { breaking, type Harness, memoryWorld, type WireOptions, wire } from '../conformance/harness';
import { checkedFetch, createSpecCheck } from '../conformance/spec-check';
import { conformance } from '../conformance/suite';
import type { Revision } from '../port';
import { provider } from './adapter';
import { createGithubSimulator } from './simulator';

const files = await repositoryFiles();
const spec = createSpecCheck();
const HOOK = { url: 'https://console.example.com/api/webhooks/github', secret: 'hook-secret-of-the-test' };
const sign = (raw: Uint8Array, secret: string) => `sha256=${createHmac('sha256', secret).update(raw).digest('hex')}`;
const token = (text: string) => ({ kind: 'token', token: new Secret(text) }) as const;

async function harness(): Promise<Harness & { lastInputs(): Record<string, string> | undefined }> {
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
  return {
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
    byOthers: async () => {
      const url =
        'https://api.github.com/repos/aetherstack/aetherstack/actions/workflows/backend-deploy.yml/dispatches';
      await fetch(url, {
        method: 'POST',
        headers: { authorization: 'token sandbox-token', accept: 'application/vnd.github+json' },
        body: JSON.stringify({ ref: 'main', inputs: { environment: 'staging' } }),
      });
    },
    lastInputs: () => simulator.truth().at(-1)?.inputs,
    assertContract: () => {
      if (violations.length > 0) throw new Error(violations.join('\n'));
    },
  };
}

conformance(provider, harness);

describe('what is peculiar to GitHub', () => {
  const MARKER = 'aether-dep_01-1';
  let own: Awaited<ReturnType<typeof harness>>;
  const via = (more: WireOptions = {}) => wire(provider.manifest, own, more);
  const { source, deploy, workflows } = provider.methods;

  beforeEach(async () => {
    own = await harness();
  });
  afterEach(() => {
    vi.useRealTimers();
    own.assertContract?.();
  });

  async function revisions(): Promise<{ head: Revision; older: Revision }> {
    const { context } = via();
    const head = await source.resolve(context, own.target, 'main');
    const commits = await source.commits(context, own.target, 'main', 1);
    return { head, older: { ...head, sha: commits[2]?.sha ?? '' } };
  }

  it('deploys an older commit through the sha input, and passes marker and commit on', async () => {
    const { older } = await revisions();
    const { context } = via();
    expect(await source.resolve(context, own.target, `main@${older.sha}`)).toEqual(older);
    expect(await source.resolve(context, own.target, older.sha)).toEqual(older);
    const ref = await deploy.trigger(context, own.target, { marker: MARKER, revision: older, inputs: own.inputs });
    expect(ref).toMatchObject({ attempt: 1, url: expect.stringContaining('/actions/runs/') });
    expect(own.lastInputs()).toMatchObject({ sha: older.sha, aetherstack: MARKER, environment: 'staging' });
  });

  it('refuses to start when the branch has moved and the workflow cannot be told a commit', async () => {
    const { head, older } = await revisions();
    const target = { ...own.target, workflow: 'no-sha.yml' };
    const line = via({ fetch: withFile('no-sha.yml', 'on: {workflow_dispatch: {inputs: {aetherstack: {}}}}') });
    const moved = deploy.trigger(line.context, target, { marker: MARKER, revision: older, inputs: {} });
    await expect(moved).rejects.toMatchObject({ kind: 'rejected', code: 'ref_changed', ambiguous: false });
    await expect(source.resolve(line.context, target, `main@${older.sha}`)).rejects.toMatchObject({
      code: 'sha_not_head',
    });
    expect(line.mutations()).toBe(0);
    expect(head.sha).not.toBe(older.sha);
  });

  it('never shows a re-run that GitHub does not list as one that started', async () => {
    const { head } = await revisions();
    const { context } = via();
    const ref = await deploy.trigger(context, own.target, { marker: MARKER, revision: head, inputs: own.inputs });
    const second = { id: ref?.id ?? '', attempt: 2, url: '' };
    const seen = await provider.methods.status.observe(context, own.target, second);
    expect(seen).toMatchObject({ ref: { id: ref?.id, attempt: 1 }, phase: 'queued', steps: [] });
  });

  it('finds the run by its marker when GitHub accepts without naming it (204)', async () => {
    const { head } = await revisions();
    const line = via({ fetch: dispatching(async (request) => own.fetch(await withoutFlag(request))) });
    const since = own.world.now();
    expect(
      await deploy.trigger(line.context, own.target, { marker: MARKER, revision: head, inputs: own.inputs }),
    ).toBeNull();
    expect(await deploy.findByMarker(line.context, own.target, MARKER, since)).toMatchObject({ attempt: 1 });
    expect(line.mutations()).toBe(1);
  });

  it('sends again without the flag only where an old server refused the flag itself', async () => {
    const { head } = await revisions();
    const old = via({
      fetch: dispatching(async (request) => {
        const body: Record<string, unknown> = await request.clone().json();
        return 'return_run_details' in body
          ? refusal(400, 'Invalid request.\n\n"return_run_details" is not a permitted key.')
          : own.fetch(request);
      }),
    });
    await deploy.trigger(old.context, own.target, { marker: MARKER, revision: head, inputs: own.inputs });
    expect(own.markers()).toEqual([MARKER]);
    const other = via({ fetch: dispatching(async () => refusal(422, 'Unexpected inputs provided: ["x"]')) });
    const again = deploy.trigger(other.context, own.target, {
      marker: 'aether-2-1',
      revision: head,
      inputs: own.inputs,
    });
    await expect(again).rejects.toMatchObject({ code: 'unexpected_inputs' });
    expect(other.mutations()).toBe(1);
  });

  it('works as a GitHub App: one token for many calls, renewed before its hour is over', async () => {
    const { privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    });
    const credential = {
      kind: 'app',
      appId: '402117',
      installationId: '61330208',
      privateKey: new Secret(privateKey),
    } as const;
    const line = via({ credential });
    const minted = () => line.sent.filter((each) => each.url.endsWith('/access_tokens')).length;
    expect(await provider.verifyCredential(line.context)).toMatchObject({
      ok: true,
      problems: [],
      scopes: expect.arrayContaining(['actions:write']),
    });
    await Promise.all([source.repositories(line.context), source.commits(line.context, own.target, 'main', 1)]);
    const head = await source.resolve(line.context, own.target, 'main');
    expect(minted()).toBe(1);
    own.world.advance(3_590_000);
    vi.useFakeTimers({ toFake: ['Date'], now: own.world.now() });
    await deploy.trigger(line.context, own.target, { marker: MARKER, revision: head, inputs: own.inputs });
    expect(minted()).toBe(2);
    const wrong = via({ credential: { ...credential, privateKey: new Secret('-----BEGIN RSA PRIVATE KEY-----') } });
    await expect(provider.verifyCredential(wrong.context)).rejects.toMatchObject({
      kind: 'auth',
      code: 'bad_private_key',
    });
  });

  it.each([
    ['an unknown repository', { repository: 'aetherstack/nothing' }, 'main', 'notFound', 'no_repository'],
    ['a workflow that is not there', { workflow: 'nothing.yml' }, 'main', 'notFound', 'no_file'],
    ['a workflow deleted on the branch', {}, 'no-workflow', 'notFound', 'no_file'],
    ['a workflow that cannot be started by hand', { workflow: 'lint.yml' }, 'main', 'rejected', 'no_dispatch_trigger'],
    ['26 inputs', {}, 'too-many-inputs', 'rejected', 'too_many_inputs'],
    ['an unknown branch', {}, 'nothing', 'notFound', 'no_ref'],
    ['a path for a repository', { repository: '../../user' }, 'main', 'rejected', 'bad_target'],
    ['a path for a workflow', { workflow: '../secrets.yml' }, 'main', 'rejected', 'bad_target'],
  ])('says clearly what is wrong with %s', async (_, change, ref, kind, code) => {
    const target = { ...own.target, ...change };
    await expect(workflows.form(via().context, target, ref)).rejects.toMatchObject({
      kind,
      code,
      message: expect.stringMatching(/\. \S.*\.$/),
    });
  });

  it.each([
    ['too much text', { image_tag: 'x'.repeat(65_536) }, 'inputs_too_large', 0],
    ['an unknown input', { nope: 'x' }, 'unexpected_inputs', 1],
    ['a value that is no option', { strategy: 'yolo' }, 'value_not_allowed', 1],
  ])('refuses %s, and nothing has run', async (_, inputs, code, mutations) => {
    const { head } = await revisions();
    const line = via();
    const refused = deploy.trigger(line.context, own.target, {
      marker: MARKER,
      revision: head,
      inputs: { ...own.inputs, ...inputs },
    });
    await expect(refused).rejects.toMatchObject({ kind: 'rejected', code, ambiguous: false });
    expect([line.mutations(), own.markers()]).toEqual([mutations, []]);
  });

  it('reads the form with the environments of the repository', async () => {
    const form = await workflows.form(via().context, own.target, 'main');
    expect(form.fields.find((field) => field.type === 'environment')?.options).toContain('production');
    expect(form.reserved).toEqual({ marker: 'aetherstack', sha: 'sha' });
    expect((await workflows.list(via().context, 'aetherstack/aetherstack')).map((each) => each.path)).toContain(
      'backend-deploy.yml',
    );
  });

  it('asks for what has not changed at no cost', async () => {
    const line = via();
    const costs: number[] = [];
    const counted = wire(provider.manifest, own, {
      fetch: async (input, init) => {
        const answer = await own.fetch(input, init);
        costs.push(answer.status === 304 ? 0 : 1);
        return answer;
      },
    });
    const first = await source.commits(counted.context, own.target, 'main', 1);
    const paid = costs.splice(0).reduce((sum, cost) => sum + cost, 0);
    expect(await source.commits(counted.context, own.target, 'main', 1)).toEqual(first);
    expect(paid).toBeGreaterThan(15);
    expect(costs.reduce((sum, cost) => sum + cost, 0)).toBe(0);
    expect(line.sent).toEqual([]);
  });

  function dispatching(answer: (request: Request) => Promise<Response>): typeof globalThis.fetch {
    return async (input, init) => {
      const request = new Request(input, init);
      return request.url.endsWith('/dispatches') ? answer(request) : own.fetch(request);
    };
  }

  function withFile(name: string, text: string): typeof globalThis.fetch {
    return async (input, init) => {
      const request = new Request(input, init);
      if (!decodeURIComponent(request.url).includes(`.github/workflows/${name}`)) return own.fetch(request);
      return Response.json({
        type: 'file',
        size: text.length,
        encoding: 'base64',
        content: Buffer.from(text).toString('base64'),
        html_url: 'https://github.com/x',
      });
    };
  }
});

async function withoutFlag(request: Request): Promise<Request> {
  const { return_run_details: _, ...body } = await request.json();
  return new Request(request.url, { method: 'POST', headers: request.headers, body: JSON.stringify(body) });
}

function refusal(status: number, message: string): Response {
  return Response.json({ message, documentation_url: 'https://docs.github.com/rest' }, { status });
}
