import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { personId } from '@/lib/auth/actor';
import type { ServiceContext } from '@/lib/auth/context';
import { deployments, personalCredentials, pins } from '@/lib/db/schema';
import { createFreeze, lock } from '@/lib/gates/server';
import { repositoryFiles } from '@/lib/sandbox/repository-files';
import { type GateWorld, gateVendorWorld, TEAM } from '../testing/gate-vendor';
import { answerGate } from './answer-gate';
import { liftPin } from './lift-pin';
import { overrideFreeze } from './override-freeze';
import { readDeployment } from './read-deployment';
import { readRemoteGate } from './read-remote-gate';

const files = await repositoryFiles();
let world: GateWorld;
beforeEach(async () => {
  world = await gateVendorWorld(files);
  await world.protect({ reviewers: [TEAM, { type: 'User', id: 8_210_411 }], prevent_self_review: true });
});
afterEach(() => world.close());

const refusal = (work: Promise<unknown>) =>
  work.then(
    (value) => expect.fail(`this should have been refused, but gave ${JSON.stringify(value)}`),
    (error: { code: string }) => error.code,
  );

async function heldWithGate() {
  const deploymentId = await world.held();
  const gateIds = ((await world.row(deploymentId)).heldBy ?? []).map(({ id }) => id);
  return { deploymentId, gateIds };
}

