import { expect, test } from 'vitest';
import { type ErrorLine, onErrorLine } from '@/lib/kernel/log';
import type { Periodic } from './periodic';
import { workOnce } from './runner';

test('a task that fails is an error of the log, so that it is reported, and keeps no other from its turn', async () => {
  const heard: ErrorLine[] = [];
  onErrorLine((line) => heard.push(line));
  const ran: string[] = [];
  const task = (name: string, run: Periodic['run']): Periodic => ({ name, everyMs: 1_000, run });
  const runtime = { contextFor: () => ({}), boss: { fetch: async () => [] } };
  await workOnce(runtime as never, [
    task('first', () => Promise.reject(new TypeError('A bug.'))),
    task('second', async () => void ran.push('second')),
  ]);
  onErrorLine(() => undefined);
  expect([ran, heard.map(({ msg, error }) => [msg, error])]).toEqual([
    ['second'],
    [['first: failed; the next round tries again', 'TypeError']],
  ]);
});
