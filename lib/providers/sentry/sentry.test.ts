import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { Secret } from '@/lib/kernel/secret';
import { breaking, type Harness, type MemoryWorld, memoryWorld, wire } from '../conformance/harness';
import { describeNotes } from '../conformance/notes';
import { OpenApi } from '../conformance/openapi';
import { checkedFetch, createSpecCheck } from '../conformance/spec-check';
import { conformance } from '../conformance/suite';
import { capability } from '../port';
import { provider } from './adapter';
import { aboutOf, questionOf } from './expression';
import { fromTimeseries, stepFor, toIssue } from './map';
import { createSentrySimulator, READING_TOKEN } from './simulator';

const HOST = 'https://us.sentry.io';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const file = path.join(import.meta.dirname, 'fixtures/openapi.json');
const spec = createSpecCheck(new OpenApi(JSON.parse(readFileSync(file, 'utf8'))), {
  generalStatuses: [401, 403, 404, 429, 500, 502, 503],
  extraMedia: {},
  // The description declares the answer to a known release without its body.
  extraStatuses: {},
  // Lists on the wire are the name again and again.
  freeParameters: ['project', 'environment', 'field'],
  defects: { createOrganizationRelease: /a 208 carries a body/ },
  isProblem: (body) => typeof body === 'object' && body !== null,
});
const token = (text: string, organization = 'aetherstack') =>
  ({ kind: 'basic', username: organization, password: new Secret(text), tokenOrigin: null }) as const;
const BAD_SINCE = 10 * MINUTE;

const violations: string[] = [];
afterEach(() => expect(violations.splice(0)).toEqual([]));

async function harness(world: MemoryWorld = memoryWorld(Date.parse('2026-11-01T12:00:00Z'))): Promise<Harness> {
  const since = world.now() - BAD_SINCE;
  const simulator = createSentrySimulator(world, {
    ...{ seed: 7, projects: ['backend', 'dashboard'] },
    stateOf: (project, environment, at) =>
      project === 'backend' && environment === 'production' ? (at >= since ? 'bad' : 'good') : null,
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
      good: token('sandbox-errors-token'),
      refused: token('expired'),
      weak: token(READING_TOKEN),
    },
    isMutation: (request) => request.method !== 'GET' && request.url.includes('/deploys/'),
    markers: () => world.facts().flatMap(({ kind, data }) => (kind === 'sentry.deploy' ? [String(data.name)] : [])),
    garbled: (inner) => inner,
  };
}

conformance(provider, harness);
describeNotes(provider, harness, 'project:backend release:backend@{{sha}}');

async function ask(expression: string, { minutes = 30, stepMs = 15_000 } = {}) {
  const made = await harness();
  const to = made.world.now();
  const question = { expression, from: to - minutes * MINUTE, to, stepMs };
  return capability(provider, 'health').series(wire(provider.manifest, made).context, question);
}

