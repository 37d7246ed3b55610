import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '@/lib/db/client';
import { configurationReadings, freezes } from '@/lib/db/schema';
import { openTestDatabase, personActor, testContext } from '@/lib/db/testing/context';
import {
  makeComponent,
  makeConnection,
  makeDeployment,
  makeEnvironment,
  makeFreeze,
  makePin,
  makeTarget,
} from '@/lib/db/testing/factories';
import { readComponent } from './read-component';
import { readMatrix } from './read-matrix';

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

const operator = (pattern: string) => personActor([{ role: 'operator', environmentPattern: pattern }]);

async function makeWorld() {
  const { db } = database;
  const component = await makeComponent(db, { position: 1 });
  const staging = await makeEnvironment(db);
  const production = await makeEnvironment(db, { isProduction: true });
  const connection = await makeConnection(db);
  const onStaging = await makeTarget(db, { component, environment: staging, connection });
  const onProduction = await makeTarget(db, { component, environment: production, connection });
  return { db, component, staging, production, connection, onStaging, onProduction };
}

async function cellOf(world: Awaited<ReturnType<typeof makeWorld>>, actor = operator('*'), target = world.onStaging) {
  const view = await readMatrix(testContext(world.db, { actor }));
  const row = view.rows.find((each) => each.component.slug === world.component.slug);
  return Object.values(row?.cells ?? {})
    .flat()
    .find((cell) => cell.targetId === target.id);
}

