// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are the vendor's expressions and must stay text.
import { beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '@/lib/kernel/secret';
import { repositoryFiles } from '@/lib/sandbox/repository-files';
import { memoryWorld } from '../conformance/harness';
import { checkedFetch, createSpecCheck } from '../conformance/spec-check';
import type { ProviderContext, SettingKind } from '../port';
import { provider } from './adapter';
import { settingsNamedIn } from './settings-named';
import { createGithubSimulator } from './simulator';
import { digestOf } from './simulator/settings';

const files = await repositoryFiles();
const spec = createSpecCheck();
const REPOSITORY = 'aetherstack/aetherstack';
const HERE = `repository:${REPOSITORY}`;
const STAGING = `environment:${REPOSITORY}:staging`;
const backend = { repository: REPOSITORY, workflow: 'backend-deploy.yml', defaultRef: 'main' };
const { reads, list, write, remove } = provider.methods.configuration;

let world: ReturnType<typeof memoryWorld>;
let context: ProviderContext;
let as: (token: string, inner?: typeof globalThis.fetch) => ProviderContext;
let sent: string[];

beforeEach(() => {
  world = memoryWorld();
  const simulator = createGithubSimulator(world, { seed: 7, files });
  sent = [];
  const checked = checkedFetch((input, init) => simulator.handle(new Request(input, init)), undefined, spec);
  as = (token, inner = checked) => ({
    connectionId: 'con_1',
    origin: 'https://api.github.com',
    credential: { kind: 'token', token: new Secret(token) },
    fetch: (input, init) => {
      const request = new Request(input, init);
      sent.push(`${request.method} ${new URL(request.url).pathname.split('/').slice(4).join('/')}`);
      return inner(request);
    },
    now: () => world.now(),
  });
  context = as('sandbox-token');
});

const setting = (kind: SettingKind, name: string, value: string) => ({ kind, name, value: new Secret(value) });
const names = async (place: string) => (await list(context, place)).map(({ kind, name }) => `${kind} ${name}`);

describe('where a target’s runs find their settings', () => {
  it('is its environment, the repository and the organisation, with what the workflow names', async () => {
    const found = await reads(context, { ...backend, inputs: { environment: 'production' } }, 'elsewhere');
    expect(found.places.map(({ id, absent }) => [id, absent])).toEqual([
      [`environment:${REPOSITORY}:production`, null],
      [HERE, null],
      [`organization:${REPOSITORY}`, null],
    ]);
    expect(found).toMatchObject({ named: [], problem: null });
    const dashboard = await reads(context, { ...backend, workflow: 'dashboard-deploy.yml' }, 'staging');
    expect(dashboard.named).toEqual([{ kind: 'variable', name: 'DISTRIBUTION' }]);
    expect(dashboard.places[0]?.id).toBe(STAGING);
    const extension = await reads(context, { ...backend, workflow: 'extension-publish.yml' }, 'staging');
    expect(extension.places[0]?.id, 'a job that names its environment itself').toContain(':marketplace');
    const names = ['OVSX_PAT', 'VSCE_PAT'];
    expect(extension.named).toEqual(names.map((name) => ({ kind: 'secret', name })));
  });

  it('says so when the environment is not there, and when the workflow cannot be read', async () => {
    const preview = await reads(context, backend, 'preview');
    expect(preview.places[0]).toMatchObject({ scope: 'environment', absent: expect.stringContaining('“preview”') });
    const gone = await reads(context, { ...backend, workflow: 'gone.yml' }, 'Staging');
    expect(gone).toMatchObject({ named: null, problem: expect.stringContaining('gone.yml') });
    expect(gone.places[0]?.id, 'capitals are one with small letters').toBe(STAGING);
  });

  it('is what called files say too, with what they are given, in whatever repository; and says which is not shown', async () => {
    const FOLDER = '.github/workflows';
    const own = [
      'on: workflow_dispatch',
      'jobs:',
      `  one: { uses: ./${FOLDER}/put.yml, with: { where: staging }, secrets: { token: "\${{ secrets.OURS }}" } }`,
      `  two: { uses: ${REPOSITORY}/${FOLDER}/put.yml@main, with: { where: "\${{ inputs.environment }}" }, secrets: inherit }`,
    ].join('\n');
    const put = [
      'on: { workflow_call: { inputs: { where: { type: string } }, secrets: { token: {} } } }',
      'jobs: { put: { environment: "${{ inputs.where }}", steps: [{ run: "${{ secrets.token }} ${{ vars.LEVEL }}" }] } }',
      '# ${{ secrets.OF_THE_ENVIRONMENT }}',
    ].join('\n');
    const texts: Record<string, string> = { 'own.yml': own, 'put.yml': put };
    const over: typeof globalThis.fetch = async (input, init) => {
      const name = /contents\/.*?(\w+\.yml)$/.exec(
        decodeURIComponent(new URL(new Request(input, init).url).pathname),
      )?.[1];
      if (!name) return context.fetch(input, init);
      const text = texts[name];
      if (text === undefined) return Response.json({ message: 'Not Found' }, { status: 404 });
      const content = Buffer.from(text).toString('base64');
      return Response.json({
        type: 'file',
        encoding: 'base64',
        size: text.length,
        content,
        sha: 'a'.repeat(40),
        html_url: null,
      });
    };
    const tapped = as('sandbox-token', over);
    const about = { ...backend, workflow: 'own.yml', inputs: { environment: 'production' } };
    const found = await reads(tapped, about, 'production');
    expect(found.complete).toBe(true);
    expect(found.places.map(({ environment }) => environment)).toEqual(['staging', 'production', null, null]);
    expect(found.named?.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      ...['variable LEVEL', 'secret OF_THE_ENVIRONMENT', 'secret OURS', 'secret TOKEN'],
    ]);
    texts['own.yml'] = `${own}\n  three: { uses: acme/ci/${FOLDER}/theirs.yml@v1 }\n`;
    expect(await reads(tapped, about, 'production')).toMatchObject({
      ...{ complete: false, named: null },
      problem: expect.stringContaining(
        'acme/ci/.github/workflows/theirs.yml@v1 (this connection is shown no such file)',
      ),
    });
    texts['put.yml'] = `jobs: { again: { uses: ./${FOLDER}/put.yml } }`;
    texts['own.yml'] = own;
    expect((await reads(tapped, about, 'production')).problem, 'a circle comes to an end').toContain('too many');
  });

  it('leaves out what GitHub makes itself, and what only looks like a mention', () => {
    const text = [
      "a: ${{ secrets.ONE || secrets['two'] }} secrets.NOT_IN_AN_EXPRESSION",
      'b: ${{ secrets.GITHUB_TOKEN }} ${{ vars.Three }} ${{ env.secrets_x }}',
      "    if: vars.FOUR == 'yes'",
    ].join('\n');
    expect(settingsNamedIn(text).map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'variable FOUR',
      'secret ONE',
      'variable THREE',
      'secret TWO',
    ]);
  });
});

