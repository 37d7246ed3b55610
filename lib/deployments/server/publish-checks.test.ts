import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { environments, targets } from '@/lib/db/schema';
import type { Policy } from '@/lib/gates/model/policy';
import type { CheckState } from '@/lib/providers/port';
import { readVsix } from '@/lib/sandbox/vsix';
import { CI, PACKAGE_SHA, type WorkflowWorld, workflowWorld } from '../testing/workflow-world';
import { publishPackage } from './publish-package';

/** A gallery knows no checks of a commit: whoever has the repository is asked for them. */
let w: WorkflowWorld;
let minor = 0;

beforeAll(async () => {
  w = await workflowWorld(readVsix);
});
beforeEach(() => w.begin());
afterEach(async () => {
  await w.endAll();
  w.engine.vendor.checks = {};
  await asks('ignore');
  await w.engine.database.db.delete(targets).where(eq(targets.id, 'tgt_ci'));
  await settings({ repository: 'acme/app', ...BY_WORKFLOW });
});
afterAll(() => w.engine.close());

const BY_WORKFLOW = { workflow: 'publish.yml', workflowConnection: CI, workflowBranch: 'main' };

async function settings(more: Record<string, unknown>) {
  const config = { extension: 'acme.demo', channel: 'stable', ...more };
  await w.engine.database.db.update(targets).set({ config }).where(eq(targets.id, 'tgt_staging'));
}

async function asks(checks: Policy['checks'], more: Partial<Policy> = {}) {
  const { db } = w.engine.database;
  const [row] = await db.select().from(environments).where(eq(environments.id, 'env_staging'));
  const set = { policy: { checks, ...more }, policyVersion: (row?.policyVersion ?? 0) + 1 };
  await db.update(environments).set(set).where(eq(environments.id, 'env_staging'));
}

/** Another target of the component, whose connection reads the repository. */
async function readBesides(repository: string) {
  const where = { id: 'tgt_ci', componentId: 'cmp_backend', environmentId: 'env_production', connectionId: CI };
  await w.engine.database.db.insert(targets).values({ ...where, label: 'ci', config: { repository } });
}

async function click(sha = PACKAGE_SHA): Promise<string> {
  const { packageId } = await w.packaged(`1.${++minor}.0`, sha);
  const { deploymentId } = await publishPackage(w.withToken(w.engine.as('operator')), {
    ...{ packageId, targetId: 'tgt_staging', reason: '', ticked: [], freezeOverrideReason: null },
    idempotencyKey: `checks-${minor}-abcdef`,
  });
  return deploymentId;
}

const press = (sha?: string) =>
  click(sha).then(
    () => 'created',
    ({ code }: { code: string }) => code,
  );

const ANSWERS: [Policy['checks'], CheckState, string][] = [
  ['ignore', 'failure', 'created'],
  ['not_failing', 'success', 'created'],
  ['not_failing', 'none', 'created'],
  ['not_failing', 'failure', 'checks_failed'],
  ['success', 'success', 'created'],
  ['success', 'failure', 'checks_failed'],
  ['success', 'pending', 'checks_pending'],
];

describe('an environment that asks for checks, and a package of a commit', () => {
  it.each(ANSWERS)('asks where the workflow runs that publishes (%s, %s: %s)', async (policy, checks, comes) => {
    await asks(policy);
    w.engine.vendor.checks[PACKAGE_SHA] = checks;
    expect(await press()).toBe(comes);
  });

  it.each(ANSWERS)(
    'asks who reads the repository, where a token publishes (%s, %s: %s)',
    async (policy, checks, comes) => {
      await settings({ repository: 'acme/app' });
      await readBesides('Acme/App');
      await asks(policy);
      w.engine.vendor.checks[PACKAGE_SHA] = checks;
      expect(await press()).toBe(comes);
    },
  );

  it.each([
    ['ignore', 'created'],
    ['not_failing', 'checks_unread'],
    ['success', 'checks_unread'],
  ] as const)('takes nothing for green that nobody can read (%s: %s)', async (policy, comes) => {
    await asks(policy);
    await settings({});
    await readBesides('acme/app');
    expect(await press(), 'no repository is named').toBe(comes);
    await w.endAll();
    await settings({ repository: 'acme/other' });
    expect(await press(), 'nobody reads the one that is named').toBe(comes);
  });

  it('names them before the order of environments, as the list of the button does, and the order where nobody reads them', async () => {
    await readBesides('acme/other');
    await asks('success', { afterEnvironmentId: 'env_production' });
    w.engine.vendor.checks[PACKAGE_SHA] = 'failure';
    expect(await press()).toBe('checks_failed');
    w.engine.vendor.checks[PACKAGE_SHA] = 'success';
    expect(await press()).toBe('order_unmet');
    await settings({});
    expect(await press(), 'nobody reads them').toBe('order_unmet');
  });

  it('says what to do, and goes on by itself where the repository is named while it waits for its turn', async () => {
    await settings({});
    await readBesides('acme/app');
    const deploymentId = await click();
    await asks('success');
    const waits = await w.look(deploymentId);
    expect(waits).toMatchObject({ status: 'queued', troubleSentence: expect.stringContaining('Name the repository') });
    await settings({ repository: 'acme/app' });
    w.engine.vendor.checks[PACKAGE_SHA] = 'failure';
    expect(await w.look(deploymentId)).toMatchObject({
      status: 'queued',
      waitingFor: expect.stringMatching(/^Checks/),
    });
  });

  it('lets others go first while nobody can be asked about its own', async () => {
    await settings({});
    const first = await click();
    await asks('success');
    for (let round = 0; round < 3; round++) await w.look(first);
    expect(await w.engine.row(first)).toMatchObject({ status: 'queued', failureCode: 'checks_unread' });
    await settings({ repository: 'acme/app', ...BY_WORKFLOW });
    expect(await w.look(await click())).toMatchObject({ status: 'building' });
  });

  it('goes on with its checks where the policy asks for them while it waits for its turn', async () => {
    const deploymentId = await click();
    await asks('success');
    expect(await w.look(deploymentId)).toMatchObject({ status: 'building', troubleCount: 0 });
  });

  it('asks nobody about a package that came without a commit', async () => {
    await settings({});
    await asks('success');
    expect(await press('')).toBe('checks_missing');
    await asks('not_failing');
    expect(await press('')).toBe('created');
  });
});
