import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { environments, extensionPublications } from '@/lib/db/schema';
import { readPublications } from '@/lib/publications/server';
import { readVsix } from '@/lib/sandbox/vsix';
import { PACKAGE_SHA, type WorkflowWorld, workflowWorld } from '../testing/workflow-world';
import { cancelDeployment } from './cancel';
import { readDeployment } from './read-deployment';
import { readLog } from './read-log';
import { resolveUnknown } from './resolve';

let w: WorkflowWorld;

beforeAll(async () => {
  w = await workflowWorld(readVsix);
});
beforeEach(() => w.begin());
afterEach(async () => {
  vi.restoreAllMocks();
  await w.endAll();
});
afterAll(() => w.engine.close());

/** Others prove absence while this process stands still, and start it themselves. */
async function othersStart(deploymentId: string) {
  await w.engine.passTime(120);
  for (let round = 0; round < 3; round++) await w.look(deploymentId);
  expect(await w.engine.row(deploymentId)).toMatchObject({ status: 'building', remoteId: '1000' });
}

describe('publishing by the repository’s workflow', () => {
  it('starts it once for this very package, follows the run, and is live only by the gallery’s own proof', async () => {
    const { packageId, bytes } = await w.packaged('1.0.0');
    const { deploymentId } = await w.click(packageId);
    const sent = await w.look(deploymentId);
    expect(sent.dispatch.publish?.by?.inputs).toEqual({ sha256: packageId, version: '1.0.0', channel: 'stable' });
    expect(sent).toMatchObject({ status: 'building', remoteId: '1000', sha: PACKAGE_SHA });
    const [run] = w.engine.vendor.runs;
    if (run) run.phase = 'done';
    expect((await w.look(deploymentId)).status).not.toBe('succeeded');
    await w.workflowPublishes('1.0.0', bytes);
    for (let round = 0; round < 5; round++) await w.look(deploymentId);
    expect(await w.engine.row(deploymentId)).toMatchObject({ status: 'succeeded', remoteId: '1000' });
    const [told] = await w.engine.database.db.select().from(extensionPublications);
    expect(told).toMatchObject({ state: 'verified', proof: { sha256: packageId } });
    expect(w.engine.vendor.requests).toBe(1);
  });

  it('finds the run whose answer got lost by its marker, and starts no second one', async () => {
    const { packageId } = await w.packaged('1.1.0');
    const { deploymentId } = await w.click(packageId);
    w.engine.vendor.answers = ['accepted-then-lost'];
    w.engine.vendor.listable = false;
    expect((await w.look(deploymentId)).status).toBe('submitting');
    w.engine.vendor.listable = true;
    expect(await w.look(deploymentId)).toMatchObject({ status: 'building', remoteId: '1000' });
    expect(w.engine.vendor.requests).toBe(1);
    const [run] = w.engine.vendor.runs;
    if (run) run.phase = 'failed';
    const ended = await w.look(deploymentId);
    expect(ended).toMatchObject({ status: 'failed', failureSentence: expect.stringContaining('Run tests failed') });
  });

  it('is read about where the run is: its log and its words are not the gallery’s, and the table leads to it', async () => {
    const { packageId } = await w.packaged('1.1.5');
    const { deploymentId } = await w.click(packageId);
    await w.look(deploymentId);
    await w.look(deploymentId);
    const ctx = w.through(w.engine.as('operator'));
    const shown = await readDeployment(ctx, { deploymentId });
    expect(shown).toMatchObject({ logs: { mode: 'archive' }, provider: { runsAt: 'GitHub Actions' } });
    const { underWay } = await readPublications(ctx);
    expect(underWay).toEqual([{ packageId, targetId: 'tgt_staging', deploymentId, number: shown.number }]);
    const [job] = shown.jobs;
    expect(await readLog(ctx, { deploymentId, jobId: job?.jobId ?? '' })).toMatchObject({
      text: `publish.yml, job ${job?.jobId}`,
    });
  });

  it('does not start a workflow that was changed since, or that cannot be told which package', async () => {
    const { packageId } = await w.packaged('1.2.0');
    w.fields = ['version'];
    await expect(w.click(packageId)).rejects.toMatchObject({ code: 'workflow_takes_no_digest' });
    w.fields = ['sha256', 'version'];
    const { deploymentId } = await w.click(packageId);
    w.engine.vendor.file = 'e'.repeat(64);
    expect(await w.look(deploymentId)).toMatchObject({ status: 'failed', failureCode: 'workflow_changed' });
    expect(w.engine.vendor.requests).toBe(0);
  });

  it('has to know the commit that the package was made of, or hands the package itself to a workflow that fetches it', async () => {
    const { packageId } = await w.packaged('1.3.0', '');
    const why = expect.stringContaining('let the workflow fetch it here');
    await expect(w.click(packageId)).rejects.toMatchObject({ code: 'package_without_commit', sentence: why });
    w.fields = ['sha256', 'version', 'from_console'];
    const sent = await w.look((await w.click(packageId)).deploymentId);
    expect(sent.dispatch.publish?.by?.inputs).toEqual({ sha256: packageId, version: '1.3.0', from_console: true });
    expect(sent.status).toBe('building');
    const [run] = w.engine.vendor.runs;
    if (run) run.phase = 'failed';
    await w.look(sent.id);
    const { packageId: withCommit } = await w.packaged('1.4.0');
    const made = await w.look((await w.click(withCommit)).deploymentId);
    expect(made.dispatch.publish?.by?.inputs, 'what a commit makes is made of it').not.toHaveProperty('from_console');
  });

  it('tells it the platform of the package, and is refused before anything is sent where it cannot be told', async () => {
    const { packageId } = await w.packaged('1.5.0', PACKAGE_SHA, 'win32-x64');
    const why = { code: 'package_for_platform', sentence: expect.stringMatching(/win32-x64.*has the input “target”/) };
    await expect(w.click(packageId)).rejects.toMatchObject(why);
    w.fields.push('target');
    w.choices = { target: ['staging', 'production'] };
    await expect(w.click(packageId), 'it means something else there').rejects.toMatchObject(why);
    expect(w.engine.vendor.requests).toBe(0);
    w.choices = { target: ['universal', 'win32-x64'] };
    const sent = await w.look((await w.click(packageId)).deploymentId);
    expect(sent.dispatch.publish?.by?.inputs).toMatchObject({ sha256: packageId, target: 'win32-x64' });
    expect(sent.status).toBe('building');
  });

  it('hands it a package of a platform, where it can fetch it and cannot be told the platform; one for all is made', async () => {
    const { packageId } = await w.packaged('1.6.0', PACKAGE_SHA, 'linux-x64');
    w.fields.push('from_console');
    const sent = await w.look((await w.click(packageId)).deploymentId);
    expect(sent.dispatch.publish?.by?.inputs).toMatchObject({ sha256: packageId, from_console: true });
    await w.endAll();
    w.fields.push('target');
    const { packageId: forAll } = await w.packaged('1.7.0');
    const made = await w.look((await w.click(forAll)).deploymentId);
    expect(made.dispatch.publish?.by?.inputs).toEqual({ sha256: forAll, version: '1.7.0', channel: 'stable' });
  });
});

