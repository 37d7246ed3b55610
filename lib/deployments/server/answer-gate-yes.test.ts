import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { personId } from '@/lib/auth/actor';
import type { OpenConnection, ServiceContext } from '@/lib/auth/context';
import { deployments, pins } from '@/lib/db/schema';
import { repositoryFiles } from '@/lib/sandbox/repository-files';
import { waitingForLocks } from '../testing/commit-order';
import { type GateWorld, gateVendorWorld, TEAM } from '../testing/gate-vendor';
import { answerGate } from './answer-gate';
import { cancelDeployment } from './index';
import { lockTarget } from './rows';

const files = await repositoryFiles();
let world: GateWorld;
let yuki: ServiceContext;
let held: { deploymentId: string; gateIds: string[] };
beforeEach(async () => {
  world = await gateVendorWorld(files);
  await world.protect({ reviewers: [TEAM], prevent_self_review: false });
  yuki = await world.person('Yuki', 'yukihara');
  const deploymentId = await world.held();
  const gateIds = ((await world.row(deploymentId)).heldBy ?? []).map(({ id }) => id);
  held = { deploymentId, gateIds };
});
afterEach(() => world.close());

const yes = (who = yuki) => answerGate(who, { ...held, decision: 'approved' });
const refusalOf = (work: Promise<unknown>) =>
  work.then(
    () => 'it was taken',
    (error: { code: string }) => error.code,
  );
const rowOf = () => eq(deployments.id, held.deploymentId);

/** What the provider answers to a request whose path contains `part`, in place of its own answer. */
const instead =
  (part: string, answer: () => Response | Promise<null>) =>
  (opened: OpenConnection): OpenConnection => {
    const fetch: typeof globalThis.fetch = async (input, init) => {
      const hit = new URL(new Request(input, init).url).pathname.includes(part);
      return (hit ? await answer() : null) ?? opened.context.fetch(input, init);
    };
    return { ...opened, context: { ...opened.context, fetch } };
  };
const byOwn = (over: (opened: OpenConnection) => OpenConnection): ServiceContext => ({
  ...yuki,
  openOwn: async (id) => over(await (yuki.openOwn?.(id) ?? expect.fail('no own connection'))),
});
const byConnection = (over: (opened: OpenConnection) => OpenConnection): ServiceContext => ({
  ...yuki,
  openConnection: async (id) => over(await yuki.openConnection(id)),
});

describe('a yes at the provider is held against what the run is when it is sent', () => {
  /** Somebody does this while the provider is asked, for the last time, what was answered there. */
  const meanwhile = (work: () => Promise<unknown>) => {
    let done: Promise<unknown> | null = null;
    return byOwn(
      instead('/approvals', async () => {
        done ??= work();
        await done;
        return null;
      }),
    );
  };

  test.each([
    ['it is cancelled', () => cancelDeployment(world.as('operator'), { deploymentId: held.deploymentId })],
    ['it has another run', () => world.database.db.update(deployments).set({ remoteId: '77' }).where(rowOf())],
    ['it runs once more', () => world.database.db.update(deployments).set({ remoteAttempt: 2 }).where(rowOf())],
  ])('%s', async (_what, work) => {
    expect(await refusalOf(yes(meanwhile(work)))).toBe('not_held');
    expect(world.sent()).toEqual([]);
    expect(await world.audits('deployment.send-gate-answer'), 'nothing was begun').toEqual([]);
  });

  test('a roll-back is being asked for: it waits for that, and sees its pin', async () => {
    const { targetId } = await world.row(held.deploymentId);
    let said: Promise<string> | null = null;
    await world.database.db.transaction(async (tx) => {
      await lockTarget(tx, targetId);
      await tx.insert(pins).values({
        ...{ id: 'pin_back', kind: 'rollback', targetId, reason: 'It answers 500' },
        ...{ createdBy: 'user_ada', createdByName: 'ada' },
      });
      said = refusalOf(yes());
      const waits = async () => (await waitingForLocks(world)).some((query) => query.includes('"targets"'));
      await expect.poll(waits, { timeout: 10_000 }).toBe(true);
    });
    expect(await said).toBe('pinned_rollback');
    expect(world.sent()).toEqual([]);
  });
});

describe('a yes for one’s own request', () => {
  beforeEach(async () => {
    await world.database.db
      .update(deployments)
      .set({ requestedById: personId(yuki.actor) })
      .where(rowOf());
  });
  const answers = (status: number, headers = {}) => Response.json({ message: 'No.' }, { status, headers });

  test('asks the connection for the rules and no person’s token', async () => {
    const own = byOwn(instead('/environments', () => answers(403)));
    expect((await yes(own)).decision).toBe('approved');
  });

  test.each([
    ['no right', 403],
    ['none shown', 404],
  ])('is refused where the rules are not shown, which is said: %s', async (_why, status) => {
    await expect(yes(byConnection(instead('/environments', () => answers(status))))).rejects.toMatchObject({
      code: 'own_request',
      sentence: expect.stringContaining('does not show whether people may approve “staging”'),
    });
    expect(world.sent()).toEqual([]);
  });

  test.each([
    ['whose branch is gone', '/contents/'],
    ['whose branch patterns are not shown', '/deployment-branch-policies'],
  ])('takes nothing but the rules of what it stands before: %s', async (_what, part) => {
    const policy = { protected_branches: false, custom_branch_policies: true };
    await world.protect({ reviewers: [TEAM], prevent_self_review: false, deployment_branch_policy: policy });
    expect((await yes(byConnection(instead(part, () => answers(404))))).decision).toBe('approved');
  });

  test.each([
    ['slows the connection down', answers(429, { 'retry-after': '30' }), 'rateLimited', 30_000],
    ['has trouble', answers(502), 'unavailable', undefined],
  ])('is told when to try again where the provider %s', async (_what, answer, kind, retryAfterMs) => {
    const busy = byConnection(instead('/environments', () => answer.clone()));
    await expect(yes(busy)).rejects.toMatchObject({ kind, retryAfterMs });
    expect(world.sent()).toEqual([]);
    expect((await yes()).decision, 'then it is taken').toBe('approved');
  });
});
