import { and, eq, sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { attempts, deployments, environments, extensionPublications } from '@/lib/db/schema';
import { sampleVsix } from '@/lib/extensions/testing/sample-vsix';
import { lookAgain } from '@/lib/publications/server';
import { requireNothingSent } from '@/lib/publications/server/unpublish-asks';
import { readVsix } from '@/lib/sandbox/vsix';
import { type WorkflowWorld, workflowWorld } from '../testing/workflow-world';
import { cancelDeployment } from './cancel';
import { seekLatePublications } from './late-publications';
import { readDeployment } from './read-deployment';

/** How a run ends says nothing of what it published before: the gallery does. */
let w: WorkflowWorld;

beforeAll(async () => {
  w = await workflowWorld(readVsix);
});
beforeEach(() => w.begin());
afterEach(() => w.endAll());
afterAll(() => w.engine.close());

const admin = () => w.through(w.engine.as('admin'));

async function started(version: string) {
  const { packageId, bytes } = await w.packaged(version);
  const { deploymentId } = await w.click(packageId);
  expect(await w.look(deploymentId)).toMatchObject({ status: 'building', remoteId: '1000' });
  return { packageId, deploymentId, publishes: (validated = true) => w.workflowPublishes(version, bytes, validated) };
}

function ends(phase: 'done' | 'failed' | 'cancelled' | 'timed_out') {
  const [run] = w.engine.vendor.runs;
  if (run) run.phase = phase;
}

async function stateOf(packageId: string) {
  const [row] = await w.engine.database.db
    .select()
    .from(extensionPublications)
    .where(eq(extensionPublications.packageId, packageId));
  return row?.state ?? null;
}

describe('a run that publishes and does not end well', () => {
  it.each(['failed', 'cancelled', 'timed_out'] as const)(
    'is live where the gallery has the version all the same, and nothing is sent twice (%s)',
    async (phase) => {
      const version = { failed: '1.0.0', cancelled: '1.1.0', timed_out: '1.2.0' }[phase];
      const { packageId, deploymentId, publishes } = await started(version);
      await publishes();
      ends(phase);
      expect(await w.look(deploymentId)).toMatchObject({ status: 'succeeded', remoteId: '1000' });
      expect(await stateOf(packageId)).toBe('verified');
      const again = await w.click(packageId);
      expect(await w.look(again.deploymentId)).toMatchObject({ status: 'succeeded' });
      expect(w.engine.vendor.requests).toBe(1);
    },
  );

  it('is no success and no failure as long as the gallery cannot be asked', async () => {
    const { deploymentId, publishes } = await started('1.3.0');
    await publishes();
    ends('cancelled');
    w.cuts = 1;
    expect(await w.look(deploymentId)).toMatchObject({ status: 'building', troubleCount: 1 });
    expect(await w.look(deploymentId)).toMatchObject({ status: 'succeeded' });
  });

  it('has failed where the gallery has another content under its version, and every later look says the same', async () => {
    const { packageId, deploymentId } = await started('1.6.0');
    const other = sampleVsix({ version: '1.6.0', readme: 'Something else' });
    await w.workflowPublishes('1.6.0', new Uint8Array(other));
    ends('failed');
    expect(await w.look(deploymentId)).toMatchObject({ status: 'failed', failureCode: 'other_content' });
    expect(await stateOf(packageId)).toBe('rejected');
    const lines = async () => (await w.engine.audits('extension.publication.rejected')).length;
    const before = await lines();
    await w.engine.database.db.update(extensionPublications).set({ nextLookAt: sql`now()` });
    await lookAgain(w.through(w.engine.engine), 50);
    expect(await stateOf(packageId)).toBe('rejected');
    expect(await lines()).toBe(before);
  });

  it('ends as the run did where the gallery has nothing', async () => {
    const { packageId, deploymentId } = await started('1.4.0');
    ends('cancelled');
    expect(await w.look(deploymentId)).toMatchObject({ status: 'cancelled' });
    expect(await stateOf(packageId)).toBeNull();
  });

  it('is found at the gallery later, where a person stopped it and that hid the version while it validated it', async () => {
    const { packageId, deploymentId, publishes } = await started('1.5.0');
    await publishes(false);
    w.publishStep = 'cancelled';
    await cancelDeployment(admin(), { deploymentId });
    expect(await w.look(deploymentId)).toMatchObject({ status: 'cancelled' });
    expect(w.engine.vendor.cancels).toBe(1);
    const [end] = await w.engine.audits('deployment.observe_cancelled').then((lines) => lines.slice(-1));
    expect(end?.sentence).toMatch(/VS Marketplace is not waited for.+asked now and then for a day/);
    const ctx = w.through(w.engine.engine);
    const mine = eq(attempts.deploymentId, deploymentId);
    const { db } = w.engine.database;
    expect(await seekLatePublications(ctx)).toBeGreaterThan(0);
    expect(await seekLatePublications(ctx), 'ever less often').toBe(0);
    expect(await stateOf(packageId)).toBeNull();
    w.there.advance(600_000);
    await db.update(attempts).set({ soughtAt: sql`now() - interval '10 minutes'` }).where(mine);
    expect(await seekLatePublications(ctx)).toBe(1);
    expect(await stateOf(packageId)).toBe('active');
    const [line] = await w.engine.audits('extension.publication.active').then((lines) => lines.slice(-1));
    expect(line?.sentence).toMatch(/It has the version, although the run of #\d+ .+ had ended \(cancelled\)/);
    await db.update(attempts).set({ soughtAt: null }).where(mine);
    expect(await seekLatePublications(ctx), 'it is followed there').toBe(0);
    const { packageId: key } = extensionPublications;
    await db.update(extensionPublications).set({ nextLookAt: sql`now()` }).where(eq(key, packageId));
    await lookAgain(ctx);
    expect(await stateOf(packageId)).toBe('verified');
    expect(await w.engine.row(deploymentId)).toMatchObject({ status: 'cancelled' });
  });
});

describe('a run that began to publish and does not end well, while the gallery hides what it validates', () => {
  it.each(['failed', 'cancelled', 'timed_out'] as const)(
    'is waited for, and live once the gallery shows the version (%s)',
    async (phase) => {
      const version = { failed: '4.0.0', cancelled: '4.1.0', timed_out: '4.2.0' }[phase];
      const { packageId, deploymentId, publishes } = await started(version);
      await publishes(false);
      w.publishStep = phase === 'failed' ? 'succeeded' : 'cancelled';
      ends(phase);
      const waitingFor = expect.stringMatching(
        /may have published before.+does not show the version yet.+Cancel stops/,
      );
      for (let round = 0; round < 4; round++) {
        const runEndedAt = expect.any(Date);
        expect(await w.look(deploymentId)).toMatchObject({ status: 'deploying', waitingFor, runEndedAt });
        await w.engine.passTime(45 * 60);
      }
      expect(await stateOf(packageId), 'nothing is known of it there').toBeNull();
      w.there.advance(600_000);
      expect(await w.look(deploymentId)).toMatchObject({ status: 'succeeded', remoteId: '1000', runEndedAt: null });
      expect(await stateOf(packageId)).toBe('verified');
      expect(w.engine.vendor.requests).toBe(1);
    },
  );

  it('is waited for from the end that the run tells, else from the first look; and no longer once the run goes on', async () => {
    const { deploymentId } = await started('4.7.0');
    w.publishStep = 'succeeded';
    ends('failed');
    const [run] = w.engine.vendor.runs;
    const first = (await w.look(deploymentId)).runEndedAt ?? expect.fail('It is not waited for.');
    await w.engine.passTime(60);
    // As an instance of before leaves it, which knows the sentence alone.
    const untold = { runEndedAt: null };
    await w.engine.database.db.update(deployments).set(untold).where(eq(deployments.id, deploymentId));
    const later = (await w.look(deploymentId)).runEndedAt ?? expect.fail('It is not waited for.');
    expect(later.getTime()).toBeGreaterThanOrEqual(first.getTime());
    expect((await w.look(deploymentId)).runEndedAt).toEqual(later);
    const finishedAt = new Date(Date.now() - 60 * 60_000);
    if (run) run.finishedAt = finishedAt.toISOString();
    expect((await w.look(deploymentId)).runEndedAt).toEqual(finishedAt);
    expect(await readDeployment(admin(), { deploymentId })).toMatchObject({ runEndedAt: finishedAt.toISOString() });
    if (run) run.phase = 'building';
    expect(await w.look(deploymentId)).toMatchObject({ status: 'deploying', runEndedAt: null });
  });

  it('ends as the run did once the gallery has had its time, and says both', async () => {
    const { packageId, deploymentId } = await started('4.3.0');
    w.publishStep = 'succeeded';
    ends('failed');
    const [run] = w.engine.vendor.runs;
    const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
    if (run) run.finishedAt = ago(179);
    expect(await w.look(deploymentId)).toMatchObject({ status: 'deploying' });
    if (run) run.finishedAt = ago(181);
    const failureSentence = expect.stringMatching(/^Run tests failed.+did not show the version in the 180 minutes/);
    expect(await w.look(deploymentId)).toMatchObject({ status: 'failed', failureCode: 'run_failed', failureSentence });
    expect(await stateOf(packageId)).toBeNull();
  });

  it('is given the usual time alone where its steps do not tell for which gallery they published', async () => {
    const { deploymentId } = await started('4.8.0');
    w.publishStep = ['succeeded', 'failed'];
    ends('failed');
    const [run] = w.engine.vendor.runs;
    const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
    if (run) run.finishedAt = ago(29);
    const waitingFor = expect.stringMatching(/does not tell whether it published.+until 30 minutes after/);
    expect(await w.look(deploymentId)).toMatchObject({ status: 'deploying', waitingFor });
    if (run) run.finishedAt = ago(31);
    const failureSentence = expect.stringMatching(/in the 30 minutes after it.+asked now and then for a day/);
    expect(await w.look(deploymentId)).toMatchObject({ status: 'failed', failureSentence });
  });

  it('ends at once, and holds nothing up, where the step that publishes failed itself', async () => {
    const { deploymentId } = await started('4.5.0');
    w.publishStep = 'failed';
    ends('failed');
    expect(await w.look(deploymentId)).toMatchObject({ status: 'failed', failureCode: 'run_failed' });
  });

  it('ends at once where a person stops the looking', async () => {
    const { deploymentId } = await started('4.4.0');
    w.publishStep = 'succeeded';
    ends('failed');
    expect(await w.look(deploymentId)).toMatchObject({ status: 'deploying' });
    expect((await readDeployment(admin(), { deploymentId })).actions.cancel).toMatchObject({ allowed: true });
    await cancelDeployment(admin(), { deploymentId });
    expect(await w.look(deploymentId)).toMatchObject({ status: 'cancelled', failureCode: null });
  });

  it('lets the extension be taken away once the looking was stopped, and says so before', async () => {
    const about = { targetId: 'tgt_staging', extension: 'acme.demo' };
    const takeAway = () => w.engine.database.db.transaction((tx) => requireNothingSent(tx, about));
    const { deploymentId } = await started('4.6.0');
    await expect(takeAway()).rejects.toMatchObject({ message: expect.stringMatching(/is sending a version/) });
    w.publishStep = 'succeeded';
    ends('failed');
    const { number } = await w.look(deploymentId);
    const message = expect.stringMatching(`The run of #${number} is over.+Cancel #${number} first`);
    await expect(takeAway()).rejects.toMatchObject({ code: 'being_published', message });
    await cancelDeployment(admin(), { deploymentId });
    expect(await w.look(deploymentId)).toMatchObject({ status: 'cancelled' });
    await takeAway();
  });
});

it('a version that was taken away before is on its way again once the run is done, and not called taken away', async () => {
  const { packageId } = await w.packaged('1.7.0');
  const before = { packageId, targetId: 'tgt_staging', deploymentId: 'dep_before', state: 'unlisted' } as const;
  await w.engine.database.db.insert(extensionPublications).values({ ...before, since: sql`now() - interval '1 hour'` });
  const { deploymentId, publishes } = await started('1.7.0');
  await publishes(false);
  ends('done');
  expect(await w.look(deploymentId)).toMatchObject({ status: 'deploying' });
  expect(await stateOf(packageId)).toBe('accepted');
  w.there.advance(600_000);
  expect(await w.look(deploymentId)).toMatchObject({ status: 'succeeded' });
});

it('where nobody knows whether a run started, the page names whose run it is, and not the gallery', async () => {
  const { db } = w.engine.database;
  const production = (isProduction: boolean) =>
    db
      .update(environments)
      .set({ isProduction })
      .where(and(eq(environments.id, 'env_staging')));
  await production(true);
  try {
    const { deploymentId } = await w.click((await w.packaged('3.0.0')).packageId);
    w.engine.vendor.answers = ['accepted-then-lost'];
    w.engine.vendor.listable = false;
    await w.look(deploymentId);
    await w.engine.passTime(120);
    expect(await w.look(deploymentId)).toMatchObject({ attention: 'unknown_outcome' });
    const { provider } = await readDeployment(admin(), { deploymentId });
    expect(provider).toMatchObject({ label: 'VS Marketplace', runsAt: 'GitHub Actions' });
  } finally {
    w.engine.vendor.listable = true;
    await production(false);
  }
});
