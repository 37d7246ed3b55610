import { afterEach, describe, expect, test, vi } from 'vitest';
import { otlpHeaders, telemetryFields, tracesUrl } from '@/lib/env/telemetry';
import { createLogger, type ErrorLine, onErrorLine } from '@/lib/kernel/log';
import { Secret } from '@/lib/kernel/secret';
import { type EndedSpan, traced, traceTo } from '@/lib/kernel/trace';
import { dsnParts, envelopeOf } from './error-report';
import { errorReporter } from './report-errors';
import { TraceExport } from './trace-export';

const KEY = 'a'.repeat(32);
const DSN = `https://${KEY}@o1.ingest.example/path/42`;

/** Whoever is sent something: what came, and what it answers. */
function receiver(status = 200, headers: Record<string, string> = {}) {
  const got: { url: string; headers: Headers; body: string }[] = [];
  const fetch: typeof globalThis.fetch = async (url, init) => {
    got.push({ url: String(url), headers: new Headers(init?.headers), body: String(init?.body) });
    if (status === 0) throw new TypeError('fetch failed');
    return new Response('{}', { status, headers });
  };
  return { got, fetch };
}
const line = (over: Partial<ErrorLine> = {}): ErrorLine => ({
  ...{ at: '2026-11-27T10:00:00.000Z', level: 'error', msg: 'action failed', requestId: 'req_1', error: 'TypeError' },
  ...{ message: 'x is not a function', stack: 'at inner (/app/a.js:3:7) | at outer (/app/b.js:9:1)' },
  ...over,
});

afterEach(() => {
  traceTo(null);
  onErrorLine(() => undefined);
  vi.restoreAllMocks();
});

