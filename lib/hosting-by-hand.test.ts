import { and, asc, eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { audit, deployments, environments, events, freezes, pins } from '@/lib/db/schema';
import { personActor } from '@/lib/db/testing/context';
import { makeDeployment, makeTarget } from '@/lib/db/testing/factories';
import * as engine from '@/lib/deployments/server';
import { HOSTS, HostedWorld } from '@/lib/deployments/testing/hosted-world';
import { type Policy, policyOf } from '@/lib/gates/model/policy';
import { newId } from '@/lib/kernel/ids';
import { ProviderError } from '@/lib/providers/port';
import { clientOf } from '@/lib/sandbox/testing/client';
import { sandboxFetch } from '@/lib/sandbox/transport';

let world: HostedWorld;
beforeAll(async () => {
  const client = await clientOf({ pace: 1 });
  world = await HostedWorld.open({ client, fetch: sandboxFetch(client.sandbox.url) });
  for (const id of ['vercel', 'netlify', 'github']) await world.connect(id);
});
afterAll(() => world.close());

/** A target with two builds that went live, oldest first. */
async function targetAt(id: 'vercel' | 'netlify') {
  const connection = { id: world.connectionIds.get(id) ?? '' };
  const { id: targetId } = await makeTarget(world.database.db, { connection, config: HOSTS[id] });
  const built = async () => {
    const { deploymentId } = await world.deploy(targetId, await world.push());
    return (await world.until(deploymentId, 'succeeded')).id;
  };
  return { targetId, older: await built(), newer: await built() };
}

describe('a build that Vercel keeps back', () => {
  let targetId: string;
  let environmentId: string;
  let held: string;

  beforeAll(async () => {
    const at = await targetAt('vercel');
    targetId = at.targetId;
    const { deploymentId } = await engine.rollBack(world.ctx, {
      ...{ targetId, toDeploymentId: at.older, reason: 'Errors went up', idempotencyKey: world.key() },
    });
    await world.until(deploymentId, 'succeeded');
    await world.database.db.delete(pins);
    held = (await world.deploy(targetId, await world.push())).deploymentId;
    ({ environmentId } = await world.until(held, 'promotion'));
  });

  const press = (ctx = world.ctx) => engine.serveHeld(ctx, { deploymentId: held });
  const hold = (kind: 'lock' | 'rollback', deploymentId: string | null = null) =>
    world.database.db.insert(pins).values({
      ...{ id: newId('pin'), targetId, kind, reason: 'Wait', createdBy: 'usr_x', createdByName: 'Ada', deploymentId },
    });
  const lines = async () => {
    const mine = and(eq(audit.action, 'deployment.serve-held'), eq(audit.resourceId, held));
    const rows = await world.database.db.select().from(audit).where(mine).orderBy(asc(audit.id));
    return rows.map(({ outcome, sentence }) => `${outcome}: ${sentence}`);
  };

  test('is not put live past rules, approvals or a lock that came while it waited', async () => {
    const of = eq(environments.id, environmentId);
    const [before] = await world.database.db.select().from(environments).where(of);
    const policyVersion = (before?.policyVersion ?? 0) + 1;
    await world.database.db.update(environments).set({ policyVersion }).where(of);
    await expect(press()).rejects.toMatchObject({ code: 'policy_changed', sentence: expect.stringContaining('again') });
    await world.database.db
      .update(environments)
      .set({ policyVersion: before?.policyVersion ?? 0 })
      .where(of);
    const { policy } = await world.row(held);
    const asks = policy ? { ...policy, approvals: 2 } : expect.fail('no policy');
    await world.database.db.update(deployments).set({ policy: asks }).where(eq(deployments.id, held));
    await expect(press()).rejects.toMatchObject({ code: 'approval_needed' });
    await world.database.db.update(deployments).set({ policy }).where(eq(deployments.id, held));
    await hold('lock');
    await expect(press()).rejects.toMatchObject({ code: 'pinned_lock' });
    await world.database.db.delete(pins);
    expect(await lines(), 'nothing left').toEqual([]);
  });

  test('is let through its own hold where it is a roll-back, and another’s holds it', async () => {
    const refuses = world.withHost(() => ({
      promote: () => Promise.reject(new ProviderError('rejected', 'no', 'The host says no.')),
    }));
    await hold('rollback', held);
    await expect(press(refuses)).rejects.toMatchObject({ code: 'pinned_rollback' });
    await world.database.db.update(deployments).set({ kind: 'rollback' }).where(eq(deployments.id, held));
    await expect(press(refuses), 'the gates let it through').rejects.toMatchObject({ code: 'no' });
    await world.database.db.update(deployments).set({ kind: 'deploy' }).where(eq(deployments.id, held));
    await world.database.db.delete(pins);
  });

  const asking = async (policy: Partial<Policy>) => {
    const of = eq(environments.id, environmentId);
    await world.database.db
      .update(environments)
      .set({ policy: { ...policyOf({}), ...policy } })
      .where(of);
  };
  const code = (ctx = world.ctx) => press(ctx).catch((error) => error.code);

  test('waits for a freeze, checks, order, soak time and checklist as anything that is sent', async () => {
    const { db } = world.database;
    const { policy, componentId, sha, releaseId } = await world.row(held);
    const frozen = { name: 'Stock-taking', reason: 'Counted', timeZone: 'UTC', startsAt: '2020-01-01T10:00' };
    const by = { createdBy: 'usr_x', createdByName: 'Ada', durationMinutes: 60 * 24 * 3650 };
    const freeze = { id: newId('frz'), environmentId, ...frozen, ...by };
    await db.insert(freezes).values(freeze);
    expect(await code()).toBe('pinned_freeze');
    await db.delete(freezes).where(eq(freezes.id, freeze.id));
    const checked = policy ? { ...policy, checks: 'success' as const } : expect.fail('no policy');
    await db.update(deployments).set({ policy: checked }).where(eq(deployments.id, held));
    await asking({ checks: 'success' });
    const failing = world.with(({ methods: { source } }) => {
      if (!source) return expect.fail('no source');
      const commit: typeof source.commit = async (...asked) => ({
        ...(await source.commit(...asked)),
        checks: 'failure',
      });
      return { source: { ...source, commit } };
    });
    expect(await code(failing)).toBe('checks_failed');
    await db.update(deployments).set({ policy }).where(eq(deployments.id, held));
    const earlier = await makeTarget(db, { component: { id: componentId } });
    await asking({ afterEnvironmentId: earlier.environmentId });
    expect(await code()).toBe('order_unmet');
    await makeDeployment(db, earlier, 'succeeded', { sha, releaseId });
    await asking({ afterEnvironmentId: earlier.environmentId, soakMinutes: 10_080 });
    expect(await code()).toBe('soaking');
    await asking({ checklist: ['Told the team'] });
    expect(await code()).toBe('checklist_open');
    await asking({});
  });

  test('is not asked for twice when the process dies between the intent and the request, and can be a minute later', async () => {
    vi.stubEnv('AETHERSTACK_MODE', 'sandbox');
    vi.stubEnv('AETHERSTACK_FAILPOINTS', 'after-claim-commit=throw');
    const sent = vi.fn();
    const host = world.withHost(() => ({ promote: async () => sent() }));
    await expect(press(host)).rejects.toThrow('after-claim-commit');
    vi.unstubAllEnvs();
    expect((await lines()).at(-1), 'who asked').toMatch(/^done: #\d+: .* asks Vercel to lead/);
    expect(await code(host)).toBe('being_served');
    const asked = and(eq(events.deploymentId, held), eq(events.kind, 'serve_asked'));
    const passed = { at: sql`at - interval '61 seconds'` as unknown as Date };
    await world.database.db.update(events).set(passed).where(asked);
    expect(sent, 'nothing left by itself').not.toHaveBeenCalled();
    await press(host);
    expect(sent).toHaveBeenCalledOnce();
    await world.database.db.update(events).set(passed).where(asked);
  });

  test('is asked for once, and who asked stands in the log before it leaves', async () => {
    const before = await lines();
    expect(before.slice(0, 2), 'what was refused says so').toEqual([
      expect.stringMatching(/^done: #\d+: .* asks Vercel to lead/),
      expect.stringMatching(/^failed: .*The host says no/),
    ]);
    const inside: unknown[] = [];
    const slow = world.withHost((host) => ({
      async promote(context, config, ref) {
        inside.push(...(await lines()).slice(before.length), await press().catch((error) => error.code));
        await host.promote(context, config, ref);
      },
    }));
    await press(slow);
    expect(inside).toEqual([expect.stringMatching(/^done: .* asks Vercel/), 'being_served']);
    await world.until(held, 'succeeded');
    expect((await lines()).at(-1)).toMatch(/^done: .*Vercel took it/);
    await expect(press()).rejects.toMatchObject({ code: 'not_held' });
  });
});

describe('what was changed at Netlify by hand', () => {
  let at: Awaited<ReturnType<typeof targetAt>>;
  beforeAll(async () => {
    at = await targetAt('netlify');
  });
  const byHand = async (deploymentId: string) => {
    const { connectionId, config, remoteId } = await world.row(deploymentId);
    const { provider, context } = await world.ctx.openConnection(connectionId);
    await provider.methods.promote?.restore(context, config, { id: remoteId ?? '', attempt: 1, url: '' });
  };
  const promote = (fromDeploymentId: string, ctx = world.ctx) =>
    engine.promoteDeployment(ctx, { targetId: at.targetId, fromDeploymentId, idempotencyKey: world.key() });

  test('is told, and what counts as live here can be served again; what is served cannot', async () => {
    await byHand(at.older);
    const hosting = await engine.readHosting(world.ctx, { targetId: at.targetId });
    expect(hosting).toMatchObject({ changedThere: { id: at.newer }, serving: { deployment: { id: at.older } } });
    const plan = await engine.readPromotion(world.ctx, { targetId: at.targetId, fromDeploymentId: at.newer });
    expect(plan.candidates.map(({ id }) => id)).toContain(at.newer);
    expect(plan.chosen?.allowed).toMatchObject({ allowed: true });
    await expect(promote(at.older)).rejects.toMatchObject({ code: 'is_live' });
    const { deploymentId } = await promote(at.newer);
    await world.until(deploymentId, 'succeeded');
    const after = await engine.readPromotion(world.ctx, { targetId: at.targetId, fromDeploymentId: at.newer });
    expect(after.chosen?.allowed.refusal).toMatchObject({ code: 'is_live' });
    expect((await engine.readHosting(world.ctx, { targetId: at.targetId }))?.changedThere).toBeNull();
  });

  test('a part that may not be read leaves the others to be seen', async () => {
    const refused = () => Promise.reject(new ProviderError('auth', 'no_right', 'The token may not read variables.'));
    const weak = world.with(({ methods }) =>
      methods.configuration ? { configuration: { ...methods.configuration, list: refused, reads: refused } } : {},
    );
    const hosting = await engine.readHosting(weak, { targetId: at.targetId });
    expect(hosting).toMatchObject({ problem: null, changed: null, preview: { screenshot: true } });
    expect(hosting?.addresses.length).toBeGreaterThan(0);
    expect(hosting?.unread).toEqual([expect.stringContaining('may not read variables')]);
  });

  test('a person says that it was taken: only what the host serves is followed, whoever else has that build', async () => {
    const lost = world.withHost((host) => ({
      async restore(context, config, ref) {
        await host.restore(context, config, ref);
        await byHand(at.newer);
        throw new ProviderError('unavailable', 'network', 'The answer got lost.', { ambiguous: true });
      },
    }));
    const { deploymentId } = await engine.rollBack(world.ctx, {
      ...{ targetId: at.targetId, toDeploymentId: at.older, reason: 'Errors', idempotencyKey: world.key() },
    });
    await engine.advance(lost, deploymentId);
    await engine.advance(lost, deploymentId);
    const said = { deploymentId, decision: 'adopt', reason: 'Seen at the host' } as const;
    expect(await world.row(deploymentId)).toMatchObject({ attention: 'unknown_outcome' });
    await expect(engine.resolveUnknown(world.ctx, said)).rejects.toMatchObject({ code: 'not_served' });
    const other = { ...said, remoteId: 'another' };
    await expect(engine.resolveUnknown(world.ctx, other)).rejects.toMatchObject({ code: 'other_build' });
    await byHand(at.older);
    await engine.resolveUnknown(world.ctx, said);
    expect(await world.until(deploymentId, 'succeeded')).toMatchObject({ kind: 'rollback' });
  });
});

describe('what went live at Netlify past this target', () => {
  let at: Awaited<ReturnType<typeof targetAt>>;
  let newest: string;
  let otherId: string;
  beforeAll(async () => {
    at = await targetAt('netlify');
    const connection = { id: world.connectionIds.get('netlify') ?? '' };
    const component = { id: (await world.row(at.newer)).componentId };
    const other = await makeTarget(world.database.db, { connection, component, config: HOSTS.netlify });
    otherId = other.id;
    const { deploymentId } = await world.deploy(other.id, await world.push());
    newest = (await world.until(deploymentId, 'succeeded')).id;
  });

  test('is not gone back from by a promotion of what counts as live here: notice, page and press say that it is older', async () => {
    const served = await world.row(newest);
    const hosting = await engine.readHosting(world.ctx, { targetId: at.targetId });
    expect(hosting?.changedThere).toMatchObject({ id: at.newer, older: true });
    const plan = await engine.readPromotion(world.ctx, { targetId: at.targetId, fromDeploymentId: at.newer });
    expect(plan.chosen?.allowed.refusal).toMatchObject({
      code: 'older_than_live',
      sentence: expect.stringContaining(served.sha.slice(0, 7)),
    });
    const press = engine.promoteDeployment(world.ctx, {
      ...{ targetId: at.targetId, fromDeploymentId: at.newer, idempotencyKey: world.key() },
    });
    await expect(press).rejects.toMatchObject({ code: 'older_than_live' });
  });

  test('is named to those only who may see where it was deployed', async () => {
    const slug = async (id: string) => {
      const [found] = await world.database.db
        .select({ slug: environments.slug })
        .from(environments)
        .where(eq(environments.id, (await world.row(id)).environmentId));
      return found?.slug ?? '';
    };
    const seer = { ...world.ctx, actor: personActor([{ role: 'viewer', environmentPattern: await slug(at.newer) }]) };
    await expect(engine.readHosting(seer, { targetId: otherId })).rejects.toMatchObject({ code: 'target_not_found' });
    const hosting = await engine.readHosting(seer, { targetId: at.targetId });
    expect(hosting?.serving).toMatchObject({ deployment: null });
    expect(JSON.stringify(hosting)).not.toContain(newest);
  });

  test('an older build of ours is refused on the page already, before the press', async () => {
    const plan = await engine.readPromotion(world.ctx, { targetId: otherId, fromDeploymentId: at.older });
    expect(plan.chosen?.gates.map(({ code }) => code)).toContain('older_than_live');
    expect(plan.chosen?.allowed.refusal).toMatchObject({ code: 'older_than_live' });
  });

  test('a host that cannot be asked is said on the page, and is not taken for one that keeps nothing back', async () => {
    const mute = world.withHost(() => ({
      serving: () => Promise.reject(new ProviderError('unavailable', 'network', 'Netlify does not answer.')),
    }));
    const plan = await engine.readPromotion(mute, { targetId: at.targetId });
    expect(plan).toMatchObject({ held: null, unasked: expect.stringContaining('Netlify does not answer') });
    const asked = await engine.readPromotion(world.ctx, { targetId: at.targetId });
    expect(asked.unasked).toBeNull();
  });
});
