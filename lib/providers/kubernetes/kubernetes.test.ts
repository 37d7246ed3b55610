import { readFileSync } from 'node:fs';
import path from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '@/lib/kernel/secret';
import { breaking, type Harness, memoryWorld, type WireOptions, wire } from '../conformance/harness';
import { OpenApi } from '../conformance/openapi';
import { checkedFetch, createSpecCheck } from '../conformance/spec-check';
import { conformance } from '../conformance/suite';
import { HiddenValue, ProviderError } from '../port';
import { provider } from './adapter';
import { manifest } from './manifest';
import { CLUSTER_TOKEN, createKubernetesSimulator, type KubernetesSimulator, READING_TOKEN } from './simulator';
import { PATCHED } from './simulator/state';

const API = manifest.defaultOrigin;
const file = path.join(import.meta.dirname, 'fixtures/openapi.json');
const spec = createSpecCheck(new OpenApi(JSON.parse(readFileSync(file, 'utf8'))), {
  // The description declares 401 only: https://kubernetes.io/docs/reference/using-api/api-concepts/
  generalStatuses: [400, 401, 403, 404, 409, 415, 422, 429, 500, 502, 503],
  extraMedia: {},
  extraStatuses: {},
  freeParameters: [],
  defects: {},
  isProblem: (body) => (body as { kind?: unknown } | null)?.kind === 'Status',
});
const token = (text: string) => ({ kind: 'token', token: new Secret(text) }) as const;
const TARGET = {
  ...{ namespace: 'production', deployment: 'backend' },
  ...{ configMapName: 'backend-settings', secretName: 'backend-secrets' },
};

interface Own extends Harness {
  simulator: KubernetesSimulator;
}

async function harness(): Promise<Own> {
  const world = memoryWorld(Date.parse('2026-11-01T12:00:00Z'));
  const simulator = createKubernetesSimulator(world, { seed: 7 });
  const violations: string[] = [];
  const checked = checkedFetch((input, init) => simulator.handle(new Request(input, init)), API, spec);
  return {
    ...{ world, simulator, target: TARGET },
    fetch: breaking(async (input, init) => {
      try {
        return await checked(input, init);
      } catch (error) {
        violations.push(String(error));
        throw error;
      }
    }),
    ...{ ref: '', inputs: {} },
    credentials: { good: token(CLUSTER_TOKEN), refused: token('ended-cluster-token'), weak: token(READING_TOKEN) },
    isMutation: (request) => request.method === 'PATCH',
    markers: () => [],
    garbled: (inner) => inner,
    assertContract: () => expect(violations.join('\n')).toBe(''),
  };
}

conformance(provider, harness);

