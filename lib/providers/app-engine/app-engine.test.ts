import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keyFileOf, type TokenHost, tokenHost } from '@/lib/http/testing/service-account-tokens';
import { Secret } from '@/lib/kernel/secret';
import { fromDiscovery } from '../conformance/discovery';
import { breaking, type Harness, memoryWorld, type WireOptions, wire } from '../conformance/harness';
import { OpenApi } from '../conformance/openapi';
import { checkedFetch, createSpecCheck } from '../conformance/spec-check';
import { conformance } from '../conformance/suite';
import { type Credential, HiddenValue, ProviderError } from '../port';
import { provider } from './adapter';
import { createAppEngineSimulator, DEPLOYED } from './simulator';

const API = 'https://appengine.googleapis.com';
const file = path.join(import.meta.dirname, 'fixtures/discovery.json');
const spec = createSpecCheck(new OpenApi(fromDiscovery(JSON.parse(readFileSync(file, 'utf8')))), {
  // https://cloud.google.com/apis/design/errors
  generalStatuses: [400, 401, 403, 404, 429, 500, 502, 503],
  extraMedia: {},
  extraStatuses: {},
  freeParameters: [],
  defects: {},
  isProblem: (body) => typeof (body as { error?: { status?: unknown } } | null)?.error?.status === 'string',
});
const VIEWER = 'console@acme-prod.iam.gserviceaccount.com';
const key = (email: string, known = true): Credential => ({
  ...{ kind: 'basic', username: '_json_key', tokenOrigin: null },
  password: new Secret(keyFileOf(email, { known })),
});

interface Own extends Harness {
  tokens: TokenHost;
}

async function harness(): Promise<Own> {
  const world = memoryWorld();
  const tokens = tokenHost(world.now);
  const simulator = createAppEngineSimulator(world, { accountOf: tokens.accountOf, viewers: [VIEWER] });
  const violations: string[] = [];
  const checked = checkedFetch(
    async (input, init) => {
      const request = new Request(input, init);
      const { host } = new URL(request.url);
      return host === 'oauth2.googleapis.com' ? tokens.handle(request) : simulator.handle(request);
    },
    API,
    spec,
  );
  return {
    ...{ world, tokens },
    fetch: breaking(async (input, init) => {
      try {
        return await checked(input, init);
      } catch (error) {
        violations.push(String(error));
        throw error;
      }
    }),
    target: { project: 'acme-prod', service: 'default' },
    ...{ ref: '', inputs: {} },
    credentials: { good: key(VIEWER), refused: key(VIEWER, false), weak: key('nobody@acme.iam.gserviceaccount.com') },
    isMutation: (request) => request.method !== 'GET' && !request.url.startsWith('https://oauth2.'),
    markers: () => [],
    garbled: (inner) => inner,
    assertContract: () => expect(violations.join('\n')).toBe(''),
  };
}

conformance(provider, harness);

