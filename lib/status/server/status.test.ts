import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listAudit } from '@/lib/audit/server';
import type { Database } from '@/lib/db/client';
import { incidents, incidentUpdates, maintenances } from '@/lib/db/schema';
import { openTestDatabase, personActor, testContext } from '@/lib/db/testing/context';
import { makeComponent, makeDeployment, makeEnvironment, makeTarget } from '@/lib/db/testing/factories';
import { readPublicStatus, setPublic } from '@/lib/public-status/server';
import { openIncidentInput, planMaintenanceInput } from '../model/schemas';
import {
  changeIncident,
  endMaintenance,
  listIncidents,
  listMaintenances,
  openIncident,
  planMaintenance,
  postUpdate,
  tellMaintenances,
} from '.';

let database: Database;
let production: { id: string; slug: string };
const admin = personActor([{ role: 'admin', environmentPattern: '*' }], { name: 'Grace Hopper' });
beforeAll(async () => {
  database = await openTestDatabase();
  production = await makeEnvironment(database.db, { slug: 'production', name: 'Production', isProduction: true });
});
afterAll(() => database.close());

const as = (actor = admin) => testContext(database.db, { actor });
const told = () => readPublicStatus(database.db);
const open = (over: Partial<Parameters<typeof openIncidentInput.parse>[0] & object> = {}, actor = admin) =>
  openIncident(as(actor), openIncidentInput.parse({ title: 'Slow', impact: 'minor', text: 'We look.', ...over }));

async function place(name: string, isPublic = true) {
  const component = await makeComponent(database.db, { name, slug: name.toLowerCase() });
  const made = await makeTarget(database.db, { component, environment: production });
  if (isPublic) await setPublic(as(), { targetId: made.id, isPublic });
  return made;
}

const HOUR_MS = 3_600_000;
const inHours = (hours: number) => new Date(Date.now() + hours * HOUR_MS).toISOString();
const plan = (over: Record<string, unknown> = {}) =>
  planMaintenance(
    as(),
    planMaintenanceInput.parse({
      ...{ title: 'Disk', text: 'A new one.', startsAt: inHours(1), endsAt: inHours(2) },
      ...over,
    }),
  );
/** As if so much time had gone by. */
const later = (id: string, hours: number) =>
  database.db
    .update(maintenances)
    .set({
      startsAt: sql`${maintenances.startsAt} - make_interval(hours => ${hours})`,
      endsAt: sql`${maintenances.endsAt} - make_interval(hours => ${hours})`,
    })
    .where(eq(maintenances.id, id));

