import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Client } from './client';
import { type CliError, EXIT } from './exit';
import { line, sit } from './testing/sit';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] }));
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const inUse = (seconds: number) =>
  Response.json(
    { code: 'idempotency_key_in_use', detail: 'Still being worked on.' },
    { status: 409, headers: { 'Retry-After': String(seconds) } },
  );
const cut = () => Promise.reject(new TypeError('fetch failed'));
const torn = () =>
  new Response(
    new ReadableStream({
      pull: (controller) => controller.error(new TypeError('terminated')),
    }),
    { status: 201 },
  );

/** A change before a console that answers so, the last for ever; with the seconds at which it was sent and their keys. */
function changed(answers: (() => Response | Promise<Response>)[], stop = new AbortController()) {
  const sent: { at: number; key: string }[] = [];
  const began = Date.now();
  vi.stubGlobal('fetch', async (_url: string, init: RequestInit) => {
    init.signal?.throwIfAborted();
    sent.push({ at: (Date.now() - began) / 1000, key: new Headers(init.headers).get('idempotency-key') ?? '' });
    return await (answers[sent.length - 1] ?? (answers.at(-1) as () => Response))();
  });
  const api = new Client({ url: 'https://a.dev', token: 'aes_x' }, stop.signal);
  const outcome = api.change('POST', '/locks', {}).catch((error: CliError) => error);
  const keys = () => new Set(sent.map(({ key }) => key)).size;
  return { outcome, keys, ats: () => sent.map(({ at }) => at) };
}

test('a change whose first answer was lost is asked for until the console has taken over from what died', async () => {
  const { outcome, keys, ats } = changed([
    cut,
    () => inUse(60),
    () => inUse(58),
    () => inUse(53),
    () => Response.json({ pinId: 'pin_1' }, { status: 201 }),
  ]);
  await vi.advanceTimersByTimeAsync(60_500);
  expect(await outcome).toEqual({ pinId: 'pin_1' });
  expect(ats()).toEqual([0, 0.5, 2.5, 7.5, 60.5]);
  expect(keys()).toBe(1);
});

test('a change that takes its time in the console is waited for as long as it was given, others for a minute', async () => {
  vi.spyOn(AbortSignal, 'timeout');
  vi.stubGlobal('fetch', async () => Response.json({ intact: true, sentence: 'Whole.' }));
  const api = new Client({ url: 'https://a.dev', token: 'aes_x' }, new AbortController().signal);
  await sit('audit verify', [], api);
  await api.change('POST', '/locks', {});
  expect(vi.mocked(AbortSignal.timeout).mock.calls).toEqual([[300_000], [60_000]]);
});

test('an answer that was cut off in the middle is asked for again with the same key', async () => {
  const { outcome, keys, ats } = changed([torn, () => Response.json({ pinId: 'pin_1' }, { status: 201 })]);
  await vi.advanceTimersByTimeAsync(500);
  expect(await outcome).toEqual({ pinId: 'pin_1' });
  expect([ats().length, keys()]).toEqual([2, 1]);
});

test('a key that stays in use for more than a minute is no refusal: nobody knows, and how to look is said', async () => {
  const { outcome, ats } = changed([cut, () => inUse(55)]);
  await vi.advanceTimersByTimeAsync(300_000);
  const error = await outcome;
  expect(error).toMatchObject({ exit: EXIT.unreachable, code: 'nobody_knows' });
  expect((error as CliError).message).toMatch(/nobody knows whether it was done.*aetherstack status/);
  expect(ats().at(-1)).toBeGreaterThan(55);
  expect(ats().at(-1)).toBeLessThan(70);
});

test('Ctrl-C ends the waiting', async () => {
  const stop = new AbortController();
  const { outcome } = changed([cut, () => inUse(55)], stop);
  await vi.advanceTimersByTimeAsync(10_000);
  stop.abort();
  expect(await outcome).toMatchObject({ exit: EXIT.interrupted });
});

test('a refusal of other kinds is said at once', async () => {
  const refuse = () => Response.json({ code: 'frozen', detail: 'A freeze.' }, { status: 409 });
  expect(await changed([refuse]).outcome).toMatchObject({ exit: EXIT.refused, code: 'frozen' });
});

test('every exit code is named by help and by the documentation', async () => {
  const { out } = await line(['help'], {});
  const said = /Exit codes:[\s\S]*?\./.exec(out)?.[0] ?? '';
  const codes = Object.values(EXIT).map(String);
  expect(said.match(/\d+/g)).toEqual(codes);
  const table = readFileSync('docs/api.md', 'utf8').split('| exit code |')[1] ?? '';
  expect([...table.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => code)).toEqual(codes);
});
