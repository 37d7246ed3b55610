import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { blueprintFiles } from '@/lib/blueprints/model/generate';
import { deployments, targets } from '@/lib/db/schema';
import { readPlan } from '@/lib/publications/server/read-plan';
import { readVsix } from '@/lib/sandbox/vsix';
import { CI, PACKAGE_SHA, type WorkflowWorld, workflowWorld } from '../testing/workflow-world';
import { readDeployment } from './read-deployment';

let w: WorkflowWorld;
let blueprint: string;
let version = 0;

const BOTH = ['staging', 'production'];
const REFUSED = { kind: 'precondition', code: 'other_environment', sentence: expect.stringMatching(/staging/i) };

async function fileFor(environments: string[]): Promise<string> {
  const at = { repository: 'acme/app', branch: 'main', marketplace: 'entra' } as const;
  const files = await blueprintFiles({ ...at, kind: 'extension', name: 'demo', environments });
  return files.find(({ path }) => path.startsWith('.github/workflows/'))?.text ?? expect.fail('There is no workflow.');
}

/** What the Marketplace target of an environment says of its workflow. */
async function settle(target: 'staging' | 'production', over: Record<string, string> = {}) {
  const named = { repository: 'acme/app', workflow: 'publish.yml', workflowConnection: CI, workflowBranch: 'main' };
  const config = { extension: 'acme.demo', channel: 'stable', ...named, ...over };
  const { db } = w.engine.database;
  await db
    .update(targets)
    .set({ config })
    .where(eq(targets.id, `tgt_${target}`));
}

beforeAll(async () => {
  w = await workflowWorld(readVsix);
  blueprint = await fileFor(BOTH);
});
beforeEach(async () => {
  w.begin();
  w.file = blueprint;
  w.offers = BOTH;
  for (const target of ['staging', 'production'] as const) await settle(target);
});
afterEach(() => w.endAll());
afterAll(() => w.engine.close());

const packaged = async () => (await w.packaged(`1.0.${++version}`)).packageId;
const clicked = async (target?: 'staging' | 'production') => w.click(await packaged(), target);
const told = async (id: string) => (await w.engine.row(id)).dispatch.publish?.by?.inputs.environment;
const written = async () => (await w.engine.database.db.select().from(deployments)).length;

describe('a workflow that publishes is told where to run', () => {
  it('in the target’s own environment, whatever its file falls back to, and the page says so', async () => {
    const { deploymentId } = await clicked('production');
    expect(await told(deploymentId)).toBe('production');
    expect(await w.look(deploymentId)).toMatchObject({ status: 'building', sha: PACKAGE_SHA });
    const shown = await readDeployment(w.through(w.engine.as('operator')), { deploymentId });
    expect(shown.inputs).toMatchObject({ environment: 'production', channel: 'stable' });
    expect(await told((await clicked()).deploymentId)).toBe('staging');
  });

  it('in what its settings say, whatever that is called; the plan tells it before anything is pressed', async () => {
    await settle('production', { workflowEnvironment: 'marketplace' });
    w.file = await fileFor(['marketplace']);
    const packageId = await packaged();
    const { places } = await readPlan(w.through(w.engine.as('operator')), { packageId });
    const runs = places.map(({ targetId, run }) => [targetId, run?.workflow, run?.environment]);
    expect(runs).toContainEqual(['tgt_production', 'publish.yml', 'marketplace']);
    expect(runs).toContainEqual(['tgt_staging', 'publish.yml', null]);
    const { deploymentId } = await w.click(packageId, 'production');
    expect(await told(deploymentId)).toBe('marketplace');
    expect((await w.look(deploymentId)).status).toBe('building');
  });

  it('and is not started where it offers only another one’s, which it would fall back to', async () => {
    const before = await written();
    w.file = await fileFor(['staging']);
    w.offers = ['staging'];
    await expect(clicked('production')).rejects.toMatchObject(REFUSED);
    expect(await written()).toBe(before);
  });

  it('but not one that asks for none, also where the settings name one', async () => {
    w.file = null;
    await settle('production', { workflowEnvironment: 'marketplace' });
    const { deploymentId } = await clicked('production');
    expect(await told(deploymentId)).toBeUndefined();
    expect((await w.look(deploymentId)).status).toBe('building');
  });
});

describe('what waits is asked again before it is started', () => {
  const refused = async (id: string) => {
    expect(await w.look(id)).toMatchObject({ status: 'failed', failureCode: 'other_environment' });
    expect(w.engine.vendor.requests).toBe(0);
  };

  it('where what its settings said is another environment’s by now', async () => {
    await settle('staging', { workflowEnvironment: 'live' });
    const { deploymentId } = await clicked();
    expect(await told(deploymentId)).toBe('live');
    await settle('staging');
    await settle('production', { workflowEnvironment: 'live' });
    await refused(deploymentId);
  });

  it('where its workflow is by now that of another environment’s target alone', async () => {
    const { deploymentId } = await clicked();
    await settle('staging', { workflow: 'publish-staging.yml' });
    await refused(deploymentId);
  });

  it('and goes where nothing changed for it', async () => {
    await settle('staging', { workflowEnvironment: 'live' });
    const { deploymentId } = await clicked();
    await settle('production', { workflowEnvironment: 'production' });
    expect((await w.look(deploymentId)).status).toBe('building');
  });
});
