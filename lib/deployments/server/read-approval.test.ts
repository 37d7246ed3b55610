import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { targets, verdicts } from '@/lib/db/schema';
import { ProviderError } from '@/lib/providers/port';
import { type GateWorld, gateWorld } from '../testing/gate-world';
import { readApproval, rollBack } from './index';

const [OLD, NEW] = ['1', '2'].map((digit) => digit.repeat(40)) as [string, string];
let world: GateWorld;
beforeEach(async () => {
  world = await gateWorld();
  world.vendor.history = [OLD, NEW];
  await world.policy('production', { approvals: 1, checks: 'success' });
});
afterEach(() => world.close());

const packetOf = async (deploymentId: string) => readApproval(await world.person('Ana'), { deploymentId });
const gateOf = ({ gates }: Awaited<ReturnType<typeof readApproval>>, kind: string) =>
  gates.find((gate) => gate.kind === kind);

/** Live in production without anybody asked. */
async function live(sha: string) {
  await world.policy('production', {});
  const id = await world.deployed('done', { target: 'production', sha });
  await world.policy('production', { approvals: 1, checks: 'success' });
  return id;
}

describe('what CI says of the commit that is approved', () => {
  it('is shown of a first deployment, and what the worker will hold it for', async () => {
    const { deploymentId } = await world.click({ target: 'production', sha: NEW });
    world.vendor.checks[NEW] = 'failure';
    const packet = await packetOf(deploymentId);
    expect(packet).toMatchObject({ commits: null, checks: 'failure', checksProblem: null });
    expect(gateOf(packet, 'checks')).toMatchObject({ state: 'closed', code: 'checks_failed' });
  });

  it('is shown of the live commit with other inputs, and of a roll-back, which is not held for it', async () => {
    const first = await live(OLD);
    await live(NEW);
    const again = await world.click({ target: 'production', sha: NEW, inputs: { level: 'debug' } });
    expect(await packetOf(again.deploymentId)).toMatchObject({ commits: { totalIncluded: 0 }, checks: 'success' });
    world.vendor.checks[OLD] = 'failure';
    const back = await rollBack(world.as('operator'), {
      ...{ targetId: 'tgt_production', toDeploymentId: first, reason: 'It is down', idempotencyKey: 'key-back-packet' },
    });
    const packet = await readApproval(world.as('approver'), { deploymentId: back.deploymentId });
    expect(packet.checks).toBe('failure');
    expect(gateOf(packet, 'checks')).toBeUndefined();
  });

  it('comes with the names of those that count, where the policy gives them', async () => {
    const { deploymentId } = await world.click({ target: 'production', sha: NEW });
    expect(await packetOf(deploymentId)).toMatchObject({ requiredChecks: [] });
    await world.policy('production', { approvals: 1, checks: 'success', requiredChecks: ['unit', 'e2e'] });
    const packet = await readApproval(world.as('approver'), { deploymentId });
    expect(packet).toMatchObject({ requiredChecks: ['unit', 'e2e'] });
    expect(gateOf(packet, 'checks')?.sentence).toContain('(unit, e2e)');
  });

  it('is said to be unread, with why, and stays so in no other gate', async () => {
    const { deploymentId } = await world.click({ target: 'production', sha: NEW });
    const gone = new ProviderError('unavailable', 'unreachable', 'It cannot be reached.');
    Object.assign(world.vendor.provider.methods.source ?? {}, { commit: () => Promise.reject(gone) });
    const packet = await packetOf(deploymentId);
    expect(packet).toMatchObject({ checks: null, checksProblem: 'It cannot be reached.', requiredChecks: [] });
    expect(gateOf(packet, 'checks')).toBeUndefined();
  });
});

it('says that something newer went live meanwhile, as the worker will', async () => {
  const { deploymentId } = await world.click({ target: 'production', sha: OLD });
  expect(gateOf(await packetOf(deploymentId), 'age')).toBeUndefined();
  const other = await world.click({ target: 'production', sha: NEW, inputs: { level: 'debug' } });
  await world.approveAs(await world.person('Ben'), other.deploymentId);
  await world.look(other.deploymentId);
  const run = world.vendor.runs.at(-1) ?? expect.fail('no run');
  run.phase = 'done';
  await world.look(other.deploymentId);
  expect(await world.current('production')).toBe(other.deploymentId);
  const packet = await readApproval(world.as('approver'), { deploymentId });
  expect(gateOf(packet, 'age')).toMatchObject({ state: 'closed', code: 'older_than_live' });
});

describe('how what is live does', () => {
  it('is nothing where nothing is, and why nobody judges it where it is not measured', async () => {
    const first = await world.click({ target: 'production', sha: OLD });
    expect((await packetOf(first.deploymentId)).verdict).toBeNull();
    await live(OLD);
    const next = await world.click({ target: 'production', sha: NEW });
    const { verdict, health } = await readApproval(world.as('approver'), { deploymentId: next.deploymentId });
    expect(verdict).toMatchObject({ verdict: null, why: expect.stringContaining('Nothing measures this target') });
    expect(health.state, 'drift is another thing').toBe('unknown');
  });

  it('is its verdict', async () => {
    const id = await live(OLD);
    const { db } = world.database;
    const at = new Date();
    await db
      .update(targets)
      .set({ health: { queries: {} } as never })
      .where(eq(targets.id, 'tgt_production'));
    await db.insert(verdicts).values({
      ...{ deploymentId: id, targetId: 'tgt_production', liveAt: at, untilAt: at, judgedAt: at },
      ...{ verdict: 'worse', why: 'Errors doubled.', settings: {} },
    } as never);
    const next = await world.click({ target: 'production', sha: NEW });
    expect((await packetOf(next.deploymentId)).verdict).toEqual({
      ...{ verdict: 'worse', why: 'Errors doubled.', closed: false },
    });
  });
});