describe('what is peculiar to a cluster', () => {
  let own: Own;
  const { configuration } = provider.methods;
  const via = (more: WireOptions = {}) => wire(provider.manifest, own, more);
  const reads = (target: Record<string, unknown> = TARGET, more: WireOptions = {}) =>
    configuration.reads(via(more).context, target, 'production');
  const refusal = (work: Promise<unknown>): Promise<ProviderError> =>
    work.then(
      () => expect.fail('this should have been refused'),
      (error: unknown) => (error instanceof ProviderError ? error : expect.fail(String(error))),
    );
  /** The answer to one path, as somebody else has left it. */
  const having = (end: string, change: (body: Record<string, unknown>) => unknown): WireOptions => ({
    fetch: async (input, init) => {
      const request = new Request(input, init);
      const answer = await own.fetch(request.clone());
      if (request.method !== 'GET' || !new URL(request.url).pathname.endsWith(end)) return answer;
      return Response.json(change((await answer.json()) as Record<string, unknown>));
    },
  });
  const withContainers = (...containers: Record<string, unknown>[]) =>
    having('/deployments/backend', (body) => {
      const spec = body.spec as Record<string, unknown>;
      return { ...body, spec: { ...spec, template: { spec: { containers } } } };
    });
  const CONFIG = 'configmap:production/backend-settings';
  const SECRET = 'secret:production/backend-secrets';
  const variable = (name: string, value: string) =>
    ({ kind: 'variable', name, value: new HiddenValue(value) }) as const;

  beforeEach(async () => {
    own = await harness();
  });
  afterEach(() => own.assertContract?.());

  it('names what the container says itself, then its sources, the later in the list nearer, and who writes where', async () => {
    const { places, readsAll } = await reads();
    expect(places.map(({ id, scope, environment, absent }) => [id, scope, environment, absent])).toEqual([
      ['container:production/backend/app', 'container', 'production', null],
      [CONFIG, 'config-map', 'production', null],
      [SECRET, 'secret', 'production', null],
    ]);
    expect(readsAll).toBe(true);
    const shown = await reads({ namespace: 'production', deployment: 'backend' });
    expect(shown.places.map(({ scope }) => scope)).toEqual(['container', 'other', 'other']);
    const [, theirs] = shown.places;
    expect(theirs?.identity, 'one store is one place').toBe(places[1]?.identity);
  });

  it('lists what a container says by its own names, and says what it asks for and does not find', async () => {
    const { named } = await reads();
    expect(named).toEqual([{ kind: 'secret', name: 'DB_PASSWORD' }]);
    const place = 'container:production/backend/app';
    const entries = await configuration.list(via().context, place);
    expect(entries.map(({ kind, name, value }) => [kind, name, value?.reveal() ?? null])).toEqual([
      ['variable', 'PORT', '8000'],
      ['secret', 'DB_PASSWORD', null],
    ]);
    expect(entries[1]?.updatedAt).toMatch(/^2026-07/);
    const without = having('/secrets/backend-db', (body) => ({ ...body, data: {} }));
    expect((await configuration.list(via(without).context, place)).map(({ name }) => name)).toEqual(['PORT']);
  });

  it('lets no value of a Secret out of the adapter, whoever asks for what', async () => {
    const line = via();
    const seen: unknown[] = [await configuration.reads(line.context, TARGET, 'production')];
    for (const id of ['container:production/backend/app', CONFIG, SECRET]) {
      const entries = await configuration.list(line.context, id);
      // A boxed value hides from whoever looks at it whole.
      seen.push(
        entries,
        entries.map(({ value }) => value?.reveal()),
      );
    }
    const shown = inspect(seen, { depth: 9, showHidden: true });
    for (const text of ['sandbox-cluster-api-token-production', 'sandbox-cluster-password-production']) {
      expect(shown).not.toContain(text);
      expect(shown).not.toContain(Buffer.from(text).toString('base64'));
    }
    expect(shown).toContain('API_TOKEN');
  });

  it('says since when the oldest running pod has what it began with, and how it is started anew', async () => {
    const before = await reads();
    expect(before.running?.since).toMatch(/^2026-07-04/);
    await own.simulator.restart('production');
    const after = await reads();
    expect(after.running).toEqual({
      since: '2026-11-01T12:00:00.000Z',
      renew: 'Start it anew: kubectl rollout restart deployment/backend -n production.',
    });
    const made = (creationTimestamp: string, more = {}) => ({ metadata: { creationTimestamp, ...more } });
    const pods = (items: unknown[], metadata = {}) =>
      reads(
        TARGET,
        having('/pods', (body) => ({ ...body, metadata, items })),
      );
    const going = made('2026-10-01T00:00:00Z', { deletionTimestamp: '2026-11-01T00:00:00Z' });
    expect((await pods([going, made('2026-10-02T00:00:00Z')])).running?.since, 'one is on its way out').toBe(
      '2026-10-02T00:00:00.000Z',
    );
    expect((await pods([])).running?.since, 'nothing runs').toBeNull();
    expect((await pods([going], { continue: 'more' })).running?.since, 'too many to look through').toBeNull();
  });

  it('goes on where the account may not list pods: then nobody can say what is live', async () => {
    const fetch: typeof globalThis.fetch = async (input, init) => {
      const request = new Request(input, init);
      if (!request.url.includes('/pods?')) return own.fetch(request);
      return Response.json({ kind: 'Status', reason: 'Forbidden' }, { status: 403 });
    };
    expect(await reads(TARGET, { fetch })).toMatchObject({ running: { since: null }, problem: null });
  });

  it('dates each key by who owns it, so that one that is written makes no other look changed', async () => {
    own.world.advance(60_000);
    await configuration.write(via().context, CONFIG, variable('LOG_LEVEL', 'info'));
    own.world.advance(60_000);
    await configuration.write(via().context, CONFIG, variable('FEATURES', 'none'));
    const at = Object.fromEntries(
      (await configuration.list(via().context, CONFIG)).map(({ name, updatedAt }) => [name, updatedAt?.slice(0, 19)]),
    );
    expect(at).toMatchObject({ LOG_LEVEL: '2026-11-01T12:01:00', FEATURES: '2026-11-01T12:02:00' });
    expect(at.REGION).toMatch(/^2026-07/);
  });

  it('touches one key by a request, fails when the object was changed meanwhile, and writes secrets as base64', async () => {
    const line = via();
    await configuration.write(line.context, SECRET, {
      kind: 'secret',
      name: 'NEW',
      value: new Secret('grün 🔑 value'),
    });
    expect(line.mutations()).toBe(1);
    const [sent] = own.world.facts().filter(({ kind }) => kind === PATCHED);
    expect(sent?.data).toMatchObject({ set: { NEW: 'grün 🔑 value' }, manager: 'aetherstack:NEW', operation: 'Apply' });
    const racing: typeof globalThis.fetch = async (input, init) => {
      const request = new Request(input, init);
      if (request.method === 'PATCH') await own.simulator.edit('production', { OTHER: 'theirs' });
      return own.fetch(request);
    };
    const lost = await refusal(
      configuration.write(via({ fetch: racing }).context, CONFIG, variable('LOG_LEVEL', 'ours')),
    );
    expect(lost).toMatchObject({ kind: 'rejected', code: 'changed_meanwhile', ambiguous: false });
    const now = await configuration.list(via().context, CONFIG);
    expect(now.find(({ name }) => name === 'LOG_LEVEL')?.value?.reveal()).toBe('warning');
  });

  it.each([
    ['an immutable ConfigMap', 'immutable', (body: object) => ({ ...body, immutable: true })],
    ['what is kept as bytes', 'binary', (body: object) => ({ ...body, binaryData: { LOG_LEVEL: 'AAA=' }, data: {} })],
  ])('refuses %s before anything is sent', async (_, code, change) => {
    const line = via(having('/configmaps/backend-settings', change));
    expect(await refusal(configuration.write(line.context, CONFIG, variable('LOG_LEVEL', 'x')))).toMatchObject({
      code,
    });
    expect(line.mutations()).toBe(0);
  });

  it('reads several containers only when one is named, and says which there are', async () => {
    const two = withContainers({ name: 'app' }, { name: 'proxy', env: [{ name: 'A', value: 'b' }] });
    expect((await refusal(reads(TARGET, two))).message).toContain('(app, proxy)');
    expect((await refusal(reads({ ...TARGET, container: 'web' }, two))).message).toContain('it has app, proxy');
    const { places } = await reads({ ...TARGET, container: 'proxy' }, two);
    expect(places[0]?.id).toBe('container:production/backend/proxy');
    expect(places.slice(1).map(({ absent }) => absent)).toEqual([
      expect.stringContaining('envFrom: [{ configMapRef: { name: backend-settings } }]'),
      expect.stringContaining('envFrom: [{ secretRef: { name: backend-secrets } }]'),
    ]);
  });

  it('shows what is read under a prefix by the name that the process sees, and writes no such thing', async () => {
    const prefixed = withContainers({
      name: 'app',
      envFrom: [{ prefix: 'APP_', configMapRef: { name: 'backend-settings' } }],
    });
    const { places } = await reads(TARGET, prefixed);
    const read = places.find(({ scope }) => scope === 'other');
    const names = (await configuration.list(via(prefixed).context, read?.id ?? '')).map(({ name }) => name);
    expect(names).toContain('APP_LOG_LEVEL');
    const refused = await refusal(configuration.write(via().context, read?.id ?? '', variable('APP_LOG_LEVEL', 'x')));
    expect(refused).toMatchObject({ code: 'read_only_place' });
    expect(places.find(({ id }) => id === CONFIG)?.absent, 'unprefixed it is not read').not.toBeNull();
  });

  it('says of what is not there how it is made, and of what the Role lacks what it needs', async () => {
    const gone = await refusal(configuration.list(via().context, 'configmap:production/elsewhere'));
    expect(gone.message).toContain('kubectl create configmap elsewhere -n production');
    const weak = via({ credential: token(READING_TOKEN) });
    const lacks = await refusal(configuration.write(weak.context, CONFIG, variable('LOG_LEVEL', 'x')));
    expect(lacks.message).toContain('“patch” on configmaps, resource name backend-settings');
  });

  it('knows from the token itself whose it is and when it ends', async () => {
    const body = {
      sub: 'system:serviceaccount:production:aetherstack',
      exp: 1_793_620_800,
      'kubernetes.io': { namespace: 'production' },
    };
    const jwt = `${CLUSTER_TOKEN}.${Buffer.from(JSON.stringify(body)).toString('base64url')}.c2ln`;
    const report = await provider.verifyCredential(via({ credential: token(jwt) }).context);
    expect(report).toMatchObject({
      account: 'production:aetherstack (Kubernetes v1.34.1)',
      expiresAt: '2026-11-02T12:00:00.000Z',
    });
    expect(report.scopes).toContain('patch secrets backend-secrets');
    expect(report.notes).toBeUndefined();
  });
});