describe('what is kept', () => {
  it('is listed by name and age, a secret without its value, over all pages', async () => {
    for (let at = 0; at < 31; at++) {
      const data = { repo: REPOSITORY, shelf: 'staging', kind: 'variable', name: `MANY_${at}`, value: `v${at}` };
      await world.record({ at: world.now(), kind: 'setting.kept', data });
    }
    const all = await list(context, STAGING);
    expect(all.filter(({ kind }) => kind === 'variable')).toHaveLength(33);
    const database = all.find(({ name }) => name === 'DATABASE_URL');
    expect(database).toMatchObject({ kind: 'secret', value: null, updatedAt: expect.stringMatching(/^\d{4}-.*Z$/) });
    expect(all.find(({ name }) => name === 'MANY_30')?.value?.reveal()).toBe('v30');
    expect(await names(`organization:${REPOSITORY}`)).toEqual(['secret ORG_NPM_TOKEN']);
  });

  it('is sealed for GitHub’s key: its holder finds in the box what was written, and nothing else carries it', async () => {
    const value = 'correct horse – battery ✓';
    const bodies: string[] = [];
    const tapped: typeof globalThis.fetch = async (input, init) => {
      const request = new Request(input, init);
      bodies.push(await request.clone().text());
      return inner(request);
    };
    const inner = context.fetch;
    const tap = as('sandbox-token', tapped);
    expect(await write(tap, HERE, setting('secret', 'API_KEY', value))).toBe('created');
    world.advance(60_000);
    expect(await write(tap, HERE, setting('secret', 'API_KEY', `${value}2`))).toBe('replaced');
    const kept = world.facts().filter(({ kind }) => kind === 'setting.kept');
    expect(kept.map(({ data }) => data.value)).toEqual([digestOf(value), digestOf(`${value}2`)]);
    expect(JSON.stringify([bodies, world.facts()])).not.toContain('battery');
    const entry = (await list(context, HERE)).find(({ name }) => name === 'API_KEY');
    expect(Date.parse(entry?.updatedAt ?? '') - Date.parse(entry?.createdAt ?? '')).toBeGreaterThanOrEqual(59_000);
  });

  it('is refused when it was not sealed for this key', async () => {
    const request = (body: object) =>
      context.fetch(`https://api.github.com/repos/${REPOSITORY}/actions/secrets/API_KEY`, {
        method: 'PUT',
        headers: { authorization: 'token sandbox-token', accept: 'application/vnd.github+json' },
        body: JSON.stringify(body),
      });
    const url = `https://api.github.com/repos/${REPOSITORY}/actions/secrets/public-key`;
    const key = (await (await context.fetch(url, { headers: { authorization: 'token sandbox-token' } })).json()) as {
      key_id: string;
    };
    const plain = Buffer.from('not sealed at all, and long enough for a box of some kind').toString('base64');
    expect((await request({ encrypted_value: plain, key_id: key.key_id })).status).toBe(422);
    expect((await request({ encrypted_value: plain, key_id: '1' })).status).toBe(422);
    expect(await names(HERE)).not.toContain('secret API_KEY');
  });

  it('a variable is replaced where it is, made where it is not, and replaced when somebody made it in between', async () => {
    expect(await write(context, STAGING, setting('variable', 'LOG_LEVEL', 'info'))).toBe('replaced');
    expect(await write(context, STAGING, setting('variable', 'NEW_ONE', '1'))).toBe('created');
    const inner = context.fetch;
    const theirs = { ...context, connectionId: 'con_2' };
    const racing: typeof globalThis.fetch = async (input, init) => {
      const request = new Request(input, init);
      const answer = await inner(request);
      if (request.method === 'PATCH' && answer.status === 404)
        await write(theirs, STAGING, setting('variable', 'RACED', 'theirs'));
      return answer;
    };
    sent.length = 0;
    expect(await write(as('sandbox-token', racing), STAGING, setting('variable', 'RACED', 'ours'))).toBe('replaced');
    const raced = (await list(context, STAGING)).find(({ name }) => name === 'RACED');
    expect(raced?.value?.reveal()).toBe('ours');
    expect(sent).toContain('POST environments/staging/variables');
  });

  it('goes away once, and is gone the second time', async () => {
    expect(await remove(context, HERE, { kind: 'secret', name: 'OVSX_PAT' })).toBe('removed');
    expect(await remove(context, HERE, { kind: 'secret', name: 'OVSX_PAT' })).toBe('absent');
    expect(await remove(context, STAGING, { kind: 'variable', name: 'LOG_LEVEL' })).toBe('removed');
    expect(await names(STAGING)).not.toContain('variable LOG_LEVEL');
  });
});