describe('traces', () => {
  test('work inside work is its child, in the protocol’s own form', async () => {
    const { got, fetch } = receiver();
    const exporter = new TraceExport({
      ...{
        url: 'http://127.0.0.1:4318/v1/traces',
        headers: { 'x-key': 'k' },
        resource: { 'service.name': 'a' },
        fetch,
      },
    });
    traceTo((span) => exporter.add(span));
    await traced({ name: 'deployment.request', kind: 'server' }, () =>
      traced({ name: 'GET', kind: 'client' }, async (note) => note({ 'http.response.status_code': 200 })),
    );
    await traced({ name: 'job', kind: 'internal' }, () => Promise.reject(new RangeError('a secret word'))).catch(
      () => 0,
    );
    await exporter.flush();
    const [sent] = got;
    expect([sent?.url, sent?.headers.get('x-key'), sent?.headers.get('content-type')]).toEqual([
      'http://127.0.0.1:4318/v1/traces',
      'k',
      'application/json',
    ]);
    const [child, parent, failed] = JSON.parse(sent?.body ?? '').resourceSpans[0].scopeSpans[0].spans;
    expect(parent).toMatchObject({
      name: 'deployment.request',
      kind: 2,
      traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    expect(child).toMatchObject({ kind: 3, parentSpanId: parent.spanId, traceId: parent.traceId });
    expect(child.attributes).toEqual([{ key: 'http.response.status_code', value: { intValue: '200' } }]);
    expect(child.startTimeUnixNano).toMatch(/^\d{19}$/);
    expect(failed.status).toEqual({ code: 2, message: 'RangeError' });
    expect(sent?.body).not.toContain('a secret word');
  });

  test('a job that found nothing and asked nobody is no span; one that did, or failed, is', async () => {
    const names: string[] = [];
    traceTo(({ name }) => names.push(name));
    const job = (name: string, work: () => Promise<unknown>) =>
      traced({ name, kind: 'internal', isIdle: (found) => !found }, work);
    await job('found nothing', async () => 0);
    await job('found two', async () => 2);
    await job('asked', () => traced({ name: 'GET', kind: 'client' }, async () => 0));
    await job('failed', () => Promise.reject(new RangeError('no'))).catch(() => 0);
    expect(names).toEqual(['found two', 'GET', 'asked', 'failed']);
  });

  test('a collector that is away costs spans and never the work, and is said once in five minutes', async () => {
    const warned = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const { got, fetch } = receiver(0);
    let now = 0;
    const exporter = new TraceExport({
      ...{ url: 'http://away.example/v1/traces', headers: {}, resource: {}, fetch, now: () => now },
    });
    const span: EndedSpan = {
      ...{ traceId: 't', spanId: 's', parentId: null, name: 'n', kind: 'internal', from: 1, to: 2 },
      ...{ attributes: {}, error: null },
    };
    for (let n = 0; n < 5_000; n++) exporter.add(span);
    await exporter.flush();
    expect(got, 'one try, not one for each batch').toHaveLength(1);
    exporter.add(span);
    await exporter.flush();
    expect(warned).toHaveBeenCalledTimes(1);
    now = 300_000;
    exporter.add(span);
    await exporter.flush();
    expect(warned).toHaveBeenCalledTimes(2);
  });

  test('without a sink nothing is made', async () => {
    expect(await traced({ name: 'n', kind: 'internal' }, async () => 7)).toBe(7);
  });
});

describe('errors', () => {
  test('are sent as the protocol has it, to the address that the DSN names', async () => {
    const { got, fetch } = receiver();
    const report = errorReporter({ dsn: DSN, environment: 'staging', release: '1.2.0', fetch });
    expect(await report(line())).toBe(true);
    const [sent] = got;
    expect(sent?.url).toBe('https://o1.ingest.example/path/api/42/envelope/');
    expect(sent?.headers.get('x-sentry-auth')).toContain(`sentry_key=${KEY}`);
    const [head, item, payload = ''] = (sent?.body ?? '').split('\n');
    const event = JSON.parse(payload);
    expect(JSON.parse(item ?? '')).toMatchObject({ type: 'event', length: Buffer.byteLength(payload) });
    expect(JSON.parse(head ?? '').event_id).toBe(event.event_id);
    expect(event).toMatchObject({
      ...{ level: 'error', platform: 'node', environment: 'staging', release: '1.2.0' },
      tags: { request_id: 'req_1' },
      exception: { values: [{ type: 'TypeError', value: 'x is not a function' }] },
    });
    expect(event.exception.values[0].stacktrace.frames.at(-1)).toEqual({
      ...{ function: 'inner', filename: '/app/a.js', lineno: 3, colno: 7 },
    });
  });

  test('what is logged is what is sent: secrets are masked before', async () => {
    const secret = new Secret('a-password-that-is-held-1234');
    const heard: ErrorLine[] = [];
    onErrorLine((each) => heard.push(each));
    const logger = createLogger({ requestId: 'req_9' }, () => undefined);
    logger.error('it broke', { token: 'x', note: `with ${secret.reveal()}` });
    logger.warn('no error');
    expect(heard).toHaveLength(1);
    const sent = envelopeOf(heard[0] ?? line(), { environment: 'production', release: null });
    expect(sent).toContain('req_9');
    expect(sent).not.toContain(secret.reveal());
    expect(sent).toContain('[redacted]');
  });

  test('a storm is one storm, and a pause that is asked for is kept', async () => {
    const { got, fetch } = receiver();
    let now = 0;
    const report = errorReporter({ dsn: DSN, environment: 'x', release: null, fetch, now: () => now });
    for (let n = 0; n < 100; n++) await report(line({ message: `number ${n}` }));
    await report(line({ message: 'number 3' }));
    expect(got).toHaveLength(30);
    now = 60_000;
    for (const _ of [1, 2]) await report(line());
    expect(got).toHaveLength(31);
    const busy = receiver(429, { 'retry-after': '120' });
    const paused = errorReporter({ dsn: DSN, environment: 'x', release: null, fetch: busy.fetch, now: () => now });
    expect([await paused(line()), await paused(line({ message: 'other' }))]).toEqual([false, false]);
    expect(busy.got).toHaveLength(1);
  });
});

test('what the environment says is read as the standards have it, and a mistake is said', () => {
  expect(tracesUrl({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318/' })).toBe('http://c:4318/v1/traces');
  expect(tracesUrl({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c', OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://t/x' })).toBe(
    'http://t/x',
  );
  expect(tracesUrl({})).toBeNull();
  expect(otlpHeaders('authorization=Bearer%20abc, x=1')).toEqual({ authorization: 'Bearer abc', x: '1' });
  expect(dsnParts('https://o1.ingest.example/42')).toBeNull();
  const dsn = telemetryFields.SENTRY_DSN;
  expect([dsn.safeParse(DSN).success, dsn.safeParse('https://o1.example/42').success]).toEqual([true, false]);
  expect(telemetryFields.OTEL_EXPORTER_OTLP_PROTOCOL.safeParse('grpc').success).toBe(false);
});
