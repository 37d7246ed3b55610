import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ServiceContext } from '@/lib/auth/context';
import { targets } from '@/lib/db/schema';
import { readVsix } from '@/lib/sandbox/vsix';
import { type WorkflowWorld, workflowWorld } from '../testing/workflow-world';
import { advance } from './advance';
import { publishPackage } from './publish-package';
import { readDeployment } from './read-deployment';
import { readLog } from './read-log';
import { readLogs } from './read-logs';

/** A log is asked for where a run writes one; a gallery writes none. */
let w: WorkflowWorld;

beforeAll(async () => {
  w = await workflowWorld(readVsix);
  const config = { extension: 'acme.demo', channel: 'stable' };
  await w.engine.database.db.update(targets).set({ config }).where(eq(targets.id, 'tgt_production'));
});
beforeEach(() => w.begin());
afterEach(() => w.endAll());
afterAll(() => w.engine.close());

const operator = () => w.through(w.engine.as('operator'));

async function download(ctx: ServiceContext, deploymentId: string): Promise<string> {
  return await new Response((await readLogs(ctx, { deploymentId })).body).text();
}

describe('the jobs of a publication', () => {
  it('are those of its run alone, to their end, while the gallery is waited for and after it', async () => {
    const { packageId, bytes } = await w.packaged('1.0.0');
    const { deploymentId } = await w.click(packageId);
    for (let round = 0; round < 2; round++) await w.look(deploymentId);
    const jobs = async () => (await readDeployment(operator(), { deploymentId })).jobs;
    const [job] = await jobs();
    for (const run of w.engine.vendor.runs) run.phase = 'done';
    await w.workflowPublishes('1.0.0', bytes, false);
    for (let round = 0; round < 2; round++) await w.look(deploymentId);
    expect(await w.engine.row(deploymentId)).toMatchObject({ status: 'deploying' });
    const waits = await jobs();
    expect(waits.map(({ jobId }) => jobId)).toEqual([job?.jobId]);
    expect(waits[0]?.status, 'its end is written as well').toBe('succeeded');
    w.there.advance(600_000);
    for (let round = 0; round < 4; round++) await w.look(deploymentId);
    expect(await w.engine.row(deploymentId)).toMatchObject({ status: 'succeeded' });
    expect(await jobs()).toEqual(waits);
    expect(await download(operator(), deploymentId)).toBe(`==> ${job?.name} <==\npublish.yml, job ${job?.jobId}\n`);
  });

  it('are one step without a log, where the gallery takes the package itself', async () => {
    const { packageId } = await w.packaged('2.0.0');
    const { deploymentId } = await publishPackage(w.withToken(w.engine.as('operator')), {
      ...{ packageId, targetId: 'tgt_production', reason: '', ticked: [], freezeOverrideReason: null },
      idempotencyKey: 'no-run-1-abcdef',
    });
    for (let round = 0; round < 2; round++) await advance(w.withToken(w.engine.engine), deploymentId);
    const shown = await readDeployment(operator(), { deploymentId });
    expect(shown).toMatchObject({ logs: null, jobs: [{ name: 'Publish', jobId: 'acme.demo@2.0.0' }] });
    const said = { text: '', cursor: null, notice: expect.stringMatching(/^It has no log/) };
    expect(await readLog(operator(), { deploymentId, jobId: 'acme.demo@2.0.0' })).toMatchObject(said);
    expect(await download(operator(), deploymentId)).toMatch(/^==> Publish <==\nIt has no log: .*\n$/);
  });
});
