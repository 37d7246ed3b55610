// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are the vendor's expressions and must stay text.
import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { deployments, targets } from '@/lib/db/schema';
import type { InputValue } from '@/lib/providers/port';
import { type EngineWorld, engineWorld } from '../testing/engine-world';
import { declareWorkflow, fixInputs } from '../testing/workflow';
import { retryDeployment, rollBack } from './index';

type Inputs = Record<string, InputValue>;
interface Case {
  /** What the workflow declares, and where its job runs. */
  file: [inputs: string, environment: string];
  /** What Staging's target fixed once, and what it fixes now. */
  was: Inputs;
  now: Inputs;
  /** What Production's target fixes now. */
  production: Inputs;
  /** What another target of Staging fixes now. */
  beside?: Inputs;
  /** What Staging's target has to say first, where what it fixed then went elsewhere and nothing says it now. */
  settled?: Inputs;
  /** The names that an input of type `environment` offers. */
  offers?: string[];
  /** What the repository of both targets is called by now. */
  renamed?: string;
}

const TEXT = 'stage: {type: string}';
const COMPARED: Case = {
  file: [TEXT, "${{ inputs.stage == 'prod' && 'live' || 'qa' }}"],
  ...{ was: { stage: 'prod' }, now: { stage: 'x' }, production: { stage: 'prod' } },
};
const CASES: [what: string, each: Case][] = [
  ['by a comparison', COMPARED],
  [
    'by its name',
    { file: [TEXT, '${{ inputs.stage }}'], was: { stage: 'production' }, now: { stage: 'staging' }, production: {} },
  ],
  [
    'by an input that no job says, but its type',
    {
      file: ['stage: {type: environment}', 'staging'],
      ...{ was: { stage: 'production' }, now: { stage: 'staging' }, production: {} },
    },
  ],
  ['by what nothing fixes any more', { ...COMPARED, now: {}, settled: { stage: '' } }],
  ['by a comparison, in a repository that was renamed since', { ...COMPARED, renamed: 'acme/renamed' }],
  [
    'by its name in an input called so',
    {
      file: ['environment: {type: string}', 'staging'],
      ...{ was: { environment: 'Production' }, now: {}, production: {}, settled: { environment: 'staging' } },
    },
  ],
];
const REFUSED = {
  ...{ kind: 'precondition', code: 'other_environment' },
  sentence: expect.stringMatching(/production.* deploy the commit again: that goes with the settings of now\.$/i),
};

let world: EngineWorld;
beforeEach(async () => {
  world = await engineWorld();
});
afterEach(() => world.close());

async function begin({ file, was, offers }: Case): Promise<void> {
  declareWorkflow(world, ...file, offers);
  await fixInputs(world, 'staging', was);
}

async function change({ now, production, beside, renamed }: Case): Promise<void> {
  await fixInputs(world, 'staging', now, renamed);
  await fixInputs(world, 'production', production, renamed);
  if (!beside) return;
  const { db } = world.database;
  const [target] = await db.select().from(targets).where(eq(targets.id, 'tgt_staging'));
  const config = { repository: 'acme/app', inputs: beside };
  await db.insert(targets).values({ ...(target ?? expect.fail()), id: 'tgt_beside', label: 'beside', config });
}

const deployed = (phase: 'done' | 'failed' = 'done') => world.deployed(phase, { inputs: {} });
const back = (toDeploymentId: string, key = 'key-back-1') =>
  rollBack(world.as('operator'), { targetId: 'tgt_staging', toDeploymentId, reason: 'Errors', idempotencyKey: key });
const again = (deploymentId: string) => retryDeployment(world.as('operator'), { deploymentId });
const written = async () => (await world.database.db.select().from(deployments)).length;

/** Looks at it as a worker would, and how many requests that sent. */
async function look(id: string) {
  const before = world.vendor.requests;
  const row = await world.look(id);
  return { row, requests: world.vendor.requests - before };
}

describe.each(CASES)('what settings of before fixed leads nobody to another environment: %s', (_, each) => {
  test('not as a re-run, and a roll-back goes with the settings of now, once they say where', async () => {
    await begin(each);
    const first = await deployed();
    await deployed();
    const failed = await deployed('failed');
    await change(each);
    const before = await written();
    await expect(again(failed)).rejects.toMatchObject(REFUSED);
    expect(await written()).toBe(before);
    if (each.settled) {
      const way = /Fix the inputs in the target’s settings .*, then roll back once more\.$/;
      await expect(back(first)).rejects.toMatchObject({ sentence: expect.stringMatching(way) });
      await fixInputs(world, 'staging', each.settled);
    }
    const { row, requests } = await look((await back(first)).deploymentId);
    const inputs = each.settled ?? each.now;
    expect(row).toMatchObject({ kind: 'rollback', status: 'building', config: { inputs } });
    expect(requests).toBe(1);
  });

  test('not when what waited since is sent', async () => {
    await begin(each);
    const { deploymentId } = await world.click({ inputs: {} });
    await change(each);
    const { row, requests } = await look(deploymentId);
    expect(row).toMatchObject({
      status: 'failed',
      failureCode: 'other_environment',
      failureSentence: REFUSED.sentence,
    });
    expect(requests).toBe(0);
    expect(await world.audits('deployment.submit_refused')).toMatchObject([{ code: 'other_environment' }]);
  });
});

