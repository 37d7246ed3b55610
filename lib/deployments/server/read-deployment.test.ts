import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '@/lib/db/client';
import { fakeProvider, openTestDatabase, personActor, testContext } from '@/lib/db/testing/context';
import { makeDeployment, makeEvent, makeStep, makeTarget } from '@/lib/db/testing/factories';
import { ServiceError } from '@/lib/kernel/errors';
import { ProviderError } from '@/lib/providers/port';
import { readDeployment } from './read-deployment';
import { readLog } from './read-log';

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

const provider = fakeProvider({
  capabilities: {
    cancel: { until: 'deploying' },
    retry: { scope: 'failed-jobs' },
    logs: { mode: 'archive', retentionDays: 90 },
  },
});

describe('one deployment', () => {
  it('groups the steps of its present attempt into jobs, in the order of the provider', async () => {
    const { db } = database;
    const row = await makeDeployment(db, await makeTarget(db), 'building', { remoteId: '77', remoteAttempt: 2 });
    await makeStep(db, { ...row, remoteAttempt: 1 }, { name: 'Old', jobId: 'old' });
    await makeStep(db, row, { jobId: 'a', job: 'Build', number: 0, name: 'Build', status: 'running' });
    await makeStep(db, row, { jobId: 'a', job: 'Build', number: 1, name: 'Checkout' });
    await makeStep(db, row, { jobId: 'a', job: 'Build', number: 2, name: 'Compile', status: 'running' });
    await makeStep(db, row, { jobId: 'b', job: 'Ship', number: 0, name: 'Ship', status: 'queued' });
    const view = await readDeployment(testContext(db, { provider }), { deploymentId: row.id });
    expect(view.jobs.map((job) => [job.name, job.status, job.steps.map((step) => step.name)])).toEqual([
      ['Build', 'running', ['Checkout', 'Compile']],
      ['Ship', 'queued', []],
    ]);
    expect(view.logs).toEqual({ mode: 'archive' });
  });

  it('knows what was live before, what is live now and how long it usually takes', async () => {
    const { db } = database;
    const target = await makeTarget(db);
    const minutes = [1, 2, 3, 10];
    const past = [];
    for (const each of minutes) {
      const finishedAt = new Date();
      past.push(
        await makeDeployment(db, target, 'succeeded', {
          finishedAt,
          startedAt: new Date(finishedAt.getTime() - each * 60_000),
        }),
      );
    }
    const row = await makeDeployment(db, target, 'building', { previousDeploymentId: past[3]?.id ?? null });
    const view = await readDeployment(testContext(db, { provider }), { deploymentId: row.id });
    expect(view.usual).toEqual({ p50Ms: 120_000, p90Ms: 600_000, sample: 4 });
    expect(view.previous?.number).toBe(past[3]?.number);
    expect(view.current?.number).toBe(past[3]?.number);
    expect(view.isCurrent).toBe(false);
  });

  it('tells its story in sentences: the event’s own, or one for its status', async () => {
    const { db } = database;
    const row = await makeDeployment(db, await makeTarget(db), 'failed', {
      failureCode: 'run_failed',
      failureSentence: 'Compile failed.',
    });
    await makeEvent(db, row, { kind: 'requested', toStatus: 'queued', actorName: 'Lin' });
    await makeEvent(db, row, {
      kind: 'observe_failed',
      fromStatus: 'building',
      toStatus: 'failed',
      data: { sentence: 'Step 3 exited with 1.' },
    });
    const view = await readDeployment(testContext(db, { provider }), { deploymentId: row.id });
    expect(view.timeline.map((entry) => entry.sentence)).toEqual([
      'Lin asked for it; it waits for its turn.',
      'Step 3 exited with 1.',
    ]);
    expect(view.failure).toEqual({ code: 'run_failed', sentence: 'Compile failed.', step: null });
  });

  it('stays readable when the connection does not open', async () => {
    const { db } = database;
    const row = await makeDeployment(db, await makeTarget(db), 'failed', { remoteId: '5' });
    const openConnection = () => Promise.reject(new ServiceError('precondition', 'no_credential', 'No credential.'));
    const view = await readDeployment(testContext(db, { openConnection }), { deploymentId: row.id });
    expect(view.provider.label).toBe('fake');
    expect(view.logs).toBeNull();
  });

  it('in an environment that the person may not read is answered like one that does not exist', async () => {
    const { db } = database;
    const row = await makeDeployment(db, await makeTarget(db), 'failed');
    const ctx = testContext(db, { actor: personActor([{ role: 'admin', environmentPattern: 'elsewhere' }]) });
    const hidden = await readDeployment(ctx, { deploymentId: row.id }).catch((error: ServiceError) => error);
    const absent = await readDeployment(ctx, { deploymentId: 'dep_none' }).catch((error: ServiceError) => error);
    expect(hidden).toMatchObject({ kind: 'notFound', code: 'deployment_not_found' });
    expect(absent).toEqual(hidden);
  });
});