describe('questions', () => {
  const about = 'project:backend environment:production is_transaction:true';

  test('a line has a point for each minute, a regression shows in it, and what is still counted is a gap', async () => {
    const { points, stepMs } = await ask(`spans failure_rate() ${about}`);
    expect([stepMs, points.length]).toEqual([MINUTE, 31]);
    expect(points[0]?.[1]).toBeLessThan(0.003);
    expect(points.at(-4)?.[1]).toBeGreaterThan(0.03);
    expect(points.slice(-2).map(([, value]) => value)).toEqual([null, null]);
  });

  test('counts are per second', async () => {
    const { points } = await ask(`spans count() ${about}`);
    expect(points[0]?.[1]).toBeGreaterThan(17);
    expect(points[0]?.[1]).toBeLessThan(23);
  });

  test('the time of what nobody asked for is a gap, not zero', async () => {
    const { points } = await ask('spans p95(span.duration) project:dashboard');
    expect(points.every(([, value]) => value === null)).toBe(true);
  });

  test('sessions come by the hour, and the hour that goes on is a gap', async () => {
    const { points, stepMs } = await ask('sessions crash_rate(session) project:backend', { minutes: 12 * 60 });
    expect(stepMs).toBe(HOUR);
    expect(points.slice(0, -1).every(([, value]) => value !== null)).toBe(true);
    expect(points.at(-1)?.[1]).toBeNull();
  });

  test.each(['', 'spans', 'metrics count()', 'spans count', 'spans count();drop', 'spans nonsense() project:backend'])(
    'what cannot be worked out is refused: %j',
    async (expression) => {
      await expect(ask(expression)).rejects.toMatchObject({ kind: 'rejected', code: 'bad_expression' });
    },
  );

  test('an answer to a part of the data is none', () => {
    const meta = { interval: MINUTE, dataScanned: 'partial' };
    const window = { expression: '', from: 0, to: HOUR, stepMs: MINUTE };
    const asked = questionOf('spans count()');
    expect(() => fromTimeseries({ timeSeries: [{ values: [], meta }] }, asked, window, MINUTE)).toThrow('a part');
    expect(() =>
      fromTimeseries(
        { timeSeries: [0, 1].map(() => ({ values: [], meta: { interval: MINUTE } })) },
        asked,
        window,
        MINUTE,
      ),
    ).toThrow('2 lines');
  });

  test.each([
    ['spans', 15_000, HOUR, MINUTE],
    ['spans', 90_000, HOUR, 5 * MINUTE],
    ['sessions', 15_000, HOUR, HOUR],
    ['sessions', 5 * HOUR, 48 * HOUR, 6 * HOUR],
    ['spans', MINUTE, 90 * 24 * HOUR, 3 * HOUR],
  ] as const)('of %s a step of %i ms over %i is %i', (dataset, stepMs, to, step) => {
    expect(stepFor({ expression: '', from: 0, to, stepMs }, { dataset })).toBe(step);
  });

  test('project and environment are parameters, all the rest is the search', () => {
    expect(aboutOf('project:api is:unresolved environment:production "out of memory" project:web')).toEqual([
      ['project', 'api'],
      ['project', 'web'],
      ['environment', 'production'],
      ['query', 'is:unresolved "out of memory"'],
    ]);
  });
});

test('issues that were first seen since then are told, and older ones are not', async () => {
  const made = await harness();
  const { context } = wire(provider.manifest, made);
  const { newIssues } = capability(provider, 'health');
  const scope = 'project:backend environment:production is:unresolved';
  expect(await newIssues(context, { since: made.world.now() - BAD_SINCE, scope })).toEqual([
    expect.objectContaining({ id: 'BACKEND-2', count: 34, url: expect.stringMatching(/^https:\/\//) }),
  ]);
  expect(await newIssues(context, { since: made.world.now(), scope })).toEqual([]);
});

test('a time of zero is no measurement, a share of zero is one', () => {
  const line = { values: [{ timestamp: 0, value: 0, incomplete: false }], meta: { interval: MINUTE } };
  const window = { expression: '', from: 0, to: 0, stepMs: MINUTE };
  const of = (expression: string) =>
    fromTimeseries({ timeSeries: [line] }, questionOf(expression), window, MINUTE).points[0]?.[1];
  expect([of('spans p95(span.duration)'), of('spans failure_rate()')]).toEqual([null, 0]);
});

test('an address of an issue that is none is not linked', () => {
  const one = { id: '1', shortId: 'A-1', title: 'x', count: '1', firstSeen: '2026-11-01T12:00:00Z' };
  expect(toIssue({ ...one, permalink: 'javascript:alert(1)' }, 0)?.url).toBe('');
  expect(toIssue({ ...one, permalink: 'https://a.example/1', firstSeen: null }, 0)).toBeNull();
});

test('the title of an issue, which whoever can raise an error writes, is one line that can be seen', () => {
  const seen = { id: '1', shortId: 'A-1', count: '1', firstSeen: '2026-11-01T12:00:00Z', permalink: '' };
  const title = `TypeError\u001b[2J\nHealthy.\u202e ${'x'.repeat(300)}`;
  expect(toIssue({ ...seen, title }, 0)?.title).toMatch(/^TypeError \[2J Healthy\. x{176}…$/);
});

test('a token of another organization, and one that may not write, are told apart', async () => {
  const made = await harness();
  const elsewhere = wire(provider.manifest, made, { credential: token('sandbox-errors-token', 'another') });
  await expect(provider.verifyCredential(elsewhere.context)).rejects.toMatchObject({ kind: 'notFound' });
});