test('a roll-back that was let through is looked at once more before it is sent', async () => {
  await begin(COMPARED);
  const first = await deployed();
  await deployed();
  const { deploymentId } = await back(first);
  await change(COMPARED);
  const { row, requests } = await look(deploymentId);
  expect(row).toMatchObject({ status: 'failed', failureCode: 'other_environment' });
  expect(row.failureSentence).toMatch(/Or roll back once more: that goes with the settings of now\.$/);
  expect(requests).toBe(0);
  const once = await look((await back(first, 'key-back-2')).deploymentId);
  expect(once).toMatchObject({ row: { status: 'building', config: { inputs: COMPARED.now } }, requests: 1 });
  for (const run of world.vendor.runs) run.phase = 'failed';
  await world.look(once.row.id);
  await expect(again(deploymentId)).rejects.toMatchObject({ code: 'no_run' });
});

test('a file and settings that changed since are looked at together', async () => {
  await begin(COMPARED);
  const { deploymentId } = await world.click({ inputs: {} });
  await change({ ...COMPARED, production: { stage: 'other' } });
  declareWorkflow(world, TEXT, "${{ inputs.stage == 'test' && 'qa' || inputs.stage == 'x' && 'qa' || 'live' }}");
  world.vendor.file = 'd'.repeat(64);
  const { row, requests } = await look(deploymentId);
  expect(row).toMatchObject({ status: 'failed', failureCode: 'form_changed' });
  expect(row.failureSentence).toMatch(/“live”, where a target of production may go/);
  expect(requests).toBe(0);
});

test('what waited before its fixed inputs were told apart is refused by the names of environments', async () => {
  await begin({ ...COMPARED, was: { stage: 'production' } });
  const { deploymentId } = await world.click({ inputs: {} });
  const { environmentInputs: _, places: __, ...before } = (await world.row(deploymentId)).dispatch;
  await world.database.db.update(deployments).set({ dispatch: before }).where(eq(deployments.id, deploymentId));
  await change(COMPARED);
  const { row, requests } = await look(deploymentId);
  expect(row).toMatchObject({ status: 'failed', failureCode: 'other_environment' });
  expect(requests).toBe(0);
});

const FINE: [what: string, each: Case][] = [
  [
    'the target’s own settings still fix it, whatever else of them changed',
    { ...COMPARED, now: { ...COMPARED.was, more: 'x' } },
  ],
  [
    'the target’s own settings still fix it, in a repository that was renamed since',
    { ...COMPARED, now: COMPARED.was, production: { stage: 'live' }, renamed: 'acme/renamed' },
  ],
  [
    'it is fixed still to a name of its own, in a repository that was renamed since',
    {
      file: ['environment: {type: environment}', '${{ inputs.environment }}'],
      ...{ was: { environment: 'staging-eu' }, now: { environment: 'staging-eu' } },
      ...{ production: { environment: 'production' }, renamed: 'acme/renamed', offers: ['staging', 'staging-eu'] },
    },
  ],
  ['another target of the own environment fixes it', { ...COMPARED, beside: COMPARED.was }],
  ['it leads to nobody else, also if nothing fixes it any more', { ...COMPARED, now: {}, production: {} }],
  [
    'it says the own environment',
    {
      file: ['environment: {type: environment}', '${{ inputs.environment }}'],
      ...{ was: { environment: 'staging' }, now: {}, production: { environment: 'production' } },
    },
  ],
];

describe.each(FINE)('what settings of before fixed goes on where %s', (_, each) => {
  test('as a re-run, and as a roll-back', async () => {
    await begin(each);
    const first = await deployed();
    await deployed();
    const failed = await deployed('failed');
    await change(each);
    const { deploymentId } = await again(failed);
    expect((await look(deploymentId)).requests).toBe(1);
    for (const run of world.vendor.runs) run.phase = 'done';
    await world.look(deploymentId);
    const { deploymentId: backId } = await back(first);
    expect((await look(backId)).row.status).toBe('building');
  });

  test('when what waited since is sent', async () => {
    await begin(each);
    const { deploymentId } = await world.click({ inputs: {} });
    await change(each);
    expect((await look(deploymentId)).requests).toBe(1);
  });
});
