import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { Secret } from '@/lib/kernel/secret';
import { breaking, type Harness, memoryWorld, wire } from '../conformance/harness';
import { describeNotes } from '../conformance/notes';
import { OpenApi } from '../conformance/openapi';
import { checkedFetch, createSpecCheck } from '../conformance/spec-check';
import { conformance } from '../conformance/suite';
import { type Credential, capability } from '../port';
import { provider } from './adapter';
import { toAlert } from './map';
import { ACCESS_TOKEN, createDatadogSimulator } from './simulator';

const HOST = 'https://api.datadoghq.com';
const MINUTE = 60_000;
const file = path.join(import.meta.dirname, 'fixtures/openapi.json');
const spec = createSpecCheck(new OpenApi(JSON.parse(readFileSync(file, 'utf8'))), {
  generalStatuses: [401, 403, 404, 429, 500, 502, 503],
  extraMedia: {},
  extraStatuses: {},
  freeParameters: [],
  defects: {},
  isProblem: (body) => Array.isArray((body as { errors?: unknown } | null)?.errors),
});
const keys = (text: string) =>
  ({ kind: 'basic', username: 'keys', password: new Secret(text), tokenOrigin: null }) as const;
const GOOD = 'sandbox-monitors-api:sandbox-monitors-application';
const BAD_SINCE = 10 * MINUTE;

const violations: string[] = [];
afterEach(() => expect(violations.splice(0)).toEqual([]));

async function harness(): Promise<Harness> {
  const world = memoryWorld(Date.parse('2026-11-01T12:00:00Z'));
  const since = world.now() - BAD_SINCE;
  const simulator = createDatadogSimulator(world, {
    seed: 7,
    stateOf: (service, environment, at) =>
      service === 'backend' && environment === 'production' ? (at >= since ? 'bad' : 'good') : null,
  });
  const checked = checkedFetch((input, init) => simulator.handle(new Request(input, init)), HOST, spec);
  return {
    world,
    fetch: breaking(async (input, init) => {
      try {
        return await checked(input, init);
      } catch (error) {
        violations.push(String(error));
        throw error;
      }
    }),
    target: {},
    ref: 'main',
    inputs: {},
    credentials: {
      good: keys(GOOD),
      refused: keys('expired:expired'),
      weak: { kind: 'token', token: new Secret(ACCESS_TOKEN) },
    },
    isMutation: (request) => request.method !== 'GET',
    markers: () =>
      world
        .facts()
        .flatMap(({ data }) =>
          (data.tags as string[]).flatMap((tag) => /^aetherstack_deployment:(.+)$/.exec(tag)?.[1] ?? []),
        ),
    garbled: (inner) => inner,
  };
}

conformance(provider, harness);
describeNotes(provider, harness, 'service:backend env:production version:{{sha}}');

async function ask(expression: string, minutes = 30) {
  const made = await harness();
  const to = made.world.now();
  const question = { expression, from: to - minutes * MINUTE, to, stepMs: 15_000 };
  return capability(provider, 'health').series(wire(provider.manifest, made).context, question);
}

describe('questions', () => {
  const tags = '{service:backend,env:production}';

  test('the step is the one that it chose, and a regression shows in the line', async () => {
    const { points, stepMs } = await ask(`sum:trace.http.request.errors${tags}.as_rate()`);
    expect([stepMs, points.length]).toEqual([20_000, 91]);
    expect(points[0]?.[1]).toBeLessThan(0.003);
    expect(points.at(-1)?.[1]).toBeGreaterThan(0.03);
    expect((await ask(`sum:trace.http.request.errors${tags}.as_rate()`, 24 * 60)).stepMs).toBe(3_600_000);
  });

  test('of several hosts the newest minute is not whole yet, and is waited for', () => {
    expect(provider.manifest.capabilities.health.settlesSeconds).toBe(60);
  });

  test('where nothing is sent from is a line of gaps', async () => {
    const { points } = await ask('p95:trace.http.request{service:another,env:production}');
    expect(points.length).toBe(121);
    expect(points.every(([, value]) => value === null)).toBe(true);
  });

  test('what cannot be worked out, and several lines, are refused', async () => {
    await expect(ask('sum:trace.http.request.hits{')).rejects.toMatchObject({
      ...{ kind: 'rejected', code: 'bad_expression', message: expect.stringContaining('unexpected end of input') },
    });
    await expect(ask('sum:x{*} by {host}')).rejects.toMatchObject({ code: 'several_lines' });
  });
});