describe('a run that its provider holds', () => {
  test('is told as held: since when, by whom; it never times out for that, and its clock begins anew afterwards', async () => {
    const { deploymentId } = await heldWithGate();
    const row = await world.row(deploymentId);
    expect(row).toMatchObject({ status: 'building', rawPhase: 'waiting', heldSince: expect.any(Date) });
    const days = ((row?.deadlineAt?.getTime() ?? 0) - (row?.heldSince?.getTime() ?? 0)) / 86_400_000;
    expect(days, 'a provider that stops answering is not waited for much longer than it holds a run').toBeCloseTo(
      31,
      1,
    );
    expect(row.heldBy).toMatchObject([
      { environment: 'staging', reviewers: [{ name: 'Release managers' }, { name: 'mara-lindqvist' }] },
    ]);
    expect(row.waitingFor).toBe('approval of “staging” at GitHub by Release managers, mara-lindqvist');
    expect(row.deadlineAt?.getTime()).toBeGreaterThan(Date.now() + 30 * 86_400_000);
    expect(await world.timeline(deploymentId)).toContain('held');
    await world.passTime(5 * 86_400);
    expect((await world.lookAt(deploymentId)).status).toBe('building');
    await answerGate(await world.person('Yuki', 'yukihara'), { deploymentId, gateIds: ids(row), decision: 'approved' });
    world.pass(1_500);
    const after = await world.lookAt(deploymentId);
    expect(after).toMatchObject({ status: 'deploying', heldSince: null, heldBy: null });
    expect(after.deadlineAt?.getTime()).toBeLessThan(Date.now() + 86_400_000);
    world.pass(120_000);
    expect((await world.lookAt(deploymentId)).providerDoneAt).not.toBeNull();
  });

  test('is answered with the person’s own token, once, and both names are in the audit', async () => {
    const { deploymentId, gateIds } = await heldWithGate();
    const yuki = await world.person('Yuki H.', 'yukihara');
    const answer = { deploymentId, gateIds, decision: 'rejected', comment: 'Not on a Friday.' } as const;
    expect(await answerGate(yuki, answer)).toEqual({
      decision: 'rejected',
      environments: ['staging'],
      login: 'yukihara',
      already: false,
    });
    expect(world.sent()).toEqual(['POST pending_deployments']);
    expect(await world.audits('deployment.answer-gate')).toMatchObject([
      { actorName: 'Yuki H.', environment: 'staging', data: { login: 'yukihara', environments: ['staging'] } },
    ]);
    expect(await world.audits('deployment.send-gate-answer')).toHaveLength(1);
    expect((await answerGate(yuki, answer)).already, 'a second press adopts the first').toBe(true);
    expect(world.sent()).toEqual([]);
    world.pass(60_000);
    expect(await world.lookAt(deploymentId)).toMatchObject({ status: 'failed' });
    expect(await refusal(answerGate(yuki, answer))).toBe('not_held');
  });

  test('is not answered without a token, by who is not asked, for one’s own run, or after somebody else', async () => {
    const { deploymentId, gateIds } = await heldWithGate();
    const answer = { deploymentId, gateIds, decision: 'approved' } as const;
    expect(await refusal(answerGate(await world.person('Nobody'), answer))).toBe('own_token_missing');
    expect(await refusal(answerGate(await world.person('Tobias', 'tobiasade'), answer))).toBe('not_reviewer');
    expect(await refusal(answerGate(await world.person('Mara', 'mara-lindqvist'), answer))).toBe('own_run');
    const viewer = await world.person('Vera', 'yukihara', 'viewer');
    expect(await refusal(answerGate(viewer, answer))).toMatch(/forbidden|role|not_allowed|missing/);
    const bot = await world.person('Yuki', 'yukihara');
    const { actor } = bot;
    const asToken = { ...bot, actor: { ...actor, kind: 'token', userId: 'u', scopes: ['approve'] } as never };
    expect(await refusal(answerGate(asToken, answer))).toBe('scope_missing');
    expect(world.sent(), 'nothing of all that left').toEqual([]);
    await answerGate(await world.person('Ines', 'inesroca'), answer);
    expect(await refusal(answerGate(bot, answer))).toBe('gate_answered');
  });

  test('keeps an answer whose reply was lost, and sends one that never arrived only when it is pressed again', async () => {
    const { deploymentId, gateIds } = await heldWithGate();
    const yuki = await world.person('Yuki', 'yukihara');
    const answer = { deploymentId, gateIds, decision: 'approved' } as const;
    const isPost = ({ method }: Request) => method === 'POST';
    world.lose.before = isPost;
    world.sent();
    expect(await refusal(answerGate(yuki, answer))).toBe('gate_unclear');
    expect(world.sent()).toHaveLength(1);
    world.lose.before = () => false;
    world.lose.after = isPost;
    expect(await answerGate(yuki, answer)).toMatchObject({ login: 'yukihara', already: false });
    expect(world.sent()).toHaveLength(1);
    expect(await answerGate(yuki, answer)).toMatchObject({ already: true });
    expect(world.sent()).toEqual([]);
    expect(await world.audits('deployment.answer-gate'), 'one answer, one line').toHaveLength(1);
  });

  test('an old answer is not taken for one that somebody else has given since', async () => {
    const { deploymentId, gateIds } = await heldWithGate();
    const yuki = await world.person('Yuki', 'yukihara');
    const answer = { deploymentId, gateIds: [...gateIds, ...gateIds], decision: 'approved' as const };
    await answerGate(yuki, answer);
    // Another job of the same run waited for the same environment, and was rejected.
    const later = { ...yuki };
    later.openOwn = async (id) => {
      const opened = await (yuki.openOwn?.(id) ?? expect.fail('no own connection'));
      const fetch: typeof globalThis.fetch = async (input, init) => {
        const { url } = new Request(input, init);
        const given = await opened.context.fetch(input, init);
        if (!url.includes('/approvals')) return given;
        const [first] = (await given.json()) as { user: object }[];
        const other = { ...first, state: 'rejected', user: { ...first?.user, login: 'inesroca' } };
        return Response.json([first, other]);
      };
      return { ...opened, context: { ...opened.context, fetch } };
    };
    expect(await refusal(answerGate(later, answer))).toBe('gate_answered');
    expect(await world.audits('deployment.answer-gate')).toHaveLength(1);
  });

  test('a token that the vendor refuses is marked, and the refusal says where to enter another', async () => {
    const { deploymentId, gateIds } = await heldWithGate();
    const yuki = await world.person('Yuki', 'yukihara');
    const closed = { ...yuki };
    closed.openOwn = async (id) => {
      const opened = await (yuki.openOwn?.(id) ?? expect.fail('no own connection'));
      const fetch = async () => Response.json({ message: 'Bad credentials' }, { status: 401 });
      return { ...opened, context: { ...opened.context, fetch } };
    };
    expect(await refusal(answerGate(closed, { deploymentId, gateIds, decision: 'approved' }))).toBe(
      'own_token_refused',
    );
    expect(await world.database.db.select().from(personalCredentials)).toMatchObject([{ accepted: false }]);
  });
});

