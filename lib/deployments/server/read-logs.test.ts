import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { fakeProvider, openTestDatabase, testContext } from '@/lib/db/testing/context';
import { makeDeployment, makeStep, makeTarget } from '@/lib/db/testing/factories';
import { Secret } from '@/lib/kernel/secret';
import type { LogChunk } from '@/lib/providers/port';
import { FORMS } from '@/lib/testing/bad-inputs/canaries';
import { readLog } from './read-log';
import { readLogs } from './read-logs';

type Read = (context: unknown, config: unknown, jobId: string, cursor: string | null) => Promise<LogChunk>;

/** A deployment with one job; its log comes in the pieces that each reading names. */
async function oneJob() {
  const { db, close } = await openTestDatabase();
  const row = await makeDeployment(db, await makeTarget(db), 'succeeded', { remoteId: '77' });
  await makeStep(db, row, { jobId: 'j0', job: 'Job', number: 0 });
  const readOf = async (...pieces: string[]) => {
    const read: Read = async (_context, _config, _jobId, cursor) => {
      const at = Number(cursor ?? 0);
      return { text: pieces[at] ?? '', cursor: at + 1 < pieces.length ? String(at + 1) : null };
    };
    const provider = fakeProvider({ capabilities: { logs: { mode: 'archive', retentionDays: 90 } } }, {
      logs: { read },
    } as never);
    return await readLog(testContext(db, { provider }), { deploymentId: row.id, jobId: 'j0' });
  };
  return { readOf, close };
}

test('a secret in the log of a run is masked in every writing, also where two pieces of the log cut it', async () => {
  const value = `p&ss ${randomBytes(18).toString('base64')}`;
  const held = new Secret(value);
  const { readOf, close } = await oneJob();
  for (const write of Object.values(FORMS)) {
    const text = write(value);
    for (const at of [1, Math.floor(text.length / 2), text.length - 1]) {
      const view = await readOf(`begin\n${text.slice(0, at)}`, `${text.slice(at)} after\nnext\n`, 'last\n');
      expect(view.text).toMatch(/^begin\n.* after\nnext\n$/s);
      expect(view.text).not.toContain(text.slice(4, -4));
      expect(view.cursor).toBe('2');
    }
  }
  expect(held.reveal()).toBe(value);
  await close();
});

test('what only resembles one stays: a log is there to be read', async () => {
  const lines = 'token authentication-succeeded for ada\nsha256-AbCdEfGhIjKlMnOpQrStUvWxYz0123456789abcdefg\n';
  const { readOf, close } = await oneJob();
  expect((await readOf(lines)).text).toBe(lines);
  expect((await readOf(`leaked gh${'p_'}${'Ab1c'.repeat(9)} here\n`)).text).toBe('leaked [redacted] here\n');
  await close();
});

/** A deployment with so many jobs, and a provider whose logs have so many pieces each. */
async function download(jobs: number, piecesEach: number) {
  const { db, close } = await openTestDatabase();
  try {
    let asked = 0;
    const read: Read = async (_context, _config, jobId, cursor) => {
      asked += 1;
      const place = Number(cursor ?? 0) + 1;
      return { text: `${jobId} ${place}\n`, cursor: place < piecesEach ? String(place) : null };
    };
    const provider = fakeProvider({ capabilities: { logs: { mode: 'archive', retentionDays: 90 } } }, {
      logs: { read },
    } as never);
    const row = await makeDeployment(db, await makeTarget(db), 'succeeded', { remoteId: '77' });
    for (let i = 0; i < jobs; i++) await makeStep(db, row, { jobId: `j${i}`, job: `Job ${i}`, number: 0 });
    const { body } = await readLogs(testContext(db, { provider }), { deploymentId: row.id });
    return { text: await new Response(body).text(), asked: () => asked };
  } finally {
    await close();
  }
}

test('a download of logs asks the provider 50 times at most, and says so when that was not enough', async () => {
  const endless = await download(2, Number.POSITIVE_INFINITY);
  expect(endless.asked()).toBe(50);
  expect(endless.text).toContain('j0 50\nThe rest is not here');
  const many = await download(60, 1);
  expect(many.asked()).toBe(50);
  expect(many.text).toContain('The rest is not here');
});

test('logs that fit are given whole, job by job', async () => {
  const { text } = await download(2, 25);
  expect(text.match(/^j\d \d+$/gm)).toHaveLength(50);
  expect(text).not.toContain('The rest');
});
