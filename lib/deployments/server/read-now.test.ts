import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '@/lib/db/client';
import { approvals, quotas } from '@/lib/db/schema';
import { openTestDatabase, personActor, testContext } from '@/lib/db/testing/context';
import {
  makeConnection,
  makeDeployment,
  makeEnvironment,
  makePin,
  makeStep,
  makeTarget,
} from '@/lib/db/testing/factories';
import { readNow } from './read-now';

let database: Database;
beforeEach(async () => {
  database = await openTestDatabase();
});
afterEach(() => database.close());

async function production(slug = 'production') {
  const environment = await makeEnvironment(database.db, { slug, name: 'Production', isProduction: true });
  return makeTarget(database.db, { environment });
}

describe('now', () => {
  it('of an empty installation is quiet and says so', async () => {
    const view = await readNow(testContext(database.db));
    expect(view.headline).toEqual({
      tone: 'good',
      sentence: 'All quiet: nothing has been deployed yet.',
      href: null,
      since: null,
    });
  });

  it('names a failed production deployment until something newer succeeds', async () => {
    const { db } = database;
    const target = await production();
    await makeDeployment(db, target, 'succeeded');
    const failed = await makeDeployment(db, target, 'failed', {
      requestedByName: 'Lin',
      failureSentence: 'It broke.',
      failureStep: 'Migrate',
    });
    await makeDeployment(db, target, 'cancelled');
    const bad = await readNow(testContext(db));
    expect(bad.headline).toMatchObject({ tone: 'bad', href: `/deployments/${failed.id}` });
    expect(bad.headline.sentence).toContain(`failed in “Migrate” just now`);
    expect(bad.headline.sentence).toContain(`by Lin (#${failed.number})`);
    await makeDeployment(db, target, 'succeeded');
    expect((await readNow(testContext(db))).headline).toMatchObject({ tone: 'good' });
  });

  it('calls that the last which ended last, not what was asked for last, and nothing that the reader may not see', async () => {
    const { db } = database;
    const target = await production();
    const minutesAgo = (minutes: number) => ({ finishedAt: new Date(Date.now() - minutes * 60_000) });
    const waited = await makeDeployment(db, target, 'succeeded', minutesAgo(30));
    await makeDeployment(db, target, 'cancelled', minutesAgo(47 * 60));
    await makeDeployment(db, target, 'awaiting_approval', { requestedById: 'usr_x' });
    const other = await makeTarget(db, { environment: await makeEnvironment(db, { slug: 'hidden' }) });
    await makeDeployment(db, other, 'succeeded', minutesAgo(5));
    const viewer = personActor([{ role: 'viewer', environmentPattern: 'production' }]);
    const { headline } = await readNow(testContext(db, { actor: viewer }));
    expect(headline).toMatchObject({ href: `/deployments/${waited.id}`, since: waited.finishedAt?.toISOString() });
    expect(headline.sentence).toMatch(/^All quiet: the last deployment, .* succeeded 30 min ago\.$/);
  });

  it('tells the weather of every account: a credential that ends soon, an allowance that is nearly used up', async () => {
    const { db } = database;
    const report = (days: number) => ({
      ...{ ok: true, account: 'x', scopes: [], problems: [] },
      expiresAt: new Date(Date.now() + days * 86_400_000).toISOString(),
    });
    const calm = await makeConnection(db, { name: 'A', report: report(40) });
    const soon = await makeConnection(db, { name: 'B', report: report(6) });
    const short = await makeConnection(db, { name: 'C', report: report(-1) });
    const row = { resource: 'core', limit: 5000, resetAt: new Date(Date.now() + 600_000), updatedAt: new Date() };
    await db.insert(quotas).values([
      { ...row, connectionId: calm.id, remaining: 4000 },
      { ...row, connectionId: short.id, remaining: 3 },
    ]);
    const { connections } = await readNow(testContext(db));
    const said = connections.map(({ weather }) => weather.map(({ tone, sentence }) => [tone, sentence.split(' ')[1]]));
    expect(said).toEqual([[], [['warn', 'credential']], expect.arrayContaining([['bad', 'credential']])]);
    expect(connections.map(({ id }) => id)).toEqual([calm.id, soon.id, short.id]);
    expect(connections[2]?.weather.map(({ sentence }) => sentence).join(' ')).toContain('allows 3 of 5000 requests');
  });

  it('puts an unknown outcome before a broken connection before a failure', async () => {
    const { db } = database;
    const target = await production();
    await makeDeployment(db, target, 'failed', { failureSentence: 'x' });
    const connection = await makeConnection(db, {
      name: 'CI',
      state: 'failing',
      report: { problems: ['The token has expired.'] },
    });
    const staging = await makeTarget(db, { connection });
    const broken = await readNow(testContext(db));
    expect(broken.headline.sentence).toContain(
      'The connection “CI” does not work, so its targets cannot be deployed. The token has expired.',
    );
    const unknown = await makeDeployment(db, staging, 'submitting', {
      attention: 'unknown_outcome',
      attentionSince: new Date(),
    });
    const view = await readNow(testContext(db));
    expect(view.headline).toMatchObject({ tone: 'bad', href: `/deployments/${unknown.id}` });
    expect(view.needsYou.map((each) => each.id)).toEqual([unknown.id]);
  });

  it('does not count a broken connection that no target uses', async () => {
    await makeConnection(database.db, { state: 'failing' });
    expect((await readNow(testContext(database.db))).headline.tone).toBe('good');
  });

  it('warns of a run past its p90, and shows how far it is', async () => {
    const { db } = database;
    const target = await production();
    for (let i = 0; i < 3; i++) {
      const finishedAt = new Date();
      await makeDeployment(db, target, 'succeeded', { finishedAt, startedAt: new Date(finishedAt.getTime() - 60_000) });
    }
    const row = await makeDeployment(db, target, 'building', { startedAt: new Date(Date.now() - 300_000) });
    await makeStep(db, row, { number: 1, status: 'succeeded' });
    await makeStep(db, row, { number: 2, status: 'running', name: 'Push image' });
    await makeStep(db, row, { number: 3, status: 'queued' });
    const view = await readNow(testContext(db));
    expect(view.headline).toMatchObject({ tone: 'warn', href: `/deployments/${row.id}` });
    // A second or two may pass until it is read.
    expect(view.headline.sentence).toMatch(/has been running for 5 min( \d+ s)?; nine of ten take less than 1 min/);
    expect(view.inFlight[0]).toMatchObject({
      id: row.id,
      stepsDone: 1,
      stepsTotal: 3,
      currentStep: 'Push image',
      usual: { p50Ms: 60_000 },
    });
  });

  it('asks only those who may decide, and shows nobody what they may not read', async () => {
    const { db } = database;
    const target = await production();
    await makeDeployment(db, target, 'awaiting_approval');
    await makePin(db, target, { reason: 'Audit week' });
    const as = (role: 'viewer' | 'approver', pattern: string) =>
      testContext(db, { actor: personActor([{ role, environmentPattern: pattern }]) });
    expect((await readNow(as('approver', 'production'))).needsYou).toHaveLength(1);
    const viewer = await readNow(as('viewer', 'production'));
    expect(viewer.needsYou).toHaveLength(0);
    expect(viewer.pins).toMatchObject([{ environment: 'Production', reason: 'Audit week' }]);
    const outsider = await readNow(as('viewer', 'staging'));
    expect(outsider).toMatchObject({ inFlight: [], recent: [], pins: [], quickDeploys: [] });
  });

  it('asks nobody for their own request, nor again for what they have approved; then it says all is quiet', async () => {
    const { db } = database;
    const target = await production();
    const waiting = await makeDeployment(db, target, 'awaiting_approval', {
      requestedById: 'usr_ana',
      requestedByName: 'Ana',
    });
    const as = (id: string) =>
      testContext(db, { actor: personActor([{ role: 'approver', environmentPattern: '*' }], { id }) });
    expect((await readNow(as('usr_ana'))).needsYou).toEqual([]);
    const asked = await readNow(as('usr_ben'));
    expect(asked.needsYou.map((each) => each.id)).toEqual([waiting.id]);
    expect(asked.headline).toMatchObject({ tone: 'warn', href: `/approvals/${waiting.id}` });
    expect(asked.headline.sentence).toContain('Ana asks you to approve');
    const given = { id: 'apr_1', deploymentId: waiting.id, userId: 'usr_ben', userName: 'Ben', digest: 'd' };
    await db.insert(approvals).values({ ...given, decision: 'approve' });
    expect((await readNow(as('usr_ben'))).needsYou).toEqual([]);
    await db.update(approvals).set({ voidedAt: new Date(), voidedReason: 'The policy changed.' });
    expect((await readNow(as('usr_ben'))).needsYou.map((each) => each.id)).toEqual([waiting.id]);
  });

  it('offers each target once, the last used first', async () => {
    const { db } = database;
    const first = await production();
    const second = await production('other');
    await makeDeployment(db, second, 'succeeded');
    const used = await makeDeployment(db, first, 'succeeded');
    const view = await readNow(testContext(db));
    expect(view.quickDeploys.map((each) => each.targetId)).toEqual([first.id, second.id]);
    expect(view.quickDeploys[0]).toMatchObject({ current: used.sha.slice(0, 7), deploy: { allowed: true } });
    expect(view.recent).toHaveLength(2);
  });
});
