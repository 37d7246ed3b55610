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
import { type CloudRunSimulator, createCloudRunSimulator, PATCHED } from './simulator';

const API = 'https://run.googleapis.com';
const file = path.join(import.meta.dirname, 'fixtures/discovery.json');
const spec = createSpecCheck(new OpenApi(fromDiscovery(JSON.parse(readFileSync(file, 'utf8')))), {
  // https://cloud.google.com/apis/design/errors
  generalStatuses: [400, 401, 403, 404, 409, 429, 500, 502, 503],
  extraMedia: {},
  extraStatuses: {},
  freeParameters: [],
  defects: {},
  isProblem: (body) => typeof (body as { error?: { status?: unknown } } | null)?.error?.status === 'string',
});
const DEVELOPER = 'deployer@acme-prod.iam.gserviceaccount.com';
const key = (email: string, known = true): Credential => ({
  ...{ kind: 'basic', username: '_json_key', tokenOrigin: null },
  password: new Secret(keyFileOf(email, { known })),
});

interface Own extends Harness {
  simulator: CloudRunSimulator;
  tokens: TokenHost;
}

async function harness(): Promise<Own> {
  const world = memoryWorld();
  const tokens = tokenHost(world.now);
  const accountOf = tokens.accountOf;
  const simulator = createCloudRunSimulator(world, { seed: 7, accountOf, developers: [DEVELOPER] });
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
    ...{ world, simulator, tokens },
    fetch: breaking(async (input, init) => {
      try {
        return await checked(input, init);
      } catch (error) {
        violations.push(String(error));
        throw error;
      }
    }),
    target: { project: 'acme-prod', region: 'europe-west3', service: 'backend' },
    ...{ ref: '', inputs: {} },
    credentials: {
      good: key(DEVELOPER),
      refused: key(DEVELOPER, false),
      weak: key('reader@acme-prod.iam.gserviceaccount.com'),
    },
    isMutation: (request) => request.method === 'PATCH',
    markers: () => [],
    garbled: (inner) => inner,
    assertContract: () => expect(violations.join('\n')).toBe(''),
  };
}

conformance(provider, harness);

