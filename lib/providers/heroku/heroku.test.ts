import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '@/lib/kernel/secret';
import { breaking, type Harness, memoryWorld, type WireOptions, wire } from '../conformance/harness';
import { OpenApi } from '../conformance/openapi';
import { checkedFetch, createSpecCheck } from '../conformance/spec-check';
import { conformance } from '../conformance/suite';
import { provider } from './adapter';
import { changesIn } from './releases';
import { createHerokuSimulator, type HerokuSimulator } from './simulator';

const API = 'https://api.heroku.com';
const PRODUCTION = 'aetherstack-backend';
const file = path.join(import.meta.dirname, 'fixtures/openapi.json');
const spec = createSpecCheck(new OpenApi(JSON.parse(readFileSync(file, 'utf8'))), {
  // https://devcenter.heroku.com/articles/platform-api-reference#errors
  generalStatuses: [401, 403, 404, 422, 429, 500, 502, 503],
  extraMedia: {},
  extraStatuses: {},
  freeParameters: [],
  defects: {},
  isProblem: (body) => typeof body === 'object' && body !== null && 'id' in body && 'message' in body,
});
const token = (text: string) => ({ kind: 'token', token: new Secret(text) }) as const;

async function harness(): Promise<Harness & { simulator: HerokuSimulator; seen: Request[] }> {
  const world = memoryWorld();
  const simulator = createHerokuSimulator(world, { seed: 7 });
  const violations: string[] = [];
  const seen: Request[] = [];
  const checked = checkedFetch((input, init) => simulator.handle(new Request(input, init)), API, spec);
  return {
    ...{ world, simulator, seen },
    fetch: breaking(async (input, init) => {
      const request = new Request(input, init);
      seen.push(request.clone());
      try {
        return await checked(request);
      } catch (error) {
        violations.push(String(error));
        throw error;
      }
    }),
    target: { app: PRODUCTION },
    ref: 'main',
    inputs: {},
    credentials: { good: token('sandbox-token'), refused: token('expired-token-0000'), weak: token('readonly-token') },
    isMutation: (request) => request.method !== 'GET',
    markers: () => [],
    garbled: (inner) => inner,
    assertContract: () => expect(violations.join('\n')).toBe(''),
  };
}

conformance(provider, harness);