describe('a process that stands still while a workflow is to publish', () => {
  it('starts nothing once its lease is over', async () => {
    const { deploymentId } = await w.click((await w.packaged('2.0.0')).packageId);
    w.whileOpening = async () => {
      await othersStart(deploymentId);
      const real = performance.now.bind(performance);
      vi.spyOn(performance, 'now').mockImplementation(() => real() + 400_000);
      w.onTheWay = async (c) => {
        await c.fetch(`${c.origin}/_apis/connectionData`);
      };
    };
    await w.look(deploymentId);
    expect(w.engine.vendor.requests).toBe(1);
    expect(w.engine.vendor.runs).toHaveLength(1);
  });

  it('has the run that it started in excess called off where it runs', async () => {
    const { deploymentId } = await w.click((await w.packaged('2.1.0')).packageId);
    w.onTheWay = () => othersStart(deploymentId);
    await w.look(deploymentId);
    expect(w.engine.vendor.runs).toMatchObject([{ phase: 'queued' }, { phase: 'cancelled' }]);
    expect(await w.engine.row(deploymentId)).toMatchObject({ status: 'building', remoteId: '1000' });
  });

  it('has a run called off that is listed after its absence seemed proven', async () => {
    const { deploymentId } = await w.click((await w.packaged('2.2.0')).packageId);
    w.engine.vendor.answers = ['accepted-then-lost'];
    w.engine.vendor.listable = false;
    await w.look(deploymentId);
    await w.engine.passTime(120);
    expect(await w.look(deploymentId)).toMatchObject({ status: 'building', remoteId: '1001' });
    w.engine.vendor.listable = true;
    await w.engine.passTime(15);
    await w.look(deploymentId);
    expect(w.engine.vendor.runs).toMatchObject([{ phase: 'cancelled' }, { phase: 'queued' }]);
  });
});

describe('a person and the run of a workflow that publishes', () => {
  const isProduction = (production: boolean) =>
    w.engine.database.db
      .update(environments)
      .set({ isProduction: production })
      .where(eq(environments.id, 'env_staging'));

  it('takes over the run where its answer got lost on production', async () => {
    await isProduction(true);
    try {
      const { deploymentId } = await w.click((await w.packaged('3.0.0')).packageId);
      w.engine.vendor.answers = ['accepted-then-lost'];
      w.engine.vendor.listable = false;
      await w.look(deploymentId);
      await w.engine.passTime(120);
      expect(await w.look(deploymentId)).toMatchObject({ attention: 'unknown_outcome' });
      const admin = w.through(w.engine.as('admin'));
      expect(await readDeployment(admin, { deploymentId })).toMatchObject({ buildsNothing: false });
      const reason = 'It is the newest there.';
      await resolveUnknown(admin, { deploymentId, decision: 'adopt', remoteId: '1000', reason });
      expect(await w.engine.row(deploymentId)).toMatchObject({ status: 'building', remoteId: '1000' });
    } finally {
      w.engine.vendor.listable = true;
      await isProduction(false);
    }
  });

  it('has nothing to settle where only the question to the gallery was cut off', async () => {
    await isProduction(true);
    try {
      const { deploymentId } = await w.click((await w.packaged('3.2.0')).packageId);
      w.cuts = 1;
      expect(await w.look(deploymentId)).toMatchObject({ status: 'submitting', attention: null });
      expect(await w.engine.attemptsOf(deploymentId)).toMatchObject([{ state: 'refused', error: 'network' }]);
      await w.engine.passTime(120);
      expect(await w.look(deploymentId)).toMatchObject({ status: 'building', attention: null, remoteId: '1000' });
    } finally {
      w.cuts = 0;
      await isProduction(false);
    }
  });

  it('cancels it where it runs, before it publishes anything', async () => {
    const { deploymentId } = await w.click((await w.packaged('3.1.0')).packageId);
    await w.look(deploymentId);
    const admin = w.through(w.engine.as('admin'));
    const { actions } = await readDeployment(admin, { deploymentId });
    expect(actions.cancel).toEqual({ allowed: true, refusal: null });
    await cancelDeployment(admin, { deploymentId });
    expect(await w.look(deploymentId)).toMatchObject({ status: 'cancelled' });
    expect(w.engine.vendor.runs).toMatchObject([{ phase: 'cancelled' }]);
  });
});