describe('what is peculiar to Cloud Run', () => {
  let own: Own;
  const { configuration } = provider.methods;
  const via = (more: WireOptions = {}) => wire(provider.manifest, own, more);
  const PLACE = 'acme-prod/europe-west3/backend/backend-1';
  const variable = (name: string, value: string) =>
    ({ kind: 'variable', name, value: new HiddenValue(value) }) as const;
  const refusal = (work: Promise<unknown>): Promise<ProviderError> =>
    work.then(
      () => expect.fail('this should have been refused'),
      (error: unknown) => (error instanceof ProviderError ? error : expect.fail(String(error))),
    );
  /** The service, as somebody else has left it. */
  const having = (change: (service: Record<string, unknown>) => Record<string, unknown>, path = '/services/backend') =>
    via({
      fetch: async (input, init) => {
        const request = new Request(input, init);
        const answer = await own.fetch(request.clone());
        if (request.method !== 'GET' || !new URL(request.url).pathname.endsWith(path)) return answer;
        return Response.json(change((await answer.json()) as Record<string, unknown>));
      },
    });
  const sent = () => own.world.facts().filter(({ kind }) => kind === PATCHED);
  const containersSent = () => (sent().at(-1)?.data.containers ?? []) as Record<string, unknown>[];

  beforeEach(async () => {
    own = await harness();
  });
  afterEach(() => own.assertContract?.());

  it('names one place for the container that takes the requests, for whoever writes it how', async () => {
    const { places } = await configuration.reads(via().context, own.target, 'production');
    expect(places).toEqual([expect.objectContaining({ id: PLACE, label: 'backend (europe-west3)', absent: null })]);
    const named = await configuration.reads(via().context, { ...own.target, container: 'backend-1' }, 'production');
    expect(named.places[0]?.identity).toBe(places[0]?.identity);
    const wrong = configuration.reads(via().context, { ...own.target, container: 'proxy' }, 'production');
    expect(await refusal(wrong)).toMatchObject({ code: 'no_container', message: expect.stringContaining('backend-1') });
  });

  it('tells variables with their age, and secrets by name alone', async () => {
    const began = own.world.now();
    const days = (count: number) => new Date(began - count * 86_400_000).toISOString();
    const entries = await configuration.list(via().context, PLACE);
    expect(entries.map(({ kind, name, updatedAt }) => [kind, name, updatedAt])).toEqual([
      ['variable', 'LOG_LEVEL', days(40)],
      ['secret', 'DATABASE_URL', null],
      ['variable', 'REGION', days(3)],
    ]);
    expect(entries.map(({ value }) => value?.reveal() ?? null)).toEqual(['info', null, '']);
    expect(JSON.stringify(entries)).not.toContain('info');
  });

  it('does not guess an age where older revisions were not read', async () => {
    const page = having((list) => ({ ...list, nextPageToken: 'more' }), '/revisions');
    const entries = await configuration.list(page.context, PLACE);
    expect(entries.find(({ name }) => name === 'LOG_LEVEL')?.updatedAt).toBeNull();
    expect(entries.find(({ name }) => name === 'REGION')?.updatedAt).not.toBeNull();
  });

  it('shows what serves, not what is on its way', async () => {
    own.world.set({ outcome: 'failure' });
    const failed = await refusal(configuration.write(via().context, PLACE, variable('LOG_LEVEL', 'debug')));
    expect(failed).toMatchObject({ kind: 'rejected', code: 'revision_failed', ambiguous: false });
    expect(failed.message).toMatch(/template holds the change.*--update-env-vars=LOG_LEVEL=/);
    const shown = async () =>
      (await configuration.list(via().context, PLACE)).find(({ name }) => name === 'LOG_LEVEL')?.value?.reveal();
    expect(await shown()).toBe('info');
    own.world.set({ outcome: 'success' });
    // What did not start would go live with the next change, whoever makes it.
    const next = await refusal(configuration.write(via().context, PLACE, variable('REGION', 'eu')));
    expect(next).toMatchObject({ kind: 'rejected', code: 'not_settled', ambiguous: false });
    expect(next.message).toMatch(/Nothing was changed.*backend-00003-abc.*does not serve/);
    expect(sent()).toHaveLength(1);
    const { problem, places } = await configuration.reads(via().context, own.target, 'production');
    expect([problem, places[0]?.notNow]).toEqual([expect.stringContaining('Shown is what serves'), problem]);
    await deployed(own.simulator.revisions()[1]?.containers ?? []);
    expect(await configuration.write(via().context, PLACE, variable('LOG_LEVEL', 'warning'))).toBe('replaced');
    expect(await shown()).toBe('warning');
    expect((await configuration.reads(via().context, own.target, 'production')).problem).toBeNull();
  });

  const deployed = async (containers: unknown) => {
    await own.world.record({ at: own.world.now(), kind: PATCHED, data: { containers, fails: false, pace: 1 } });
    own.world.advance(60_000);
  };

  it('shows the revision that most requests go to', async () => {
    const split = [
      { type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION', revision: 'backend-00001-abc', percent: 90 },
      { type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST', percent: 10 },
    ];
    const line = having((service) => ({ ...service, traffic: split, trafficStatuses: split }));
    const names = (await configuration.list(line.context, PLACE)).map(({ name }) => name);
    expect(names).toEqual(['LOG_LEVEL', 'DATABASE_URL']);
    const refused = await refusal(configuration.write(line.context, PLACE, variable('LOG_LEVEL', 'debug')));
    expect(refused).toMatchObject({ code: 'traffic_pinned', message: expect.stringContaining('--to-latest') });
    expect(sent()).toEqual([]);
    const [place] = (await configuration.reads(line.context, own.target, 'production')).places;
    expect(refused.message).toBe(`Nothing was changed. ${place?.notNow}`);
  });

  it('sends everything else back as it was', async () => {
    const [before] = own.simulator.revisions();
    await configuration.write(via().context, PLACE, variable('REGION', 'eu'));
    const [{ env, ...rest } = {}] = containersSent();
    const { env: old, ...others } = before?.containers[0] ?? {};
    expect(rest).toEqual(others);
    expect(env).toEqual([...(old as object[]).slice(0, 2), { name: 'REGION', value: 'eu' }]);
  });

  it('writes nothing over what somebody else changed meanwhile', async () => {
    const late = having((service) => ({ ...service, etag: '"C1"' }));
    const refused = await refusal(configuration.write(late.context, PLACE, variable('REGION', 'eu')));
    expect(refused).toMatchObject({ kind: 'rejected', code: 'changed_meanwhile', ambiguous: false });
    expect(sent()).toEqual([]);
  });

  it('lets a tag bring no other code along', async () => {
    const tagged = (service: Record<string, unknown>, image: string) => {
      const { containers, ...rest } = service.template as { containers: object[] };
      return { ...service, template: { ...rest, containers: containers.map((each) => ({ ...each, image })) } };
    };
    const image = 'europe-west3-docker.pkg.dev/acme-prod/images/backend';
    const same = having((service) => tagged(service, `${image}:latest`));
    await configuration.write(same.context, PLACE, variable('REGION', 'eu'));
    expect(containersSent()[0]?.image).toMatch(/backend:1\.4\.0@sha256:(a1){32}$/);
    const other = having((service) => tagged(service, 'docker.io/acme/other:latest'));
    const refused = await refusal(configuration.write(other.context, PLACE, variable('REGION', 'eu')));
    expect(refused).toMatchObject({ kind: 'rejected', code: 'image_by_tag' });
    expect(sent()).toHaveLength(1);
  });

  it('says where a secret is written, takes its reference out, and makes none of either kind the other', async () => {
    const secret = { kind: 'secret', name: 'DATABASE_URL', value: new Secret('a-value-of-this-test-01') } as const;
    const elsewhere = await refusal(configuration.write(via().context, PLACE, secret));
    expect(elsewhere).toMatchObject({ kind: 'rejected', code: 'secret_elsewhere' });
    expect(elsewhere.message).toContain('gcloud secrets versions add');
    const turned = configuration.write(via().context, PLACE, variable('DATABASE_URL', 'x'));
    expect(await refusal(turned)).toMatchObject({ code: 'other_kind' });
    expect(await configuration.remove(via().context, PLACE, { kind: 'variable', name: 'DATABASE_URL' })).toBe('absent');
    expect(sent()).toEqual([]);
    expect(await configuration.remove(via().context, PLACE, { kind: 'secret', name: 'DATABASE_URL' })).toBe('removed');
    expect((await configuration.list(via().context, PLACE)).map(({ name }) => name)).not.toContain('DATABASE_URL');
  });

  it('is taken and not yet done for whom operations are hidden from', async () => {
    const blind = via({
      fetch: async (input, init) => {
        const request = new Request(input, init);
        if (!request.url.endsWith(':wait')) return own.fetch(request);
        return Response.json({ error: { code: 403, message: 'No.', status: 'PERMISSION_DENIED' } }, { status: 403 });
      },
    });
    const taken = { outcome: 'created', waits: expect.stringMatching(/^Taken, not serving yet/) };
    expect(await configuration.write(blind.context, PLACE, variable('NEW_ONE', '1'))).toEqual(taken);
  });

  it('makes one token for many reads, another when that is taken no more, and shows the key to nobody', async () => {
    const seen: string[] = [];
    const line = via({
      fetch: async (input, init) => {
        const request = new Request(input, init);
        seen.push([request.url, ...[...request.headers].flat(), await request.clone().text()].join('\n'));
        return own.fetch(request);
      },
    });
    await Promise.all([1, 2, 3].map(() => configuration.list(line.context, PLACE)));
    expect(own.tokens.made).toHaveLength(1);
    own.tokens.revoke();
    own.world.advance(60_000);
    expect(await refusal(configuration.list(line.context, PLACE))).toMatchObject({ kind: 'auth' });
    await configuration.list(line.context, PLACE);
    expect(own.tokens.made).toHaveLength(2);
    const { private_key } = JSON.parse(keyFileOf(DEVELOPER)) as { private_key: string };
    const core = private_key.split('\n')[1] ?? private_key;
    expect(seen.some((text) => text.includes(core))).toBe(false);
  });

  it.each([
    ['https://run.acme.dev', key(DEVELOPER), 'key_elsewhere'],
    ['https://run.googleapis.com.evil.dev', key(DEVELOPER), 'key_elsewhere'],
    ['https://storage.googleapis.com', key(DEVELOPER), 'key_elsewhere'],
    [API, { kind: 'token', token: new Secret('a-token-of-this-test-01') } as const, 'wrong_kind'],
    [API, { ...key(DEVELOPER), password: new Secret('no key file of this test') } as Credential, 'bad_key_file'],
  ])('sends nothing at all to %s for a wrong credential: case %#', async (origin, credential, code) => {
    const line = via({ credential });
    const asked = provider.verifyCredential({ ...line.context, origin });
    expect(await refusal(asked)).toMatchObject({ code });
    expect(line.sent).toEqual([]);
  });

  it.each([
    ['the API is off', 'PERMISSION_DENIED', [{ reason: 'SERVICE_DISABLED' }], 'gcloud services enable'],
    ['no role', 'PERMISSION_DENIED', [], 'roles/run.viewer'],
  ])('finds at the check that %s, and lets a role on single services be', async (_, status, details, words) => {
    const line = via({
      fetch: async (input, init) => {
        const request = new Request(input, init);
        if (request.method === 'POST') return own.fetch(request);
        return Response.json({ error: { code: 403, message: 'No.', status, details } }, { status: 403 });
      },
    });
    const report = await provider.verifyCredential(line.context);
    expect(report).toMatchObject({ ok: true, account: DEVELOPER });
    expect(report.problems.join()).toContain(words);
  });

  it('says which role is missing to write, and to write as the account that the service runs as', async () => {
    const weak = via({ credential: own.credentials.weak });
    const refused = await refusal(configuration.write(weak.context, PLACE, variable('REGION', 'eu')));
    expect(refused.message).toContain('roles/run.developer');
    const message = "Permission 'iam.serviceaccounts.actAs' denied on service account runtime@acme-prod.";
    const line = via({
      fetch: async (input, init) => {
        const request = new Request(input, init);
        if (request.method !== 'PATCH') return own.fetch(request);
        return Response.json({ error: { code: 403, message, status: 'PERMISSION_DENIED' } }, { status: 403 });
      },
    });
    const acting = await refusal(configuration.write(line.context, PLACE, variable('REGION', 'eu')));
    expect(acting.message).toContain('roles/iam.serviceAccountUser');
  });
});