describe('what is peculiar to App Engine', () => {
  let own: Own;
  const { configuration } = provider.methods;
  const via = (more: WireOptions = {}) => wire(provider.manifest, own, more);
  const PLACE = 'acme-prod/default';
  const refusal = (work: Promise<unknown>): Promise<ProviderError> =>
    work.then(
      () => expect.fail('this should have been refused'),
      (error: unknown) => (error instanceof ProviderError ? error : expect.fail(String(error))),
    );
  const answering = (part: string, body: (answer: Record<string, unknown>) => unknown, status = 200) =>
    via({
      fetch: async (input, init) => {
        const request = new Request(input, init);
        const { pathname } = new URL(request.url);
        const answer = await own.fetch(request);
        if (!pathname.endsWith(part)) return answer;
        return Response.json(body((await answer.json()) as Record<string, unknown>), { status });
      },
    });
  const deployed = (id: string, share: number, envVariables: Record<string, string>) =>
    own.world.record({ at: own.world.now(), kind: DEPLOYED, data: { id, share, envVariables } });
  const shown = async () =>
    (await configuration.list(via().context, PLACE)).map(({ name, value }) => [name, value?.reveal()]);

  beforeEach(async () => {
    own = await harness();
  });
  afterEach(() => own.assertContract?.());

  it('shows what the version has that serves, each with the age of its value', async () => {
    const days = (count: number) => new Date(own.world.now() - count * 86_400_000).toISOString();
    const entries = await configuration.list(via().context, PLACE);
    expect(entries.map(({ kind, name, updatedAt }) => [kind, name, updatedAt])).toEqual([
      ['variable', 'LOG_LEVEL', days(40)],
      ['variable', 'REGION', days(3)],
    ]);
    expect(JSON.stringify(entries)).not.toContain('info');
  });

  it('follows the requests: a version without any is not shown, and of several the one with most', async () => {
    await deployed('v3', 0, { LOG_LEVEL: 'debug' });
    expect(await shown()).toContainEqual(['LOG_LEVEL', 'info']);
    await deployed('v4', 0.4, { LOG_LEVEL: 'warning' });
    expect(await shown()).toContainEqual(['LOG_LEVEL', 'info']);
    await deployed('v5', 0.6, { LOG_LEVEL: 'error' });
    expect(await shown()).toEqual([['LOG_LEVEL', 'error']]);
  });

  it('guesses no age where not all versions were read', async () => {
    const page = answering('/versions', (list) => ({ ...list, nextPageToken: 'more' }));
    const entries = await configuration.list(page.context, PLACE);
    expect(entries.map(({ name, updatedAt }) => [name, updatedAt])).toEqual([
      ['LOG_LEVEL', null],
      ['REGION', null],
    ]);
    const none = answering('/versions', () => ({ nextPageToken: 'more' }));
    expect(await configuration.list(none.context, PLACE)).toHaveLength(2);
  });

  it('says that nothing serves, and asks for nothing more', async () => {
    const empty = answering('/services/default', (service) => ({ ...service, split: {} }));
    const { places } = await configuration.reads(empty.context, own.target, 'production');
    expect(places[0]?.absent).toMatch(/Deploy one first\.$/);
    expect(await configuration.list(empty.context, PLACE)).toEqual([]);
  });

  it('says that variables are written in app.yaml, and sends nothing', async () => {
    const line = via();
    const setting = { kind: 'variable', name: 'LOG_LEVEL', value: new HiddenValue('debug') } as const;
    const refused = await refusal(configuration.write(line.context, PLACE, setting));
    expect(refused).toMatchObject({ kind: 'rejected', code: 'read_only_place' });
    expect(refused.message).toContain('app.yaml');
    expect(await refusal(configuration.remove(line.context, PLACE, setting))).toMatchObject({ kind: 'rejected' });
    expect(line.sent).toEqual([]);
  });

  it('asks for a token that can only read', async () => {
    await configuration.list(via().context, PLACE);
    const [token = ''] = own.tokens.made;
    expect(own.tokens.accountOf(token)?.scope).toMatch(/\.read-only$/);
  });

  it.each([
    ['https://appengine.acme.dev', 'key_elsewhere'],
    ['https://run.googleapis.com', 'key_elsewhere'],
  ])('makes no token for %s', async (origin, code) => {
    const line = via();
    expect(await refusal(provider.verifyCredential({ ...line.context, origin }))).toMatchObject({ code });
    expect(line.sent).toEqual([]);
  });

  it('says which role is missing, and that the API is off', async () => {
    const weak = via({ credential: own.credentials.weak });
    expect((await provider.verifyCredential(weak.context)).problems.join()).toContain('roles/appengine.appViewer');
    expect(await refusal(configuration.list(weak.context, PLACE))).toMatchObject({ code: 'missing_permission' });
    const details = [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'SERVICE_DISABLED' }];
    const off = answering(
      '/apps/acme-prod',
      () => ({ error: { code: 403, message: 'x', status: 'PERMISSION_DENIED', details } }),
      403,
    );
    expect((await provider.verifyCredential(off.context)).problems.join()).toContain('gcloud services enable');
  });
});
