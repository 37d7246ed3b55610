import { sql } from 'drizzle-orm';
import { expect } from 'vitest';
import type { ServiceContext } from '@/lib/auth/context';
import { advance, approve } from '@/lib/deployments/server';
import type { GateWorld } from '@/lib/deployments/testing/gate-world';
import { setGrants } from '@/lib/members/server';
import { clear, commitOrder, request } from './deployments';
import { meet, type Round, settled } from './meeting';

/** Waits for `required` people, of whom everybody has their role. */
async function asked(world: GateWorld, required: number): Promise<string> {
  await clear(world);
  await world.database.db.execute(
    sql`insert into grants (id, user_id, role, environment_pattern) select 'grt_ben', 'user_ben', 'approver', '*'
        where not exists (select 1 from grants where user_id = 'user_ben' and role = 'approver')`,
  );
  await world.policy('staging', { approvals: required });
  const id = await request(world);
  await commitOrder(world);
  return id;
}

const person = (world: GateWorld, name: string) => world.as('approver', name);

/** Approves, and has it sent at once when that was enough. */
const approveAndSend = (world: GateWorld, who: ServiceContext, id: string) => async () => {
  const said = await settled(world.approveAs(who, id));
  await advance(world.engine, id);
  return said;
};

/** What is approved is edited by the rules of its environment: every approval is of one version of them. */
export function edit(world: GateWorld): Round {
  return async (meeting) => {
    const id = await asked(world, 1);
    const before = world.vendor.requests;
    // As they saw it: who looks only after the edit approves the edited one, and that may be sent.
    const { approvalDigest } = await world.row(id);
    const ben = person(world, 'ben');
    const approveWhatWasSeen = async () => {
      const said = await settled(approve(ben, { deploymentId: id, digest: approvalDigest ?? '', reason: '' }));
      await advance(world.engine, id);
      return said;
    };
    const [said] = await meet(
      world.database,
      { ...meeting, reach: { first: 5, second: 400 } },
      approveWhatWasSeen,
      () => world.policy('staging', { approvals: 1, soakMinutes: 0, approvalHours: 1 + meeting.variant }),
    );
    expect(['done', 'approval_changed']).toContain(said);
    await world.look(id);
    const [sent = -1, edited = -1] = await commitOrder(world, ['dispatch', id], ['policy']);
    expect(edited).toBeGreaterThanOrEqual(0);
    expect(world.vendor.requests - before).toBe(sent < 0 ? 0 : 1);
    if (sent >= 0) {
      expect(said).toBe('done');
      expect(sent, 'sent after the edit was committed').toBeLessThan(edited);
      return 'sent before';
    }
    expect((await world.row(id)).status).toBe('awaiting_approval');
    expect(await world.attemptsOf(id)).toEqual([]);
    return said === 'done' ? 'voided' : 'refused';
  };
}

/** Two people, or one by session and by token. */
export function twoWords(world: GateWorld): Round {
  return async (meeting) => {
    const id = await asked(world, 2);
    const before = world.vendor.requests;
    const ben = person(world, 'ben');
    const alone = meeting.variant % 2 === 0;
    const other = alone ? world.tokenOf('ben', ['approve']) : person(world, 'cleo');
    const said = await meet(
      world.database,
      { ...meeting, reach: { first: 80, second: 80 } },
      approveAndSend(world, ben, id),
      approveAndSend(world, other, id),
    );
    expect(said).toEqual(['done', 'done']);
    await world.look(id);
    expect(await world.standing(id)).toHaveLength(alone ? 1 : 2);
    expect(world.vendor.requests - before).toBe(alone ? 0 : 1);
    expect((await world.timeline(id)).filter((kind) => kind === 'approve')).toHaveLength(alone ? 0 : 1);
    expect((await world.row(id)).status).toBe(alone ? 'awaiting_approval' : 'building');
    return alone ? 'one word' : 'two words';
  };
}

export function roleRemoval(world: GateWorld): Round {
  return async (meeting) => {
    const id = await asked(world, 1);
    const before = world.vendor.requests;
    const viewer = [{ role: 'viewer' as const, environmentPattern: '*' }];
    await meet(
      world.database,
      { ...meeting, reach: { first: 5, second: 400 } },
      approveAndSend(world, person(world, 'ben'), id),
      () => setGrants(world.as('admin', 'root'), { userId: 'user_ben', grants: viewer }),
    );
    await world.look(id);
    const [sent = -1, lost = -1] = await commitOrder(world, ['dispatch', id], ['role']);
    expect(lost).toBeGreaterThanOrEqual(0);
    expect(world.vendor.requests - before).toBe(sent < 0 ? 0 : 1);
    if (sent >= 0) {
      expect(sent, 'sent after the role was gone').toBeLessThan(lost);
      return 'sent before';
    }
    expect((await world.row(id)).status).toBe('awaiting_approval');
    return 'not sent';
  };
}