describe('an incident', () => {
  test('is told with all that was said, its public places and the public facts of a release, until it is over', async () => {
    const [api, hidden] = [await place('Api'), await place('Hidden', false)];
    const at = new Date('2026-11-27T01:02:03.000Z');
    const shipped = { ref: 'v1.2.0', refKind: 'tag', finishedAt: at, requestedByName: 'Ada Lovelace' } as const;
    const deployment = await makeDeployment(database.db, api, 'succeeded', shipped);
    const { incidentId } = await open({
      ...{ impact: 'major', targetIds: [api.id, hidden.id], deploymentId: deployment.id },
    });
    const where = { component: 'Api', environment: 'Production', label: '' };
    const before = await told();
    expect(before.incidents[0]).toMatchObject({
      ...{ id: incidentId, title: 'Slow', impact: 'major', state: 'investigating', resolvedAt: null },
      ...{ places: [where], release: { ...where, version: 'v1.2.0', at: at.toISOString() } },
      updates: [{ text: 'We look.', state: 'investigating' }],
    });
    expect(before.places.find(({ component }) => component === 'Api')?.impact).toBe('major');
    await postUpdate(as(), { incidentId, state: 'resolved', text: 'It is over.' });
    const after = await told();
    expect(after.incidents[0]?.updates.map(({ text }) => text)).toEqual(['It is over.', 'We look.']);
    expect(after.incidents[0]?.resolvedAt).not.toBeNull();
    expect(after.places.find(({ component }) => component === 'Api')?.impact).toBeNull();
  });

  test('that is resolved stays so and takes a note; what was said is taken back by nobody', async () => {
    const { incidentId } = await open();
    await postUpdate(as(), { incidentId, state: 'identified', text: 'We know why.' });
    await postUpdate(as(), { incidentId, state: 'resolved', text: 'Over.' });
    await expect(postUpdate(as(), { incidentId, state: 'investigating', text: 'Again.' })).rejects.toMatchObject({
      code: 'incident_resolved',
    });
    await postUpdate(as(), { incidentId, state: 'resolved', text: 'What we learned.' });
    const [view] = (await listIncidents(as(), { limit: 50 })).rows.filter(({ id }) => id === incidentId);
    expect(view?.updates.map(({ state }) => state)).toEqual(['resolved', 'resolved', 'identified', 'investigating']);
    for (const change of [
      database.db.update(incidentUpdates).set({ text: 'Nothing happened.' }),
      database.db.delete(incidentUpdates),
      database.db.execute(sql`truncate incident_updates`),
    ])
      await expect(change).rejects.toThrow();
  });

  test('is written by who may speak for all of it, and each word is in the audit log', async () => {
    const only = (role: 'operator' | 'viewer', environmentPattern: string) =>
      personActor([{ role, environmentPattern }]);
    await expect(open({}, only('operator', 'production'))).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(open({}, only('viewer', '*'))).rejects.toMatchObject({ kind: 'forbidden' });
    const { incidentId, version } = await open({ title: 'Audited' }, only('operator', '*'));
    await postUpdate(as(), { incidentId, state: 'monitoring', text: 'Mended.' });
    const about = { title: 'Audited better', impact: 'none' as const, targetIds: [], deploymentId: null };
    await expect(changeIncident(as(), { ...about, incidentId, version })).rejects.toMatchObject({
      code: 'changed_meanwhile',
    });
    await changeIncident(as(), { ...about, incidentId, version: version + 1 });
    const { rows } = await listAudit(as(), { limit: 50 });
    expect(rows.filter(({ resource }) => resource.id === incidentId).map(({ action }) => action)).toEqual([
      'incident.change',
      'incident.update',
      'incident.open',
    ]);
  });

  test.each([
    [{ targetIds: ['tgt_none'] }, 'unknown_reference'],
    [{ deploymentId: 'dep_none' }, 'unknown_reference'],
    [{ startedAt: '2099-01-01T00:00:00Z' }, 'begin_unlikely'],
    [{ startedAt: '2020-01-01T00:00:00Z' }, 'begin_unlikely'],
  ])('with %j is refused, and nothing of it is kept', async (over, code) => {
    const count = await database.db.$count(incidents);
    await expect(open(over)).rejects.toMatchObject({ code });
    expect(await database.db.$count(incidents)).toBe(count);
  });
});

describe('maintenance', () => {
  test('is planned, begins, and is over by the clock of the database, each told once', async () => {
    const web = await place('Web');
    const { maintenanceId: id } = await plan({ targetIds: [web.id] });
    const state = async () => (await told()).maintenances.find((each) => each.id === id)?.state;
    const maintained = async () => (await told()).places.find(({ component }) => component === 'Web')?.maintained;
    expect([await state(), await maintained(), await tellMaintenances(as())]).toEqual(['scheduled', false, 0]);
    await later(id, 1);
    expect([await state(), await maintained()]).toEqual(['in_progress', true]);
    expect([await tellMaintenances(as()), await tellMaintenances(as())]).toEqual([1, 0]);
    await later(id, 1);
    expect([await state(), await maintained()]).toEqual(['done', false]);
    expect(await tellMaintenances(as())).toBe(1);
    await expect(endMaintenance(as(), { maintenanceId: id })).rejects.toMatchObject({ code: 'maintenance_over' });
  });

  test('that is ended before it begins did not happen; later it ends there and then', async () => {
    const one = await plan();
    expect(await endMaintenance(as(), one)).toMatchObject({ state: 'cancelled' });
    const other = await plan();
    await later(other.maintenanceId, 1);
    expect(await endMaintenance(as(), other)).toMatchObject({ state: 'done' });
    const { rows: views } = await listMaintenances(as(), { limit: 50 });
    const stateOf = (id: string) => views.find((each) => each.id === id)?.state;
    expect([stateOf(one.maintenanceId), stateOf(other.maintenanceId)]).toEqual(['cancelled', 'done']);
    expect(await tellMaintenances(as())).toBe(0);
  });
});