describe('monitors', () => {
  test('those with all the tags are told, with since when and how grave', async () => {
    const made = await harness();
    const { alerts } = capability(provider, 'health');
    const { context } = wire(provider.manifest, made);
    const since = new Date(made.world.now() - MINUTE).toISOString();
    expect(await alerts(context, 'service:backend env:production')).toEqual([
      expect.objectContaining({ name: 'Errors of the backend in production', state: 'firing', severity: 'P1', since }),
    ]);
    expect(await alerts(context, 'service:backend env:staging')).toEqual([]);
  });

  test.each([
    ['Warn', 'pending'],
    ['No Data', 'pending'],
    ['OK', undefined],
    ['Ignored', undefined],
    ['Something new', undefined],
  ])('“%s” is %s', (overall_state, state) => {
    expect(toAlert({ id: 1, overall_state })?.state).toBe(state);
  });

  test('the name of a monitor is one line that can be seen', () => {
    const name = 'Up\u001b[2J\nHealthy.\u202e';
    expect(toAlert({ id: 1, name, overall_state: 'Alert' })?.sentence).toBe('Up [2J Healthy.: It alerts.');
  });
});

test.each<[string, Credential, Record<string, string | null>]>([
  ['keys', keys(GOOD), { 'dd-api-key': 'sandbox-monitors-api', authorization: null }],
  ['a token', { kind: 'token', token: new Secret('abc') }, { 'dd-api-key': null, authorization: 'Bearer abc' }],
])('%s are sent in the headers that are theirs', async (_, credential, headers) => {
  const seen: Headers[] = [];
  const made = await harness();
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    seen.push(request.headers);
    return Response.json(request.url.includes('/validate') ? { valid: true } : []);
  };
  await provider.verifyCredential(wire(provider.manifest, { ...made, fetch }, { credential }).context);
  for (const [name, value] of Object.entries(headers)) expect(seen.at(-1)?.get(name)).toBe(value);
});

test('one key alone is refused before anything is sent', async () => {
  const made = wire(provider.manifest, await harness(), { credential: keys('only-one') });
  await expect(provider.verifyCredential(made.context)).rejects.toMatchObject({ kind: 'auth', code: 'wrong_kind' });
  expect(made.sent).toEqual([]);
});

test('a key that the vendor repeats does not get into what is said', async () => {
  const made = await harness();
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const sent = new Request(input, init).headers.get('dd-application-key');
    return Response.json({ errors: [`You sent ${sent}`] }, { status: 400 });
  };
  const { context } = wire(
    provider.manifest,
    { ...made, fetch },
    { credential: keys('one-long-key:another-long-key') },
  );
  const question = { expression: 'x', from: 0, to: MINUTE, stepMs: MINUTE };
  const refused = capability(provider, 'health').series(context, question);
  await expect(refused).rejects.toMatchObject({ message: expect.stringContaining('You sent [redacted]') });
});

test('a limit that is used up ends so many seconds after the answer, and holds up its own address only', async () => {
  const made = await harness();
  const { context, sent } = wire(provider.manifest, made);
  const { alerts, series } = capability(provider, 'health');
  const question = { expression: 'x', from: made.world.now() - MINUTE, to: made.world.now(), stepMs: MINUTE };
  made.world.set({ rateLimited: true });
  await expect(series(context, question)).rejects.toMatchObject({ code: 'rate_limited', retryAfterMs: 45_000 });
  made.world.set({ rateLimited: false });
  made.world.advance(44_000);
  await expect(series(context, question)).rejects.toMatchObject({ code: 'rate_limited', retryAfterMs: 1_000 });
  expect(sent).toHaveLength(1);
  expect(await alerts(context, 'service:backend')).toHaveLength(1);
  made.world.advance(1_001);
  await expect(series(context, question)).resolves.toMatchObject({ points: expect.any(Array) });
});

test('the simulator tells its limits as the vendor does, and they are read so', async () => {
  const { fetch, world } = await harness();
  const url = new URL(`${HOST}/api/v1/monitor`);
  const answer = await fetch(url, { headers: { authorization: `Bearer ${ACCESS_TOKEN}` } });
  const told = ['limit', 'period', 'remaining', 'reset', 'name'].map((each) =>
    answer.headers.get(`x-ratelimit-${each}`),
  );
  expect(told).not.toContain(null);
  expect(provider.manifest.quota?.read(answer.headers, url, world.now())).toEqual({
    ...{ resource: 'monitor', limit: Number(told[0]), remaining: Number(told[2]) },
    resetAt: world.now() + Number(told[3]) * 1_000,
  });
});
