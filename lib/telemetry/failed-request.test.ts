import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type ErrorLine, onErrorLine } from '@/lib/kernel/log';
import { notedWith } from '@/lib/kernel/request-of';
import { Secret } from '@/lib/kernel/secret';
import { onRequestError } from '../../instrumentation.server';

let heard: ErrorLine[];
let written: string;
beforeEach(() => {
  [heard, written] = [[], ''];
  onErrorLine((line) => heard.push(line));
  vi.stubEnv('NEXT_RUNTIME', 'nodejs');
  vi.spyOn(process.stderr, 'write').mockImplementation((line) => {
    written += line;
    return true;
  });
});
afterEach(() => {
  onErrorLine(() => undefined);
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

const request = { path: '/health?component=backend', method: 'GET', headers: {} };
const context = { routerKind: 'App Router', routePath: '/(console)/health', routeType: 'render' } as const;
const fails = (error: unknown) => onRequestError?.(error, request, { ...context, revalidateReason: undefined });

test('a page that fails is one masked line with its request, heard by whoever hears errors', async () => {
  const secret = new Secret('a-password-that-is-held-5678');
  const error = Object.assign(new TypeError(`no rows for ${secret.reveal()}`), { digest: '123' });
  await fails(notedWith(error, 'req_7'));
  expect(heard).toEqual([expect.objectContaining({ msg: 'a page failed', requestId: 'req_7' })]);
  expect(JSON.parse(written)).toMatchObject({
    ...{ level: 'error', path: '/health', route: '/(console)/health', digest: '123' },
    ...{ error: 'TypeError', message: 'no rows for [redacted]' },
  });
});

test('what is thrown without a request has a line all the same', async () => {
  await fails('just a word');
  expect(heard).toEqual([expect.objectContaining({ msg: 'a page failed', error: 'just a word' })]);
});

test('a refusal that a page did not catch is nobody’s bug', async () => {
  await fails(Object.assign(new Error('You may not.'), { name: 'ServiceError' }));
  expect(heard).toEqual([]);
  expect(JSON.parse(written)).toMatchObject({ level: 'warn', message: 'You may not.' });
});
