import { eq, sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ServiceContext } from '@/lib/auth/context';
import { approvals, deployments, grants, users } from '@/lib/db/schema';
import { ProviderError } from '@/lib/providers/port';
import { type GateWorld, gateWorld } from '../testing/gate-world';
import { approve, cancelDeployment, readApproval, readDeployment, reject } from './index';

let world: GateWorld;
let ben: ServiceContext;
let cleo: ServiceContext;
beforeEach(async () => {
  world = await gateWorld();
  ben = await world.person('ben');
  cleo = await world.person('cleo');
});
afterEach(() => world.close());

const refusedWith = (code: string) => expect.objectContaining({ code });

async function asked(required = 1, who?: ServiceContext): Promise<string> {
  await world.policy('staging', { approvals: required, approvalHours: 2 });
  return (await world.click(who ? { who } : {})).deploymentId;
}

describe('approvals', () => {
  test('are asked of people before anything is sent, for as long as the policy says', async () => {
    const id = await asked();
    const row = await world.look(id);
    expect(row.status).toBe('awaiting_approval');
    const left = (row.deadlineAt?.getTime() ?? 0) - Date.now();
    expect(left).toBeGreaterThan(2 * 3_600_000 - 60_000);
    expect(left).toBeLessThanOrEqual(2 * 3_600_000 + 1_000);
    expect(world.vendor.requests).toBe(0);
    expect(await world.approveAs(ben, id)).toEqual({ status: 'queued', given: 1, required: 1 });
    expect((await world.look(id)).status).toBe('building');
    expect(await world.timeline(id)).toEqual(['requested', 'approved', 'approve', 'claim', 'observe_building']);
    expect(await world.audits('deployment.approve')).toMatchObject([
      { environment: 'staging', outcome: 'done', actorName: 'ben' },
      { outcome: 'done' },
    ]);
  });

  test('need as many distinct people, however often one of them says so', async () => {
    const id = await asked(2);
    expect(await world.approveAs(ben, id)).toMatchObject({ status: 'awaiting_approval', given: 1 });
    expect(await world.approveAs(ben, id)).toMatchObject({ status: 'awaiting_approval', given: 1 });
    expect(await world.approveAs(world.tokenOf('ben', ['approve']), id)).toMatchObject({ given: 1 });
    expect(await world.standing(id)).toHaveLength(1);
    expect(await world.approveAs(cleo, id)).toMatchObject({ status: 'queued', given: 2 });
  });

  test('ask the provider nothing when they are refused, or were given already', async () => {
    const id = await asked(2);
    let opened = 0;
    const counted = (who: ServiceContext): ServiceContext => ({
      ...who,
      openConnection: (...args) => {
        opened += 1;
        return who.openConnection(...args);
      },
    });
    await expect(world.approveAs(counted(world.as('admin')), id)).rejects.toEqual(refusedWith('forbidden'));
    const own = counted(world.as('approver', 'operator'));
    await expect(world.approveAs(own, id)).rejects.toEqual(refusedWith('own_request'));
    const stale = { deploymentId: id, digest: '0'.repeat(64), reason: '' };
    await expect(approve(counted(ben), stale)).rejects.toEqual(refusedWith('approval_changed'));
    expect(opened).toBe(0);
    await world.approveAs(counted(ben), id);
    expect(opened).toBe(1);
    expect(await world.approveAs(counted(ben), id)).toMatchObject({ given: 1, required: 2 });
    expect(opened).toBe(1);
  });

  test('are never one’s own, also not through a token, and take the role', async () => {
    const dana = await world.person('dana');
    const both = { ...dana, actor: { ...dana.actor, grants: [...grantsOf(dana), ...grantsOf(world.as('operator'))] } };
    const id = await asked(1, both as ServiceContext);
    await expect(world.approveAs(dana, id)).rejects.toEqual(refusedWith('own_request'));
    await expect(world.approveAs(world.tokenOf('dana', ['approve']), id)).rejects.toEqual(refusedWith('own_request'));
    await expect(world.approveAs(world.tokenOf('ben', ['deploy']), id)).rejects.toEqual(refusedWith('scope_missing'));
    await expect(world.approveAs(world.as('admin'), id)).rejects.toEqual(refusedWith('forbidden'));
    await expect(world.approveAs(world.engine, id)).rejects.toEqual(refusedWith('not_a_person'));
    expect((await world.row(id)).status).toBe('awaiting_approval');
  });

  test('count for exactly what was on the page', async () => {
    const id = await asked();
    const digest = 'f'.repeat(64);
    await expect(approve(ben, { deploymentId: id, digest })).rejects.toEqual(refusedWith('approval_changed'));
    expect(await world.standing(id)).toEqual([]);
  });

  test('are void when the policy changes; what waits comes under the new one', async () => {
    const id = await asked(2);
    const before = (await world.row(id)).approvalDigest;
    await world.approveAs(ben, id);
    await world.policy('staging', { approvals: 1, checklist: ['Backup taken'] });
    const row = await world.row(id);
    expect(row).toMatchObject({ status: 'awaiting_approval', policyVersion: 3 });
    expect(row.approvalDigest).not.toBe(before);
    expect(await world.standing(id)).toEqual([]);
    await expect(approve(ben, { deploymentId: id, digest: before ?? '' })).rejects.toEqual(
      refusedWith('approval_changed'),
    );
    const seen = await readDeployment(world.as('viewer'), { deploymentId: id });
    expect(seen.approval).toMatchObject({ required: 1, given: 0 });
    expect(seen.approval?.entries).toMatchObject([
      { by: { name: 'ben' }, voided: 'What staging asks for has changed.' },
    ]);
    expect(seen.timeline.map((entry) => entry.kind)).toContain('policy_changed');
    expect(await world.approveAs(ben, id)).toMatchObject({ status: 'queued', given: 1 });
  });

  test('are asked again of what is queued, and no longer of what waits, when the policy says so', async () => {
    const { deploymentId } = await world.click();
    await world.policy('staging', { approvals: 1 });
    expect((await world.row(deploymentId)).status).toBe('awaiting_approval');
    await world.approveAs(ben, deploymentId);
    await world.policy('staging', { approvals: 1, approvalHours: 5 });
    expect((await world.row(deploymentId)).status).toBe('awaiting_approval');
    await world.policy('staging', {});
    expect((await world.look(deploymentId)).status).toBe('building');
  });

  test('a claimed deployment is left alone by a change of policy', async () => {
    const { deploymentId } = await world.click();
    await world.look(deploymentId);
    await world.policy('staging', { approvals: 1 });
    expect(await world.row(deploymentId)).toMatchObject({ status: 'building', policyVersion: 1 });
  });

  test.each([
    ['lost the role', () => world.database.db.delete(grants).where(eq(grants.userId, 'user_ben')), /may no longer/],
    [
      'lost access',
      () => world.database.db.update(users).set({ disabledAt: sql`now()` }).where(eq(users.id, 'user_ben')),
      /no access any more/,
    ],
  ] as const)('of somebody who %s do not count at dispatch: others are asked', async (_name, take, why) => {
    const id = await asked();
    await world.approveAs(ben, id);
    await take();
    const row = await world.look(id);
    expect(row.status).toBe('awaiting_approval');
    expect(world.vendor.requests).toBe(0);
    const [said] = await world.database.db.select().from(approvals);
    expect(said?.voidedReason).toMatch(why);
    expect((await readApproval(ben, { deploymentId: id })).canApprove).toEqual(['cleo']);
    await world.approveAs(cleo, id);
    expect((await world.look(id)).status).toBe('building');
  });

  test('end with one no and its reason', async () => {
    const id = await asked(2);
    await world.approveAs(ben, id);
    const digest = (await world.row(id)).approvalDigest ?? '';
    await expect(reject(cleo, { deploymentId: id, digest, reason: ' ' })).rejects.toThrow();
    expect(await reject(cleo, { deploymentId: id, digest, reason: 'Not on a Friday' })).toEqual({ status: 'rejected' });
    expect(await world.row(id)).toMatchObject({
      status: 'rejected',
      failureSentence: 'cleo rejected it: Not on a Friday',
    });
    await expect(world.approveAs(ben, id)).rejects.toEqual(refusedWith('not_waiting'));
  });

  test('come too late after their time, whether or not the engine has been there', async () => {
    const id = await asked();
    await world.database.db
      .update(deployments)
      .set({ deadlineAt: sql`clock_timestamp()` })
      .where(eq(deployments.id, id));
    await expect(world.approveAs(ben, id)).rejects.toEqual(refusedWith('approval_expired'));
    expect(await world.look(id)).toMatchObject({ status: 'timed_out', failureCode: 'deadline' });
    expect((await world.row(id)).failureSentence).toMatch(/^Not enough people approved it in time/);
  });

  test('can be called off by whoever asked', async () => {
    const id = await asked();
    expect(await cancelDeployment(world.as('operator'), { deploymentId: id })).toEqual({ status: 'cancelled' });
  });
});

