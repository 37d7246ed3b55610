// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are the vendor's expressions and must stay text.
import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { components, targets } from '@/lib/db/schema';
import { endFreeze } from '@/lib/gates/server';
import { leadsTo } from '@/lib/providers/github/leads-to';
import { formFrom } from '@/lib/providers/github/workflow-form';
import type { InputValue } from '@/lib/providers/port';
import { type GateWorld, gateWorld } from '../testing/gate-world';
import { overrideFreeze } from './override-freeze';

const SOURCE = { path: 'deploy.yml', sha: 'a'.repeat(40), url: '' };

let world: GateWorld;
let sent: Record<string, InputValue>[];
beforeEach(async () => {
  world = await gateWorld();
  sent = [];
  const { deploy } = world.vendor.provider.methods;
  if (!deploy) throw new Error('The scripted provider deploys.');
  const { trigger } = deploy;
  deploy.trigger = async (context, config, request) => {
    const run = await trigger(context, config, request);
    sent.push(request.inputs);
    return run;
  };
});
afterEach(() => world.close());

let files = 0;
/** The workflow file as it is from now on. */
function workflow(inputs: string, environment = 'staging'): void {
  const { workflows } = world.vendor.provider.methods;
  if (!workflows) throw new Error('The scripted provider has a form.');
  const text = `on: {workflow_dispatch: {inputs: {sha: {}, ${inputs}}}}\njobs: {a: {environment: ${JSON.stringify(environment)}}}`;
  const digest = String(++files % 10).repeat(64);
  world.vendor.file = digest;
  workflows.form = async (_, config) =>
    formFrom(text, { ...SOURCE, digest }, [], Object.keys((config.inputs ?? {}) as object));
  workflows.leadsTo = leadsTo;
}

/** Asked for with one file, held by a freeze, and sent once another one is there. */
async function frozenMeanwhile(
  before: string,
  after: string,
  inputs: Record<string, InputValue>,
  environment?: string,
) {
  workflow(before);
  const { deploymentId } = await world.click({ inputs });
  const freezeId = await world.freeze('staging');
  expect((await world.look(deploymentId)).status).toBe('queued');
  workflow(after, environment);
  await endFreeze(world.as('admin'), { freezeId, reason: 'The quarter is closed' });
  return world.look(deploymentId);
}

const STAGE = 'stage: {type: string}';