describe('what runs where', () => {
  it('shows the live deployment, and the newer failure beside it', async () => {
    const world = await makeWorld();
    const live = await makeDeployment(world.db, world.onStaging, 'succeeded');
    const failed = await makeDeployment(world.db, world.onStaging, 'failed', { failureSentence: 'Tests failed.' });
    const cell = await cellOf(world);
    expect(cell?.current).toMatchObject({ id: live.id, isCurrent: true });
    expect(cell?.latest).toMatchObject({ id: failed.id, status: 'failed', isCurrent: false });
  });

  it('shows what holds the target rather than what waits behind it, and counts the queue', async () => {
    const world = await makeWorld();
    const running = await makeDeployment(world.db, world.onStaging, 'building');
    await makeDeployment(world.db, world.onStaging, 'queued');
    await makeDeployment(world.db, world.onStaging, 'queued');
    const cell = await cellOf(world);
    expect(cell?.latest?.id).toBe(running.id);
    expect(cell?.queued).toBe(2);
  });

  it('leaves a superseded deployment out', async () => {
    const world = await makeWorld();
    await makeDeployment(world.db, world.onStaging, 'succeeded');
    await makeDeployment(world.db, world.onStaging, 'superseded');
    expect((await cellOf(world))?.latest).toBeNull();
  });

  it('hides environments that the person may not read', async () => {
    const world = await makeWorld();
    const actor = operator(world.staging.slug);
    const view = await readMatrix(testContext(world.db, { actor }));
    expect(view.environments.map((each) => each.slug)).toEqual([world.staging.slug]);
    expect(await cellOf(world, actor, world.onProduction)).toBeUndefined();
  });

  it('keeps a component without targets as an empty row', async () => {
    const world = await makeWorld();
    const lonely = await makeComponent(world.db);
    const view = await readMatrix(testContext(world.db));
    expect(view.rows.find((row) => row.component.slug === lonely.slug)?.cells).toEqual({});
  });

  it('says why Deploy is off and who can lift it: role, then connection, then pin', async () => {
    const world = await makeWorld();
    const viewer = personActor([{ role: 'viewer', environmentPattern: '*' }]);
    expect((await cellOf(world, viewer))?.deploy.refusal).toMatchObject({ code: 'forbidden' });
    expect((await cellOf(world))?.deploy).toEqual({ allowed: true, refusal: null });

    await makePin(world.db, world.onStaging, { reason: 'Audit week', createdByName: 'Grace' });
    const pinned = await cellOf(world);
    expect(pinned?.deploy.refusal?.sentence).toContain('Locked by Grace: Audit week.');
    expect(pinned?.pins).toHaveLength(1);

    const bare = await makeConnection(world.db, { sealedCredential: null });
    const other = await makeTarget(world.db, {
      component: world.component,
      environment: world.staging,
      connection: bare,
      label: 'b',
    });
    expect((await cellOf(world, operator('*'), other))?.deploy.refusal?.code).toBe('no_credential');
  });

  it('counts neither lifted nor expired pins', async () => {
    const world = await makeWorld();
    await makePin(world.db, world.onStaging, { liftedAt: new Date() });
    await makePin(world.db, world.onStaging, { expiresAt: new Date(Date.now() - 1000) });
    expect((await cellOf(world))?.pins).toEqual([]);
  });

  it('says to whoever may override a freeze that they can let one through, where nothing else refuses it', async () => {
    const world = await makeWorld();
    const admin = personActor([{ role: 'admin', environmentPattern: '*' }]);
    expect(await cellOf(world, admin)).toMatchObject({ deploy: { allowed: true }, mayOverride: false });
    const freeze = await makeFreeze(world.db, { environmentId: world.staging.id });
    const refusal = { code: 'pinned_freeze', sentence: expect.stringContaining('let one deployment through') };
    expect(await cellOf(world, admin)).toMatchObject({ deploy: { allowed: false, refusal }, mayOverride: true });
    expect(await cellOf(world)).toMatchObject({ deploy: { allowed: false, refusal }, mayOverride: false });
    await makePin(world.db, world.onStaging);
    expect(await cellOf(world, admin)).toMatchObject({ deploy: { allowed: false }, mayOverride: false });
    await world.db.delete(freezes).where(eq(freezes.id, freeze.id));
  });

  it('names settings that changed after the build that is live was asked for, as they were last read', async () => {
    const world = await makeWorld();
    const submittedAt = new Date('2026-11-20T12:00:00.000Z');
    const build = { connectionId: world.connection.id, remoteId: 'build-1' };
    const live = await makeDeployment(world.db, world.onStaging, 'succeeded', { ...build, submittedAt });
    const kept = (settings: [string, string][]) =>
      world.db.insert(configurationReadings).values({
        ...{ targetId: world.onStaging.id, missing: [], readAt: new Date('2026-11-25T12:00:00.000Z') },
        settings: settings.map(([name, changedAt]) => ({ kind: 'variable', name, changedAt })),
      });
    expect((await cellOf(world))?.changed, 'nobody has looked').toBeNull();
    await kept([
      ['OLD', '2026-11-20T11:59:59.000Z'],
      ['TITLE', '2026-11-23T12:00:00.000Z'],
      ['API', '2026-11-20T12:00:01.000Z'],
    ]);
    const shown = { names: ['API', 'TITLE'], readAt: '2026-11-25T12:00:00.000Z', approvals: 0 };
    expect((await cellOf(world))?.changed).toEqual(shown);
    const later = { submittedAt: new Date('2026-11-22T12:00:00.000Z') };
    const dispatch = { serve: { remoteId: 'build-1' } } as unknown as NonNullable<typeof live.dispatch>;
    await makeDeployment(world.db, world.onStaging, 'succeeded', { ...build, ...later, dispatch });
    expect((await cellOf(world))?.changed, 'served again: as it was built').toEqual(shown);
    await makeDeployment(world.db, world.onStaging, 'succeeded', later);
    expect((await cellOf(world))?.changed?.names).toEqual(['TITLE']);
    expect((await cellOf(world, operator('*'), world.onProduction))?.changed).toBeNull();
  });

  it('needs at most seven queries', async () => {
    const world = await makeWorld();
    await makeDeployment(world.db, world.onStaging, 'succeeded');
    const { pool } = database;
    const real = pool.query.bind(pool);
    let queries = 0;
    pool.query = ((...args: Parameters<typeof real>) => {
      queries++;
      return real(...args);
    }) as typeof pool.query;
    await readMatrix(testContext(world.db));
    pool.query = real as typeof pool.query;
    expect(queries).toBeGreaterThan(0);
    expect(queries).toBeLessThanOrEqual(7);
  });
});

describe('a component', () => {
  it('has its places, its history in order and its month in figures', async () => {
    const world = await makeWorld();
    const first = await makeDeployment(world.db, world.onStaging, 'succeeded');
    const second = await makeDeployment(world.db, world.onProduction, 'failed');
    await makeDeployment(world.db, await makeTarget(world.db), 'succeeded');
    const view = await readComponent(testContext(world.db), { slug: world.component.slug });
    expect(view.history.map((each) => each.id)).toEqual([second.id, first.id]);
    expect(view.stats).toMatchObject({ total30d: 2, succeeded30d: 1 });
    expect(view.stats.p50Ms).toBeGreaterThan(100_000);
    const staging = view.environments.find((each) => each.slug === world.staging.slug);
    expect(staging?.cells[0]?.current?.id).toBe(first.id);
  });

  it('that does not exist is not found', async () => {
    await expect(readComponent(testContext(database.db), { slug: 'nope' })).rejects.toMatchObject({ kind: 'notFound' });
  });
});