describe('what is peculiar to Heroku', () => {
  let own: Awaited<ReturnType<typeof harness>>;
  const { configuration } = provider.methods;
  const via = (more: WireOptions = {}) => wire(provider.manifest, own, more);
  const placeOf = async (app: string) =>
    (await configuration.reads(via().context, { app }, 'production')).places[0] ?? expect.fail('no place');
  const write = async (app: string, name: string, value: string, line = via()) =>
    configuration.write(line.context, (await placeOf(app)).id, { kind: 'secret', name, value: new Secret(value) });
  const answering = (status: number, body: unknown): typeof globalThis.fetch => {
    return async (input, init) => {
      const request = new Request(input, init);
      return request.method === 'PATCH' ? Response.json(body, { status }) : own.fetch(request);
    };
  };

  /** The newest release as its release phase left it. */
  const released = (status: string): typeof globalThis.fetch => {
    return async (input, init) => {
      const request = new Request(input, init);
      const answer = await own.fetch(request);
      if (!request.url.endsWith('/releases')) return answer;
      const [newest, ...others] = await answer.json();
      return Response.json([{ ...newest, status }, ...others], { status: answer.status });
    };
  };

  beforeEach(async () => {
    own = await harness();
  });
  afterEach(() => own.assertContract?.());

  it('an app is one place, whether its name or its id leads to it, and another app is another', async () => {
    const place = await placeOf(PRODUCTION);
    expect(await placeOf(place.id)).toEqual(place);
    expect((await placeOf('aetherstack-backend-staging')).identity).not.toBe(place.identity);
    expect(place).toMatchObject({ label: PRODUCTION, url: `https://dashboard.heroku.com/apps/${PRODUCTION}/settings` });
  });

  it('a value is boxed: it tells same from different, and is in nothing that is written down', async () => {
    const entries = await configuration.list(via().context, (await placeOf(PRODUCTION)).id);
    expect(entries.map(({ name }) => name)).toEqual(['DATABASE_URL', 'LOG_LEVEL', 'SIGNING_KEY', 'MAIL_API_KEY']);
    expect(entries.every(({ kind }) => kind === 'secret')).toBe(true);
    expect(entries.find(({ name }) => name === 'LOG_LEVEL')?.value?.reveal()).toBe('warning');
    expect(JSON.stringify(entries)).not.toMatch(/warning|sandbox-mail-key|postgres:/);
    const kept = own.seen.filter(({ url }) => url.endsWith('/config-vars')).map(({ headers }) => headers);
    expect(kept.map((headers) => headers.get('cache-control'))).toEqual(['no-store']);
  });

  it('tells when each was changed, by the release that did it, and of what an add-on set it tells nothing', async () => {
    await write(PRODUCTION, 'LOG_LEVEL', 'error');
    const changed = new Date(own.world.now()).toISOString();
    own.world.advance(60_000);
    await write(PRODUCTION, 'ANOTHER', 'x');
    const entries = await configuration.list(via().context, (await placeOf(PRODUCTION)).id);
    const at = (name: string) => entries.find((each) => each.name === name)?.updatedAt;
    expect(at('LOG_LEVEL')).toBe(changed);
    expect(Date.parse(at('SIGNING_KEY') ?? '')).toBeLessThan(Date.parse(changed));
    expect(at('DATABASE_URL')).toBeNull();
  });

  it.each([
    ['Set LOG_LEVEL config vars', ['LOG_LEVEL']],
    ['Set A, B_2 config vars', ['A', 'B_2']],
    ['Set A, B and C config vars', ['A', 'B', 'C']],
    ['Remove OLD config vars', ['OLD']],
    ['Config add AWS_S3_KEY', ['AWS_S3_KEY']],
    ['Deploy de63889', []],
    ['Attach DATABASE (@ref:postgresql-curved-10000)', []],
    ['Set by hand, as usual, for A', []],
    ['', []],
  ])('of the release “%s” it takes %j', (description, names) => {
    const changes = changesIn([{ description, created_at: '2026-11-01T10:00:00Z' }]);
    expect([...changes.keys()]).toEqual(names);
  });

  it.each([
    ['succeeded', 'created'],
    ['pending', { outcome: 'created', waits: expect.stringMatching(/release v\d+.*release command has ended well/) }],
  ])('a release that is %s after a write is said for what it is', async (status, expected) => {
    expect(await write(PRODUCTION, 'FRESH', 'x', via({ fetch: released(status) }))).toEqual(expected);
  });

  it.each(['failed', 'expired'])('a release that %s is never called live, and is no change', async (status) => {
    const refused = write(PRODUCTION, 'FRESH', 'some value', via({ fetch: released(status) }));
    await expect(refused).rejects.toMatchObject({
      ...{ code: 'release_failed', ambiguous: true },
      message: expect.stringMatching(/release command failed/),
    });
    const at = '2026-11-01T10:00:00Z';
    expect([...changesIn([{ description: 'Set A config vars', created_at: at, status }])]).toEqual([]);
  });

  it('a write whose release cannot be read is done, and says that nobody knows how it came out', async () => {
    const fetch: typeof globalThis.fetch = async (input, init) => {
      const request = new Request(input, init);
      return request.url.endsWith('/releases') ? new Response('', { status: 503 }) : own.fetch(request);
    };
    const done = await write(PRODUCTION, 'LOG_LEVEL', 'x', via({ fetch }));
    expect(done).toMatchObject({ outcome: 'replaced', waits: expect.stringContaining('could not be read') });
  });

  it('an odd name is shown as it is, and no other is lost with it', async () => {
    const fetch: typeof globalThis.fetch = async (input, init) => {
      const request = new Request(input, init);
      return request.url.endsWith('/config-vars') ? Response.json({ 'odd-name': 'x', GOOD: 'y' }) : own.fetch(request);
    };
    const entries = await configuration.list(via({ fetch }).context, (await placeOf(PRODUCTION)).id);
    expect(entries.map(({ name }) => name)).toEqual(['odd-name', 'GOOD']);
  });

  it('what a roll-back brought back has no time, and what was set after it has', () => {
    const at = (day: number) => ({ created_at: `2026-11-0${day}T10:00:00Z` });
    const changes = changesIn([
      { description: 'Set NEW config vars', ...at(4) },
      { description: 'Rollback to v7', ...at(3) },
      { description: 'Set OLD config vars', ...at(2) },
    ]);
    expect([...changes]).toEqual([['NEW', '2026-11-04T10:00:00.000Z']]);
  });

  it('takes it away by null, once, and leaves the others', async () => {
    const { id } = await placeOf(PRODUCTION);
    const line = via();
    const setting = { kind: 'secret', name: 'MAIL_API_KEY' } as const;
    expect(await configuration.remove(line.context, id, setting)).toBe('removed');
    expect(line.mutations()).toBe(1);
    expect(await own.seen.find(({ method }) => method === 'PATCH')?.json()).toEqual({ MAIL_API_KEY: null });
    expect(await configuration.remove(line.context, id, setting)).toBe('absent');
    expect(line.mutations()).toBe(1);
    expect(Object.keys(own.simulator.truth()[0]?.vars ?? {})).toEqual(['DATABASE_URL', 'LOG_LEVEL', 'SIGNING_KEY']);
  });

  it('one value goes out by one request, in the version that the schema is of', async () => {
    const line = via();
    expect(await write(PRODUCTION, 'FRESH', 'a b\n "c"', line)).toBe('created');
    expect(line.mutations()).toBe(1);
    const sent = own.seen.find(({ method }) => method === 'PATCH');
    expect(sent?.headers.get('accept')).toBe('application/vnd.heroku+json; version=3');
    expect(own.simulator.truth()[0]?.vars.FRESH).toBe('a b\n "c"');
    expect(own.simulator.truth()[0]?.releases[0]?.description).toBe('Set FRESH config vars');
  });

  it.each([
    [403, { id: 'forbidden', message: 'No.' }, { kind: 'auth', code: 'missing_permission' }, /write-protected/],
    [422, { id: 'invalid_params', message: 'Too big' }, { kind: 'rejected', code: 'http_422' }, /422: Too big\)\.$/],
    [402, { id: 'delinquent', message: 'Pay first.' }, { kind: 'rejected', code: 'http_402' }, /Pay first/],
    [429, { id: 'rate_limit', message: 'Slow.' }, { kind: 'rateLimited' }, /in about a minute/],
    [502, {}, { kind: 'unavailable', ambiguous: true }, /trouble \(502\)/],
    [200, 'not an object', { kind: 'protocol', ambiguous: true }, /does not understand/],
  ])('a %i to a write is said for what it is', async (status, body, expected, sentence) => {
    const refused = write(PRODUCTION, 'X', 'some value', via({ fetch: answering(status, body) }));
    await expect(refused).rejects.toMatchObject({ ...expected, message: expect.stringMatching(sentence) });
  });

  it('what an add-on sets is refused with what to do', async () => {
    await expect(write(PRODUCTION, 'DATABASE_URL', 'postgres://other')).rejects.toMatchObject({
      ...{ kind: 'rejected', code: 'set_by_addon', ambiguous: false },
      message: expect.stringMatching(/DATABASE_URL.*Detach the add-on/),
    });
  });

  it('a variable is refused before anything is sent, and an app that is not there is said to be not there', async () => {
    const { id } = await placeOf(PRODUCTION);
    const line = via();
    const setting = { kind: 'variable', name: 'X', value: new Secret('some value') } as const;
    await expect(configuration.write(line.context, id, setting)).rejects.toMatchObject({ code: 'kind_unknown' });
    expect(line.sent).toEqual([]);
    await expect(placeOf('no-such-app')).rejects.toMatchObject({ kind: 'notFound' });
    await expect(placeOf('../account')).rejects.toMatchObject({ code: 'bad_target' });
  });

  it('the check says how much the account may still ask', async () => {
    const report = await provider.verifyCredential(via().context);
    expect(report).toMatchObject({ account: 'release-console@aetherstack.example' });
    expect(report.notes?.join(' ')).toMatch(/4499 times more/);
  });

  it.each(['HEROKU_APP_ID', '__X', '1ST', 'A-B', ''])('“%s” is no name', (name) => {
    const { pattern } = provider.manifest.capabilities.configuration.name;
    expect(new RegExp(`^(?:${pattern})$`).test(name)).toBe(false);
  });
});