describe('a workflow file that changed behind a freeze, where nobody approves', () => {
  test('and gained an optional input: it is sent with its default, which is written down', async () => {
    const row = await frozenMeanwhile(STAGE, `${STAGE}, verbose: {type: boolean, default: false}`, { stage: 'x' });
    expect(row).toMatchObject({ status: 'building', inputs: { stage: 'x', verbose: false } });
    expect(row.dispatch.form?.digest).toBe(world.vendor.file);
    expect(sent).toEqual([{ stage: 'x', verbose: false }]);
    expect((await world.attemptsOf(row.id)).map((each) => each.state)).toEqual(['refused', 'accepted']);
    expect(await world.timeline(row.id)).toEqual(expect.arrayContaining(['requeue', 'observe_building']));
  });

  test('and declares by now what the target’s settings fix: it is sent as they say', async () => {
    const config = { repository: 'acme/app', inputs: { region: 'eu-west' } };
    await world.database.db.update(targets).set({ config }).where(eq(targets.id, 'tgt_staging'));
    const row = await frozenMeanwhile(STAGE, `${STAGE}, region: {type: string, default: us}`, { stage: 'x' });
    expect(row).toMatchObject({ status: 'building', config });
    expect(sent).toEqual([{ stage: 'x' }]);
  });

  test('and gained what the target’s settings fix since: it ends, for the file’s default would go instead', async () => {
    workflow(STAGE);
    const { deploymentId } = await world.click({ inputs: { stage: 'x' } });
    const freezeId = await world.freeze('staging');
    expect((await world.look(deploymentId)).status).toBe('queued');
    workflow(`${STAGE}, host: {type: string, default: first}`);
    const config = { repository: 'acme/app', inputs: { host: 'second' } };
    await world.database.db.update(targets).set({ config }).where(eq(targets.id, 'tgt_staging'));
    await endFreeze(world.as('admin'), { freezeId, reason: 'The quarter is closed' });
    const row = await world.look(deploymentId);
    expect(row).toMatchObject({ status: 'failed', failureCode: 'form_changed' });
    expect(row.failureSentence).toMatch(/“host” is fixed by the target’s settings of now.* then deploy again\.$/);
    expect(sent).toEqual([]);
  });

  test('and has another default: what the form showed is sent, and what had none is sent as the new one', async () => {
    const before = 'shown: {type: string, default: a}, open: {type: string}';
    const row = await frozenMeanwhile(before, before.replace('a}', 'b}').replace('string}', 'string, default: c}'), {});
    expect(row.status).toBe('building');
    expect(sent).toEqual([{ shown: 'a', open: 'c' }]);
  });

  test.each<[string, string, RegExp, string?]>([
    ['lost an input', 'other: {type: string}', /does not fit it: stage: The workflow has no such input/],
    ['requires another one', `${STAGE}, why: {type: string, required: true}`, /does not fit it: why: This is required/],
    [
      'leads elsewhere by the default of a new one',
      `${STAGE}, zone: {type: string, default: live}`,
      /does not fit it: This target is staging/,
      "${{ inputs.zone == 'live' && 'production' || 'staging' }}",
    ],
  ])('and %s: it ends, unsent', async (_, after, sentence, environment) => {
    const row = await frozenMeanwhile(STAGE, after, { stage: 'x' }, environment);
    expect(row).toMatchObject({ status: 'failed', failureCode: 'form_changed', inputs: { stage: 'x' } });
    expect(row.failureSentence).toMatch(sentence);
    expect(sent).toEqual([]);
  });

  test('and takes an image by now: it ends, for nobody looked at that one', async () => {
    const image = { repository: 'acme/app', imageInput: 'image', digestInput: null, platform: null };
    await world.database.db
      .update(components)
      .set({ image, imageConnectionId: 'con_1' })
      .where(eq(components.id, 'cmp_backend'));
    const row = await frozenMeanwhile(STAGE, `${STAGE}, image: {type: string, default: latest}`, { stage: 'x' });
    expect(row).toMatchObject({ status: 'failed', failureCode: 'form_changed' });
    expect(row.failureSentence).toMatch(/Its new input “image” is looked at only when/);
    expect(sent).toEqual([]);
  });
});

test('what was let through a freeze waits in it again with another file, until it is let through with that one', async () => {
  workflow(STAGE);
  const first = await world.click({ inputs: { stage: 'first' } });
  expect((await world.look(first.deploymentId)).status).toBe('building');
  const { deploymentId } = await world.click({ inputs: { stage: 'x' } });
  await world.freeze('staging');
  const letThrough = () => overrideFreeze(world.as('admin'), { deploymentId, reason: 'The legal notice is wrong' });
  await letThrough();
  workflow(`${STAGE}, verbose: {type: boolean, default: false}`);
  const run = world.vendor.runs.at(-1) ?? expect.fail('no run');
  run.phase = 'done';
  await world.look(first.deploymentId);
  const held = await world.look(deploymentId);
  expect(held).toMatchObject({ status: 'queued', freezeOverride: null, inputs: { stage: 'x', verbose: false } });
  expect(held.waitingFor).toMatch(/^Frozen by admin/);
  expect(sent).toEqual([{ stage: 'first' }]);
  await letThrough();
  expect((await world.look(deploymentId)).status).toBe('building');
  expect(sent.at(-1)).toEqual({ stage: 'x', verbose: false });
});

test('what people approved is not sent with an input that they did not see, whatever its default', async () => {
  await world.policy('staging', { approvals: 1 });
  workflow(STAGE);
  const { deploymentId } = await world.click({ inputs: { stage: 'x' } });
  await world.approveAs(await world.person('ben'), deploymentId);
  workflow(`${STAGE}, verbose: {type: boolean, default: false}`);
  const row = await world.look(deploymentId);
  expect(row).toMatchObject({ status: 'failed', failureCode: 'form_changed', inputs: { stage: 'x' } });
  expect(row.failureSentence).toMatch(/It has other inputs now than those that were filled in/);
  expect(sent).toEqual([]);
});
