import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { Secret } from '@/lib/kernel/secret';
import { breaking, type Harness, memoryWorld, wire } from '../conformance/harness';
import { OpenApi } from '../conformance/openapi';
import { checkedFetch, createSpecCheck } from '../conformance/spec-check';
import { conformance } from '../conformance/suite';
import { capability } from '../port';
import { provider } from './adapter';
import { manifest } from './manifest';
import { stepFor, toAlert, toSeries } from './map';
import { createPrometheusSimulator } from './simulator';

const HOST = 'https://metrics.aetherstack.example';
const file = path.join(import.meta.dirname, 'fixtures/openapi.json');
const spec = createSpecCheck(new OpenApi(JSON.parse(readFileSync(file, 'utf8'))), {
  // Before the handler: a proxy’s and the web configuration’s own answers, in plain text.
  generalStatuses: [401, 403, 404, 429, 500, 502, 503],
  extraMedia: {},
  extraStatuses: {},
  freeParameters: [],
  defects: {},
  isProblem: () => true,
});
const token = (text: string) => ({ kind: 'token', token: new Secret(text) }) as const;
const BAD_SINCE = 600_000;

const violations: string[] = [];
afterEach(() => expect(violations.splice(0)).toEqual([]));

async function harness(): Promise<Harness> {
  const world = memoryWorld(Date.parse('2026-11-01T12:00:00Z'));
  const since = world.now() - BAD_SINCE;
  const simulator = createPrometheusSimulator(world, {
    seed: 7,
    stateOf: (job, at) => (job === 'backend-production' ? (at >= since ? 'bad' : 'good') : null),
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
      good: token('sandbox-metrics-token'),
      refused: token('expired'),
      weak: token('sandbox-metrics-token'),
    },
    isMutation: (request) => request.method !== 'GET',
    markers: () => [],
    garbled: (inner) => inner,
  };
}

const inSandbox = { ...provider, manifest: { ...provider.manifest, defaultOrigin: HOST } };
conformance(inSandbox, harness);

describe('questions', () => {
  const ask = async (expression: string, more: { minutes?: number; stepMs?: number } = {}) => {
    const made = await harness();
    const { context } = wire(inSandbox.manifest, made);
    const to = made.world.now();
    const question = { expression, from: to - (more.minutes ?? 20) * 60_000, to, stepMs: more.stepMs ?? 15_000 };
    return capability(provider, 'health').series(context, question);
  };
  const { errors, latency } = manifest.capabilities.health.presets[0].queries;
  const filled = (expression: string, job = 'backend-production') => expression.replaceAll('{{job}}', job);

  test('a line has a point at each step, and a regression shows in it', async () => {
    const { points, stepMs } = await ask(filled(errors.expression));
    expect([points.length, stepMs]).toEqual([81, 15_000]);
    expect(points[0]?.[1]).toBeLessThan(0.003);
    expect(points.at(-1)?.[1]).toBeGreaterThan(0.03);
  });

  test('latency of FastAPI is asked of the histogram that goes beyond a second', () => {
    expect(latency.expression).toContain('http_request_duration_highr_seconds_bucket');
  });

  test.each([
    ['sum(rate(http_requests_total{job="api"}[5m]))', 300],
    ['sum(rate(a[1h30m])) / sum(rate(b[5m]))', 5_400],
    ['max_over_time(up[300])', 300],
    ['avg(up{job="api"})', 0],
    ['sum(http_requests_total{path=~"/[0-9]+m"})', 0],
    [`rate(a{path=~'[5m]'}[30s:10s])`, 30],
  ])('%s reaches %d s back', (expression, seconds) => {
    expect(capability(provider, 'health').reachesBack?.(expression)).toBe(seconds);
  });

  test('a job that nobody scrapes is a line of gaps, not of zeros', async () => {
    const { points } = await ask(filled(latency.expression, 'another'));
    expect(points.length).toBe(81);
    expect(points.every(([, value]) => value === null)).toBe(true);
  });

  test('an expression that cannot be worked out is refused with what the server says of it', async () => {
    await expect(ask('sum(rate(x[1m])')).rejects.toMatchObject({
      ...{ kind: 'rejected', code: 'bad_expression' },
      message: expect.stringContaining('unclosed left parenthesis'),
    });
  });

  test('alerts are told with since when and how grave', async () => {
    const { context } = wire(inSandbox.manifest, await harness());
    const alerts = capability(provider, 'health').alerts;
    expect(await alerts(context, 'job="backend-production"')).toEqual([
      expect.objectContaining({ name: 'HighErrorRate', state: 'firing', severity: 'page' }),
    ]);
    expect(await alerts(context, 'job="another", severity="page"'), 'of another job').toEqual([]);
    await expect(alerts(context, 'job=~"back.*"')).rejects.toMatchObject({ code: 'bad_scope' });
  });
});

test('what an alert says of itself is one line each that can be seen', () => {
  const evil = 'Up\u001b[2J\nHealthy.\u202e';
  const labels = { alertname: evil, severity: evil };
  const shown = 'Up [2J Healthy.';
  expect(toAlert({ state: 'firing', labels, annotations: { summary: evil } })).toMatchObject({
    ...{ name: shown, severity: shown, sentence: shown },
  });
});

describe('how a question is asked', () => {
  const DAY = 86_400_000;

  test.each([
    ['as wished', 60_000, 15_000, 15_000],
    ['whole seconds', 60_000, 100, 1_000],
    ['never more than 11,000 points', 90 * DAY, 15_000, 707_000],
  ])('the step is %s', (_, span, wished, step) => {
    const question = { expression: 'x', from: 0, to: span, stepMs: wished };
    expect(stepFor(question)).toBe(step);
    expect(span / stepFor(question) + 1).toBeLessThanOrEqual(11_000);
  });

  test('NaN and infinities are gaps; several lines and a part of the answer are refused', () => {
    const answer = (...lines: [number, string][][]) => ({
      status: 'success' as const,
      data: { resultType: 'matrix' as const, result: lines.map((values) => ({ values })) },
    });
    const window = { from: 0, to: 30_000 };
    const line: [number, string][] = [
      [0, 'NaN'],
      [10, '+Inf'],
      [20, '2.5'],
    ];
    expect(toSeries(answer(line), window, 10_000).points).toEqual([
      [0, null],
      [10_000, null],
      [20_000, 2.5],
      [30_000, null],
    ]);
    expect(() => toSeries(answer(line, line), window, 10_000)).toThrow('gives 2 lines');
    const partly = (text: string) => toSeries({ ...answer(line), warnings: [text] }, window, 10_000);
    expect(() => partly('store 2 is away')).toThrow('may not be whole: store 2 is away');
    expect(partly('PromQL info: it may be no counter').points).toHaveLength(4);
  });

  test.each([
    [token('abc'), 'Bearer abc'],
    [{ kind: 'basic', username: 'ada', password: new Secret('pw'), tokenOrigin: null } as const, 'Basic YWRhOnB3'],
    [{ kind: 'basic', username: 'nobody', password: new Secret('-'), tokenOrigin: null } as const, null],
  ])('a credential is sent as its kind wants, and nobody’s is not', async (credential, header) => {
    const seen: (string | null)[] = [];
    const made = await harness();
    const fetch: typeof globalThis.fetch = async (input, init) => {
      seen.push(new Request(input, init).headers.get('authorization'));
      return Response.json({ status: 'success', data: { resultType: 'vector', result: [] } });
    };
    await provider.verifyCredential(wire(inSandbox.manifest, { ...made, fetch }, { credential }).context);
    expect(seen).toEqual([header]);
  });
});