describe('what cannot be done', () => {
  it('is told by its reason: no such environment, no permission, an organisation’s own', async () => {
    const gone = `environment:${REPOSITORY}:gone/away?x`;
    await expect(list(context, gone)).rejects.toMatchObject({ kind: 'notFound', code: 'no_environment' });
    expect(sent.at(-1)).toContain('environments/gone%2Faway%3Fx/');
    await expect(write(context, gone, setting('variable', 'X', '1'))).rejects.toMatchObject({ code: 'no_environment' });
    await expect(write(as('readonly-token'), HERE, setting('secret', 'X', '1'))).rejects.toMatchObject({
      code: 'missing_permission',
    });
    const organization = `organization:${REPOSITORY}`;
    await expect(write(context, organization, setting('secret', 'X', '1'))).rejects.toMatchObject({
      code: 'read_only_place',
    });
  });

  it.each([
    '',
    'repository:',
    'repository:a/b:c',
    'environment:a/b',
    'environment:a/b:..',
    'vault:a/b',
    'repository:a/..',
  ])('the place %j is refused before anything is sent', async (place) => {
    await expect(list(context, place)).rejects.toMatchObject({ kind: 'rejected' });
    expect(sent).toEqual([]);
  });

  it('a write whose answer was lost says that it may have happened', async () => {
    const inner = context.fetch;
    const failing: typeof globalThis.fetch = async (input, init) => {
      const request = new Request(input, init);
      const answer = await inner(request);
      return request.method === 'PUT' ? new Response('{}', { status: 502 }) : answer;
    };
    const lost = write(as('sandbox-token', failing), HERE, setting('secret', 'API_KEY', 'x'));
    await expect(lost).rejects.toMatchObject({ kind: 'unavailable', ambiguous: true });
    expect(sent.filter((each) => each.startsWith('PUT'))).toHaveLength(2);
    expect(await names(HERE)).toContain('secret API_KEY');
  });
});
