import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '@/lib/db/client';
import { audit, classifications, events, freezes, releases } from '@/lib/db/schema';
import { openTestDatabase, personActor, testContext } from '@/lib/db/testing/context';
import { makeComponent, makeDeployment, makeEnvironment, makeTarget } from '@/lib/db/testing/factories';
import { ServiceError } from '@/lib/kernel/errors';
import { performAction } from '@/lib/pipeline/run-action';
import { classifyCommand } from '../commands';
import type { HealthSource } from '../model/series';
import { DAY, delivery, HOUR, MINUTE } from '../model/testing/deliveries';
import { classify, undoClassification } from './classify';
import { keepNewest } from './read-deliveries';
import { readDora, readDoraRows } from './read-dora';
import { ownSource, readHealth } from './read-health';

/** Between two whole minutes, so that nothing lies on an edge. */
const NOW = Math.floor(Date.now() / DAY) * DAY + 12 * HOUR;
const query = { days: 30, hours: 24 } as const;
const operator = personActor([{ role: 'operator', environmentPattern: '*' }], { id: 'usr_op', name: 'Olga' });

let database: Database;
let ids: { rolledBack: string; back: string; staging: string };
const context = (actor = operator) => testContext(database.db, { actor, now: () => NOW });

beforeAll(async () => {
  database = await openTestDatabase();
  const { db } = database;
  const component = await makeComponent(db, { slug: 'backend', name: 'Backend' });
  const environment = await makeEnvironment(db, { slug: 'production', name: 'Production', isProduction: true });
  const target = await makeTarget(db, { component, environment });
  const staging = await makeTarget(db, { component, environment: await makeEnvironment(db, { slug: 'staging' }) });
  const deploy = async (daysAgo: number, over: Parameters<typeof makeDeployment>[3] = {}, where = target) => {
    const at = NOW - daysAgo * DAY;
    const times = {
      requestedAt: new Date(at),
      submittedAt: new Date(at + MINUTE),
      startedAt: new Date(at + 2 * MINUTE),
    };
    return makeDeployment(db, where, 'succeeded', { ...times, finishedAt: new Date(at + 10 * MINUTE), ...over });
  };
  const first = await deploy(9);
  await db
    .update(releases)
    .set({ committedAt: new Date(NOW - 9 * DAY - HOUR) })
    .where(eq(releases.id, first.releaseId));
  await deploy(8, { sha: first.sha, releaseId: first.releaseId });
  const bad = await deploy(5);
  const back = await deploy(5 - 1 / 24, { kind: 'rollback', sha: first.sha, releaseId: first.releaseId });
  await deploy(40);
  ids = { rolledBack: bad.id, back: back.id, staging: (await deploy(3, {}, staging)).id };
  await db.insert(freezes).values({
    ...{ id: 'frz_1', name: 'Holidays', reason: 'x', environmentId: environment.id, timeZone: 'UTC' },
    startsAt: new Date(NOW - 4 * DAY).toISOString().slice(0, 16),
    durationMinutes: 60,
    ...{ createdBy: 'usr_x', createdByName: 'Grace', createdAt: new Date(NOW - 20 * DAY) },
  });
});
afterAll(() => database.close());

