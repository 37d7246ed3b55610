import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { deployments, environments, extensionPackages, targets } from '@/lib/db/schema';
import { ProviderError } from '@/lib/providers/port';
import { readVsix } from '@/lib/sandbox/vsix';
import { CI, PACKAGE_SHA, type WorkflowWorld, workflowWorld } from '../testing/workflow-world';
import { redeploy } from './again';
import { readApproval } from './read-approval';
import { readDeployment } from './read-deployment';

/** What is shown of a publication is about a gallery and its package, not about something that builds. */
let w: WorkflowWorld;

beforeAll(async () => {
  w = await workflowWorld(readVsix);
});
beforeEach(() => w.begin());
afterEach(async () => {
  await w.endAll();
  await asksFor({});
});
afterAll(() => w.engine.close());

const LIVE_SHA = 'b'.repeat(40);
const WARNING = {
  code: 'proposed_api',
  sentence: 'It uses proposed APIs.',
  path: 'package.json',
  level: 'warn',
} as const;
const operator = () => w.through(w.engine.as('operator'));

async function asksFor(policy: { approvals?: number }) {
  const { db } = w.engine.database;
  const [row] = await db.select().from(environments).where(eq(environments.id, 'env_staging'));
  const set = { policy, policyVersion: (row?.policyVersion ?? 0) + 1 };
  await db.update(environments).set(set).where(eq(environments.id, 'env_staging'));
}

async function published(version: string, sha: string) {
  const { packageId, bytes } = await w.packaged(version, sha);
  const { deploymentId } = await w.click(packageId);
  await w.look(deploymentId);
  await w.workflowPublishes(version, bytes);
  for (const run of w.engine.vendor.runs) run.phase = 'done';
  for (let round = 0; round < 6; round++) await w.look(deploymentId);
  expect(await w.engine.row(deploymentId)).toMatchObject({ status: 'succeeded' });
  // The CI counts its runs from the beginning.
  await w.engine.database.db
    .update(deployments)
    .set({ remoteId: `of-${version}` })
    .where(eq(deployments.id, deploymentId));
  w.begin();
  return { packageId, deploymentId };
}

async function waiting(version: string, sha = PACKAGE_SHA) {
  const { packageId } = await w.packaged(version, sha);
  await w.engine.database.db
    .update(extensionPackages)
    .set({ findings: [WARNING] })
    .where(eq(extensionPackages.id, packageId));
  await asksFor({ approvals: 1 });
  return { packageId, ...(await w.click(packageId)) };
}

describe('a publication that somebody decides about', () => {
  it('has no gate that is shut for want of deploying, and can be asked for again', async () => {
    const { deploymentId } = await published('1.0.0', LIVE_SHA);
    const { actions } = await readDeployment(operator(), { deploymentId });
    expect(actions.redeploy).toEqual({ allowed: true, refusal: null });
    expect(await redeploy(operator(), { deploymentId, idempotencyKey: 'again-1-abcdef' })).toMatchObject({
      outcome: 'created',
    });
    await w.endAll();
    const asked = await waiting('1.0.1');
    const { gates } = await readApproval(operator(), asked);
    expect(gates.find(({ kind }) => kind === 'connection')).toMatchObject({ state: 'open' });
    expect((await readDeployment(operator(), asked)).gates).toEqual(gates);
  });

  it('names the package with its warnings, the workflow that it is bound to, its commits and the way back', async () => {
    await published('2.0.0', LIVE_SHA);
    const { packageId, deploymentId } = await waiting('2.1.0');
    const packet = await readApproval(operator(), { deploymentId });
    const shown = { id: packageId, extension: 'acme.demo', version: '2.1.0', platform: 'universal', kept: true };
    const { level: _, ...warning } = WARNING;
    expect(packet.package).toMatchObject({ ...shown, warnings: [warning] });
    expect((await readDeployment(operator(), { deploymentId })).package).toEqual(packet.package);
    expect(packet.workflow).toEqual({ path: 'publish.yml', digest: w.engine.vendor.file });
    expect(packet).toMatchObject({ commitsProblem: null, commits: { totalLeaving: 0 } });
    expect(packet.rollBack.sentence).toMatch(/the way back is upwards/);
    await w.engine.database.db.delete(extensionPackages).where(eq(extensionPackages.id, packageId));
    expect((await readApproval(operator(), { deploymentId })).package).toMatchObject({ kept: false, warnings: null });
  });

  it('says why no commits are shown, in words about packages', async () => {
    await published('3.0.0', LIVE_SHA);
    const direct = { extension: 'acme.demo', channel: 'stable' };
    const { deploymentId } = await waiting('3.1.0');
    const row = await w.engine.row(deploymentId);
    const { by: _, ...publish } = row.dispatch.publish ?? expect.fail('It publishes nothing.');
    const { db } = w.engine.database;
    const [target] = await db.select().from(targets).where(eq(targets.id, 'tgt_staging'));
    await db.update(targets).set({ config: direct }).where(eq(targets.id, 'tgt_staging'));
    const set = { config: direct, dispatch: { ...row.dispatch, publish } };
    await db.update(deployments).set(set).where(eq(deployments.id, deploymentId));
    const unread = await readApproval(operator(), { deploymentId });
    expect(unread).toMatchObject({
      commits: null,
      commitsProblem: expect.stringMatching(/no target .* reads the repository/),
    });
    await db
      .update(targets)
      .set({ config: target?.config ?? {} })
      .where(eq(targets.id, 'tgt_staging'));
    await w.endAll();
    w.fields.push('from_console');
    const unnamed = await readApproval(operator(), await waiting('3.2.0', ''));
    expect(unnamed).toMatchObject({ commits: null, commitsProblem: expect.stringMatching(/came without its commit/) });
  });

  it('offers no roll back to an earlier version, and says what to do instead', async () => {
    const { deploymentId } = await published('4.0.0', LIVE_SHA);
    await published('4.1.0', PACKAGE_SHA);
    const { actions } = await readDeployment(w.through(w.engine.as('admin')), { deploymentId });
    expect(actions.rollBack).toMatchObject({ allowed: false, refusal: { code: 'only_upwards' } });
    expect(actions.rollBack.refusal?.sentence).toMatch(/make it again with the next number/);
  });

  it('is readable where the CI cannot be opened', async () => {
    await published('5.0.0', LIVE_SHA);
    const { deploymentId } = await waiting('5.1.0');
    const ctx = operator();
    const openConnection: typeof ctx.openConnection = (id) =>
      id === CI
        ? Promise.reject(new ProviderError('auth', 'credential_refused', 'GitHub refuses it.'))
        : ctx.openConnection(id);
    const packet = await readApproval({ ...ctx, openConnection }, { deploymentId });
    expect(packet).toMatchObject({ commits: null, commitsProblem: 'GitHub refuses it.' });
  });
});