describe('the workflow file that was approved, when it changed on the branch since', () => {
  async function approvedThenChanged(): Promise<string> {
    const id = await asked();
    await world.approveAs(ben, id);
    world.vendor.file = '9'.repeat(64);
    return id;
  }

  test('is not run: people are asked about the new one, and what they said about the former counts no more', async () => {
    const id = await approvedThenChanged();
    const before = await world.row(id);
    const row = await world.look(id);
    expect(row).toMatchObject({ status: 'awaiting_approval', dispatch: { form: { digest: world.vendor.file } } });
    expect(row.approvalDigest).not.toBe(before.approvalDigest);
    expect(await world.standing(id)).toEqual([]);
    expect(await world.timeline(id)).toEqual(expect.arrayContaining(['claim', 'requeue', 'require_approval']));
    expect(world.vendor.requests).toBe(0);
    const old = approve(ben, { deploymentId: id, digest: before.approvalDigest ?? '', reason: '' });
    await expect(old).rejects.toEqual(refusedWith('approval_changed'));
    await world.approveAs(ben, id);
    expect((await world.look(id)).status).toBe('building');
    expect((await world.attemptsOf(id)).map((each) => each.state)).toEqual(['refused', 'accepted']);
  });

  test('lets what waits behind it have its turn, in the same commit', async () => {
    const id = await approvedThenChanged();
    const next = await world.click({ inputs: { level: 'debug' } });
    await world.approveAs(ben, next.deploymentId);
    world.woken.length = 0;
    expect((await world.look(id)).status).toBe('awaiting_approval');
    expect(world.woken).toContain(next.deploymentId);
  });

  test('and what was filled in does not fit the new one, ends it with what to do', async () => {
    const id = await approvedThenChanged();
    const workflows = world.vendor.provider.methods.workflows ?? expect.fail('no forms');
    const { form } = workflows;
    workflows.form = async (...args) => {
      const read = await form(...args);
      return { ...read, fields: read.fields.map((field) => ({ ...field, options: ['loud'] })) };
    };
    expect(await world.look(id)).toMatchObject({
      status: 'failed',
      failureCode: 'form_changed',
      failureSentence: expect.stringMatching(
        /is not the file that this was asked for with.*does not fit it: level.*deploy again\.$/,
      ),
    });
    expect(world.vendor.requests).toBe(0);
  });

  test('is asked for again later while the provider does not say what it is now', async () => {
    const id = await approvedThenChanged();
    const workflows = world.vendor.provider.methods.workflows ?? expect.fail('no forms');
    const { form } = workflows;
    workflows.form = () => Promise.reject(new ProviderError('unavailable', 'unreachable', 'It cannot be reached.'));
    expect(await world.look(id)).toMatchObject({ status: 'submitting', troubleSentence: 'It cannot be reached.' });
    workflows.form = form;
    await world.passTime(60);
    expect((await world.look(id)).status).toBe('awaiting_approval');
    expect(world.vendor.requests).toBe(0);
  });
});