describe('a yes at the provider', () => {
  const answer = async (who: ServiceContext, decision: 'approved' | 'rejected', held: Held) =>
    answerGate(who, { ...held, decision });
  const asked = async (who: ServiceContext, { deploymentId }: Held, approvals = 0) => {
    const { policy } = await world.row(deploymentId);
    const requestedById = personId(who.actor);
    const asks = policy && { ...policy, approvals };
    await world.database.db
      .update(deployments)
      .set({ requestedById, policy: asks })
      .where(eq(deployments.id, deploymentId));
  };
  const notApproved = async (who: ServiceContext, { deploymentId }: Held) =>
    (await readRemoteGate(who, { deploymentId })).held?.notApproved?.code ?? null;

  test('is nobody’s for their own request where the environment there forbids it; a no is', async () => {
    const held = await heldWithGate();
    const yuki = await world.person('Yuki', 'yukihara');
    await asked(yuki, held);
    expect(await refusal(answer(yuki, 'approved', held))).toBe('own_request');
    expect(world.sent()).toEqual([]);
    expect((await answer(yuki, 'rejected', held)).decision).toBe('rejected');
  });

  test('is one’s own where neither the environment there nor we ask for others', async () => {
    await world.protect({ reviewers: [TEAM], prevent_self_review: false });
    const held = await heldWithGate();
    const yuki = await world.person('Yuki', 'yukihara');
    await asked(yuki, held, 1);
    expect(await notApproved(yuki, held)).toBe('own_request');
    expect(await refusal(answer(yuki, 'approved', held))).toBe('own_request');
    await asked(yuki, held, 0);
    expect(await notApproved(yuki, held)).toBeNull();
    expect((await answer(yuki, 'approved', held)).decision).toBe('approved');
  });

  test('is refused while a roll-back that waits behind it holds the target', async () => {
    const held = await heldWithGate();
    const yuki = await world.person('Yuki', 'yukihara');
    const { targetId } = await world.row(held.deploymentId);
    await world.database.db.insert(pins).values({
      ...{ id: 'pin_back', kind: 'rollback', targetId, reason: 'It answers 500' },
      ...{ createdBy: 'user_ada', createdByName: 'ada', deploymentId: null },
    } as typeof pins.$inferInsert);
    expect(await notApproved(yuki, held)).toBe('pinned_rollback');
    expect(await refusal(answer(yuki, 'approved', held))).toBe('pinned_rollback');
    expect((await answer(yuki, 'rejected', held)).decision).toBe('rejected');
  });

  test('is refused under a lock and in a freeze, in the words of the button; a no is taken', async () => {
    const held = await heldWithGate();
    const yuki = await world.person('Yuki', 'yukihara');
    const where = { environmentId: 'env_staging', componentId: null, targetId: null };
    const { pinId } = await lock(world.as('admin'), { ...where, reason: 'Audit week', expiresAt: null });
    expect(await notApproved(yuki, held)).toBe('pinned_lock');
    expect(await refusal(answer(yuki, 'approved', held))).toBe('pinned_lock');
    await liftPin(world.as('admin'), { pinId });
    await freezeStaging();
    expect(await notApproved(yuki, held)).toBe('pinned_freeze');
    expect(await refusal(answer(yuki, 'approved', held))).toBe('pinned_freeze');
    expect(world.sent()).toEqual([]);
    expect(await world.audits('deployment.send-gate-answer'), 'nothing was begun').toEqual([]);
    expect((await answer(yuki, 'rejected', held)).decision).toBe('rejected');
  });

  test('passes a freeze with an administrator’s reason, given while the run is held', async () => {
    const held = await heldWithGate();
    const { deploymentId } = held;
    const yuki = await world.person('Yuki', 'yukihara');
    await freezeStaging();
    const page = await readDeployment(world.as('admin'), { deploymentId });
    expect(page.gates.map(({ code }) => code)).toEqual(['pinned_freeze']);
    expect(page.actions.overrideFreeze.allowed).toBe(true);
    const reason = 'It mends the login';
    expect(await refusal(overrideFreeze(yuki, { deploymentId, reason }))).toBe('forbidden');
    await overrideFreeze(world.as('admin'), { deploymentId, reason });
    expect(await world.audits('freeze.override')).toHaveLength(1);
    expect((await answer(yuki, 'approved', held)).decision).toBe('approved');
    world.pass(1_500);
    expect((await world.lookAt(deploymentId)).status).toBe('deploying');
  });
});

type Held = Awaited<ReturnType<typeof heldWithGate>>;

const freezeStaging = () =>
  createFreeze(world.as('admin'), {
    ...{ name: 'Quarter end', reason: 'The books are closed', environmentId: 'env_staging', timeZone: 'UTC' },
    ...{ startsAt: new Date(Date.now() - 3_600_000).toISOString().slice(0, 16), durationMinutes: 600 },
  });

const ids = (row: { heldBy: { id: string }[] | null }) => (row.heldBy ?? []).map(({ id }) => id);