describe('the figures', () => {
  test('are of production, of the span, and know the span before', async () => {
    const view = await readDora(context(), query);
    expect(view.environments).toEqual([{ slug: 'production', name: 'Production' }]);
    expect(view.figures.frequency).toMatchObject({ count: 3, days: 30, activeDays: 3 });
    expect(view.before?.frequency.count).toBe(1);
    // The same commit a second time is no second lead time; of the third nobody knows when it was written.
    expect(view.figures.lead_time).toMatchObject({ value: HOUR + 10 * MINUTE, known: 1, unknown: 1 });
    expect(view.figures.failure_rate).toMatchObject({ failed: 1, of: 3 });
    expect(view.figures.recovery_time).toMatchObject({ value: HOUR, recovered: 1, open: 0 });
    expect(view.figures.rework_rate).toMatchObject({ rework: 1, of: 4 });
    expect(view.rules.failure_rate.rule).toContain('within 24 h');
    expect(view.byComponent.map(({ component }) => component.slug)).toEqual(['backend']);
  });

  test('open their rows, with why each counts', async () => {
    const { rows, total } = await readDoraRows(context(), { ...query, metric: 'failure_rate' });
    expect(total).toBe(3);
    const failed = rows.filter(({ value }) => value === true);
    expect(failed.map(({ deployment }) => deployment.id)).toEqual([ids.rolledBack]);
    expect(failed[0]?.why).toMatch(/^Rolled back: #\d+\.$/);
    expect(rows.map(({ at }) => at)).toEqual(
      rows
        .map(({ at }) => at)
        .sort()
        .reverse(),
    );
  });

  test('of an environment that somebody may not see are as if it were not there', async () => {
    const staging = context(personActor([{ role: 'operator', environmentPattern: 'staging' }]));
    expect((await readDora(staging, query)).environments).toEqual([]);
    const refused = await readDora(staging, { ...query, environment: 'production' }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ServiceError);
    expect(refused).toMatchObject({ kind: 'notFound' });
    expect((await readDora(staging, { ...query, environment: 'staging' })).figures.frequency.count).toBe(1);
  });
});

describe('saying how a deployment counts', () => {
  const failed = async () => (await readDora(context(), query)).figures.failure_rate.failed;
  const open = () => database.db.select().from(classifications).where(eq(classifications.deploymentId, ids.rolledBack));

  test('counts at once, is kept with name and reason, and is undone', async () => {
    const before = await failed();
    const of = { deploymentId: ids.rolledBack };
    await classify(context(), { ...of, word: 'sound_change', reason: 'The roll-back was a drill' });
    expect([before, await failed()]).toEqual([1, 0]);
    const { rows } = await readDoraRows(context(), { ...query, metric: 'failure_rate' });
    const said = rows.find(({ deployment }) => deployment.id === ids.rolledBack)?.said;
    expect(said).toMatchObject([{ word: 'sound_change', by: 'Olga', reason: 'The roll-back was a drill' }]);
    await classify(context(), { ...of, word: 'failed_change', reason: 'It was no drill after all' });
    expect(await failed()).toBe(1);
    expect((await open()).filter(({ undoneAt }) => undoneAt === null)).toHaveLength(1);
    expect(await undoClassification(context(), { ...of, axis: 'failure' })).toMatchObject({ word: 'failed_change' });
    const again = await undoClassification(context(), { ...of, axis: 'failure' }).catch((error: unknown) => error);
    expect(again).toMatchObject({ kind: 'conflict', code: 'nothing_said' });
    expect(await failed()).toBe(before);
    const lines = await database.db
      .select()
      .from(audit)
      .where(and(eq(audit.resourceId, ids.rolledBack), eq(audit.environment, 'production')));
    expect(lines.map(({ action }) => action)).toEqual(['delivery.classify', 'delivery.classify', 'delivery.undo']);
    const told = await database.db.select().from(events).where(eq(events.deploymentId, ids.rolledBack));
    expect(told.map(({ kind }) => kind)).toEqual(['classified', 'classified', 'classification_undone']);
  });

  test('two people at once leave one answer', async () => {
    const words = ['sound_change', 'failed_change', 'sound_change', 'failed_change'] as const;
    await Promise.all(
      words.map((word) => classify(context(), { deploymentId: ids.rolledBack, word, reason: 'At once' })),
    );
    expect((await open()).filter(({ undoneAt }) => undoneAt === null)).toHaveLength(1);
    await undoClassification(context(), { deploymentId: ids.rolledBack, axis: 'failure' });
  });

  test('what is left out is shown apart, with its reason', async () => {
    await classify(context(), { deploymentId: ids.back, word: 'left_out', reason: 'A drill' });
    const { leftOut, rows } = await readDoraRows(context(), { ...query, metric: 'rework_rate' });
    expect(leftOut.map(({ deployment }) => deployment.id)).toEqual([ids.back]);
    expect(rows.map(({ deployment }) => deployment.id)).not.toContain(ids.back);
    expect(await failed()).toBe(0);
    await undoClassification(context(), { deploymentId: ids.back, axis: 'count' });
  });

  test('a word that would change no figure is refused, and not offered', async () => {
    const back = { deploymentId: ids.back, reason: 'It failed' };
    await expect(classify(context(), { ...back, word: 'failed_change' })).rejects.toMatchObject({
      ...{ kind: 'precondition', code: 'word_applies_not' },
      sentence: expect.stringContaining('said of the change that it took back'),
    });
    const { rows } = await readDoraRows(context(), { ...query, metric: 'rework_rate' });
    const wordsOf = (id: string) => rows.find(({ deployment }) => deployment.id === id)?.words;
    expect(wordsOf(ids.back)).toEqual(['rework', 'planned', 'left_out']);
    expect(wordsOf(ids.rolledBack)).toEqual(['failed_change', 'sound_change', 'rework', 'planned', 'left_out']);
  });

  test('undo takes back the word that was shown, and no other; the rule is still said beside it', async () => {
    const of = { deploymentId: ids.rolledBack };
    const { classificationId: shown } = await classify(context(), { ...of, word: 'sound_change', reason: 'A drill' });
    const { rows } = await readDoraRows(context(), { ...query, metric: 'failure_rate' });
    const row = rows.find(({ deployment }) => deployment.id === ids.rolledBack);
    expect([row?.value, row?.byRule]).toEqual([false, expect.stringMatching(/^Rolled back: #/)]);
    await classify(context(), { ...of, word: 'failed_change', reason: 'No drill' });
    const undo = (saidId: string) => undoClassification(context(), { ...of, axis: 'failure', saidId });
    await expect(undo(shown)).rejects.toMatchObject({ code: 'nothing_said' });
    await undoClassification(context(), { ...of, axis: 'failure' });
  });

  test('a drill that is left out takes no lead time from the real one after it', async () => {
    const { db } = database;
    const target = await makeTarget(db, { environment: await makeEnvironment(db, { slug: 'drills' }) });
    const at = (hours: number) => ({
      finishedAt: new Date(NOW - hours * HOUR),
      submittedAt: new Date(NOW - hours * HOUR),
    });
    const drill = await makeDeployment(db, target, 'succeeded', { ...at(5), sha: 'd'.repeat(40) });
    const real = await makeDeployment(db, target, 'succeeded', { ...at(3), sha: 'd'.repeat(40) });
    const rowOf = async () =>
      (await readDoraRows(context(), { ...query, environment: 'drills', metric: 'lead_time' })).rows.find(
        ({ deployment }) => deployment.id === real.id,
      );
    expect((await rowOf())?.why).toContain('had been live here before');
    await classify(context(), { deploymentId: drill.id, word: 'left_out', reason: 'A drill' });
    expect((await rowOf())?.why).not.toContain('had been live here before');
  });

  test('only what has ended can be cut, and from then on all is counted', () => {
    const of = (finishedAt: number | null) => ({ ...delivery(NOW), finishedAt });
    const [old, middle, late, running] = [of(1), of(2), of(3), of(null)];
    expect(keepNewest([running, late, middle, old], 3)).toMatchObject({ cut: false, countedFrom: null });
    expect(keepNewest([running, late, middle, old], 2)).toEqual({
      ...{ deliveries: [running, late, middle], cut: true, countedFrom: 2 },
    });
  });

  test('is refused to who may only look, and the refusal is in the audit log', async () => {
    const viewer = personActor([{ role: 'viewer', environmentPattern: '*' }]);
    const input = { deploymentId: ids.rolledBack, word: 'sound_change', reason: 'It looks better' };
    const done = await performAction(classifyCommand, input, {
      facts: { requestId: 'req_view', ip: null, origin: 'https://own.test', secFetchSite: 'same-origin' },
      ownOrigin: 'https://own.test',
      resolveActor: async () => viewer,
      contextFor: async (actor, requestId) => ({ ...testContext(database.db, { actor }), requestId }),
    });
    expect(done).toMatchObject({ ok: false, answer: { httpStatus: 403 } });
    const [line] = await database.db.select().from(audit).where(eq(audit.requestId, 'req_view'));
    expect(line).toMatchObject({ action: 'delivery.classify', outcome: 'refused', code: 'forbidden' });
    expect(await failed()).toBe(1);
  });
});

describe('the charts', () => {
  test('draw what providers told, with what went live, went back and was frozen', async () => {
    const view = await readHealth(context(), { days: 30 });
    const chart = (key: string) => view.charts.find((each) => each.key === key);
    expect(chart('run')?.series[0]?.points.map(([, value]) => value)).toEqual(Array(4).fill(8 * MINUTE));
    expect(chart('run')?.usual).toEqual({ p50: 8 * MINUTE, p95: 8 * MINUTE, sample: 4 });
    expect(chart('run')?.before[0]?.points).toHaveLength(1);
    expect(chart('run')?.usualBefore, 'one run is no custom').toBeNull();
    expect(chart('wait_here')?.usual?.p50).toBe(MINUTE);
    expect(chart('live')?.usual?.p50).toBe(10 * MINUTE);
    expect(chart('success')?.series[0]?.points.filter(([, value]) => value !== null)).toHaveLength(3);
    expect(view.markers.map(({ kind }) => kind).sort()).toEqual(
      ['deployment', 'deployment', 'deployment', 'freeze', 'roll_back'].sort(),
    );
    const [freeze] = view.markers.filter(({ kind }) => kind === 'freeze');
    expect([freeze?.at, freeze?.until]).toEqual([NOW - 4 * DAY, NOW - 4 * DAY + HOUR]);
    expect(view.charts.every(({ series }) => series.every((each) => each.source !== '' && each.observedAt))).toBe(true);
  });

  test('a source that does not answer is named, and takes nothing from the others', async () => {
    const away: HealthSource = {
      ...{ id: 'away', label: 'Metrics' },
      read: async () => Promise.reject(new Error('connect ECONNREFUSED')),
    };
    const view = await readHealth(context(), { days: 30 }, [ownSource(context()), away]);
    expect(view.charts.length).toBeGreaterThan(3);
    expect(view.sources).toEqual([
      { id: 'deployments', label: 'Deployments', problem: null },
      { id: 'away', label: 'Metrics', problem: expect.stringMatching(/^Metrics did not answer/) },
    ]);
    expect(JSON.stringify(view)).not.toContain('ECONNREFUSED');
  });

  test('of what has never run are there, and empty', async () => {
    await makeComponent(database.db, { slug: 'docs', name: 'Docs' });
    const view = await readHealth(context(), { days: 7, component: 'docs' });
    expect(view.charts.map(({ series }) => series[0]?.of)).toEqual([0, 0, 0, 0, 0]);
    expect(view.charts.every(({ series }) => series[0]?.observedAt === null)).toBe(true);
  });
});
