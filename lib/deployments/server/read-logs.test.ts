import { expect, test } from 'vitest';
import { fakeProvider, openTestDatabase, testContext } from '@/lib/db/testing/context';
import { makeDeployment, makeStep, makeTarget } from '@/lib/db/testing/factories';
import { readLogs } from './read-logs';

/** A deployment with so many jobs, and a provider whose logs have so many pieces each. */
async function download(jobs: number, piecesEach: number) {
  const { db, close } = await openTestDatabase();
  try {
    let asked = 0;
    const read = async (_context: unknown, _config: unknown, jobId: string, cursor: string | null) => {
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