test('the page to approve from shows what is approved, by whom it can be, and why the reader may not', async () => {
  await world.deployed();
  world.vendor.history = [world.vendor.head, 'b'.repeat(40)];
  await world.policy('staging', { approvals: 2, checklist: ['Backup taken'] });
  await expect(world.click({ sha: 'b'.repeat(40) })).rejects.toEqual(refusedWith('checklist_open'));
  const { deploymentId } = await world.click({ sha: 'b'.repeat(40), checklist: ['Backup taken'] });
  await world.approveAs(ben, deploymentId);
  const packet = await readApproval(ben, { deploymentId });
  expect(packet).toMatchObject({
    required: 2,
    given: 1,
    canApprove: ['cleo'],
    commits: { totalIncluded: 1, totalLeaving: 0 },
    commitsProblem: null,
    inputs: { level: 'info' },
    workflow: { path: 'deploy.yml', digest: world.vendor.file },
    configNames: ['repository'],
    checklist: [{ item: 'Backup taken', ticked: true }],
    live: { sha: world.vendor.head },
    refusal: { code: 'already_approved' },
  });
  expect(packet.digest).toBe((await world.row(deploymentId)).approvalDigest);
  expect(packet.gates.map((gate) => gate.kind)).not.toContain('permission');
  expect((await readApproval(cleo, { deploymentId })).refusal).toBeNull();
  expect((await readApproval(world.as('operator'), { deploymentId })).refusal?.code).toBe('forbidden');
});

function grantsOf(ctx: ServiceContext) {
  return ctx.actor.kind === 'user' ? ctx.actor.grants : [];
}