describe('a log', () => {
  async function job(over: { status?: 'running' | 'succeeded'; remoteId?: string | null } = {}) {
    const { db } = database;
    const running = over.status === 'running';
    const row = await makeDeployment(db, await makeTarget(db), running ? 'building' : 'succeeded', {
      remoteId: over.remoteId === undefined ? '9' : over.remoteId,
    });
    await makeStep(db, row, { jobId: 'j1', number: 0, status: over.status ?? 'succeeded' });
    return { db, input: { deploymentId: row.id, jobId: 'j1' } };
  }
  const logs = (read: () => Promise<{ text: string; cursor: string | null }>) =>
    fakeProvider({ capabilities: { logs: { mode: 'archive', retentionDays: 90 } } }, { logs: { read } });
  const gone = () => Promise.reject(new ProviderError('notFound', 'not_found', 'Not there.'));

  it('hands on what the provider gives', async () => {
    const { db, input } = await job();
    const ctx = testContext(db, { provider: logs(async () => ({ text: 'hello', cursor: '5' })) });
    expect(await readLog(ctx, input)).toEqual({ jobId: 'j1', text: 'hello', cursor: '5', notice: null });
  });

  it('says that it comes when the job ends, and that an old one is gone', async () => {
    const early = await job({ status: 'running' });
    const running = await readLog(testContext(early.db, { provider: logs(gone) }), early.input);
    expect(running).toMatchObject({ text: '', notice: 'The log appears when this job has ended.' });
    const late = await job();
    const ended = await readLog(testContext(late.db, { provider: logs(gone) }), late.input);
    expect(ended.notice).toBe('The log is no longer there. Fake CI keeps logs for 90 days.');
    const seeded = await job({ remoteId: null });
    const view = await readLog(testContext(seeded.db, { provider: logs(gone) }), seeded.input);
    expect(view.notice).toContain('keeps logs for 90 days');
  });

  it('shows the provider’s trouble as a notice and keeps the place', async () => {
    const { db, input } = await job();
    const limited = () =>
      Promise.reject(new ProviderError('rateLimited', 'rate_limited', 'Too many requests; try again in 60 s.'));
    const view = await readLog(testContext(db, { provider: logs(limited) }), { ...input, cursor: '42' });
    expect(view).toEqual({ jobId: 'j1', text: '', cursor: '42', notice: 'Too many requests; try again in 60 s.' });
  });

  it('of another deployment’s job is not found, and the provider is not asked', async () => {
    const mine = await job();
    const other = await job();
    let asked = false;
    const provider = logs(async () => {
      asked = true;
      return { text: '', cursor: null };
    });
    const call = readLog(testContext(mine.db, { provider }), { deploymentId: mine.input.deploymentId, jobId: 'j2' });
    await expect(call).rejects.toMatchObject({ kind: 'notFound' });
    const stranger = testContext(other.db, { provider, actor: personActor([]) });
    await expect(readLog(stranger, other.input)).rejects.toMatchObject({ kind: 'notFound' });
    expect(asked).toBe(false);
  });
});
