import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createComponent, listComponents, updateComponent } from '@/lib/components/server';
import type { Database } from '@/lib/db/client';
import { audit, events } from '@/lib/db/schema';
import { openTestDatabase, personActor, testContext } from '@/lib/db/testing/context';
import { makeComponent, makeConnection, makeDeployment, makeEnvironment, makeTarget } from '@/lib/db/testing/factories';
import { createEnvironment, listEnvironments, updateEnvironment } from '@/lib/environments/server';
import { catalog } from '@/lib/providers/catalog.generated';
import { checkProbeInput } from '../model/estate-schemas';
import { checkProbe, createTarget, listTargets, updateTarget } from '.';

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

const admin = () => testContext(database.db, { actor: personActor([{ role: 'admin', environmentPattern: '*' }]) });
const operator = () =>
  testContext(database.db, { actor: personActor([{ role: 'operator', environmentPattern: '*' }]) });
const providerId = Object.values(catalog).find(({ capabilities }) => capabilities.workflows)?.id ?? '';
const config = { repository: 'acme/app', workflow: 'deploy.yml', defaultRef: 'main' };

async function traces(id: string) {
  const lines = await database.db.query.audit.findMany({ where: (table, { eq }) => eq(table.resourceId, id) });
  const said = await database.db.query.events.findMany();
  return {
    lines: lines.map((line) => line.action),
    events: said.filter((event) => event.data.id === id).map((event) => event.kind),
  };
}

describe('components', () => {
  it('are added and changed with one audit line and one event each', async () => {
    const { id } = await createComponent(admin(), { slug: 'web-app', name: 'Web app', kind: 'dashboard' });
    await updateComponent(admin(), { id, name: 'Web', kind: 'dashboard', paths: ['apps/web'] });
    const found = (await listComponents(admin())).find((each) => each.id === id);
    expect(found).toMatchObject({ slug: 'web-app', name: 'Web', paths: ['apps/web'], targets: 0 });
    expect(await traces(id)).toEqual({
      lines: ['component.create', 'component.update'],
      events: ['component.create', 'component.update'],
    });
  });

  it('refuse a slug that is taken and leave no trace of the try', async () => {
    const taken = await makeComponent(database.db);
    const before = [await database.db.$count(audit), await database.db.$count(events)];
    const again = createComponent(admin(), { slug: taken.slug, name: 'Twin', kind: 'other' });
    await expect(again).rejects.toMatchObject({
      kind: 'conflict',
      code: 'slug_taken',
      fields: { slug: expect.any(String) },
    });
    expect([await database.db.$count(audit), await database.db.$count(events)]).toEqual(before);
  });

  it.each(['Web', '-a', 'a--b', 'a b', '../a', ''])('refuse the slug %j', async (slug) => {
    await expect(createComponent(admin(), { slug, name: 'X', kind: 'other' })).rejects.toThrow();
  });

  it.each(['/etc', '../secrets', 'a/../../b', 'a\\b'])('refuse the folder %j', async (path) => {
    await expect(
      createComponent(admin(), { slug: 'paths', name: 'X', kind: 'other', paths: [path] }),
    ).rejects.toThrow();
  });

  it('and environments are changed by administrators only', async () => {
    const row = await makeComponent(database.db);
    const forbidden = { kind: 'forbidden' };
    await expect(createComponent(operator(), { slug: 'x', name: 'X', kind: 'other' })).rejects.toMatchObject(forbidden);
    await expect(updateComponent(operator(), { id: row.id, name: 'X', kind: 'other' })).rejects.toMatchObject(
      forbidden,
    );
    await expect(createEnvironment(operator(), { slug: 'x', name: 'X' })).rejects.toMatchObject(forbidden);
  });
});

describe('environments', () => {
  it('are added, changed, and listed only to those who may read them', async () => {
    const { id } = await createEnvironment(admin(), { slug: 'qa', name: 'QA' });
    await updateEnvironment(admin(), { id, name: 'Quality', isProduction: true });
    const seen = await listEnvironments(admin());
    expect(seen.find((each) => each.id === id)).toMatchObject({ slug: 'qa', name: 'Quality', isProduction: true });
    const other = testContext(database.db, { actor: personActor([{ role: 'viewer', environmentPattern: 'prod*' }]) });
    expect((await listEnvironments(other)).map((each) => each.slug)).not.toContain('qa');
    await expect(createEnvironment(admin(), { slug: 'qa', name: 'Again' })).rejects.toMatchObject({
      code: 'slug_taken',
    });
    expect((await traces(id)).lines).toEqual(['environment.create', 'environment.update']);
  });
});

describe('targets', () => {
  async function parts() {
    const { db } = database;
    const component = await makeComponent(db);
    const environment = await makeEnvironment(db);
    const connection = await makeConnection(db, { providerId });
    return {
      component,
      environment,
      connection,
      ids: { componentId: component.id, environmentId: environment.id, connectionId: connection.id },
    };
  }

  it('bind a component to an environment with settings that the provider accepts', async () => {
    const { ids, environment } = await parts();
    const { id } = await createTarget(admin(), { ...ids, config });
    const found = (await listTargets(admin())).find((each) => each.id === id);
    expect(found).toMatchObject({ config, version: 1, environment: { slug: environment.slug } });
    expect(await traces(id)).toEqual({ lines: ['target.create'], events: ['target.create'] });
  });

  it('refuse settings that the provider does not accept, field by field', async () => {
    const { ids } = await parts();
    const bad = createTarget(admin(), { ...ids, config: { ...config, workflow: '../x', surprise: 1 } });
    await expect(bad).rejects.toMatchObject({
      kind: 'invalid',
      code: 'target_config',
      fields: { 'config.workflow': expect.any(String) },
    });
  });

  it('refuse an unknown connection, component or environment, and a second one of the same label', async () => {
    const { ids } = await parts();
    await expect(createTarget(admin(), { ...ids, connectionId: 'con_x', config })).rejects.toMatchObject({
      code: 'connection_unknown',
    });
    await expect(createTarget(admin(), { ...ids, componentId: 'cmp_x', config })).rejects.toMatchObject({
      code: 'component_unknown',
    });
    await expect(createTarget(admin(), { ...ids, environmentId: 'env_x', config })).rejects.toMatchObject({
      code: 'environment_unknown',
    });
    await createTarget(admin(), { ...ids, config });
    await expect(createTarget(admin(), { ...ids, config })).rejects.toMatchObject({ code: 'target_taken' });
    await createTarget(admin(), { ...ids, label: 'second', config });
  });

  it('are changed by whoever read them last; past deployments keep their settings', async () => {
    const { ids, component, environment, connection } = await parts();
    const row = await makeTarget(database.db, { component, environment, connection, config });
    const past = await makeDeployment(database.db, row, 'succeeded');
    const change = {
      id: row.id,
      version: 1,
      connectionId: ids.connectionId,
      config: { ...config, workflow: 'ship.yml' },
    };
    await updateTarget(admin(), change);
    await expect(updateTarget(admin(), change)).rejects.toMatchObject({ kind: 'conflict', code: 'changed_since' });
    const kept = await database.db.query.deployments.findFirst({ where: (table, { eq }) => eq(table.id, past.id) });
    expect(kept?.config).toEqual(config);
  });

  it('are managed in the environments of one’s grant and nowhere else', async () => {
    const { ids, environment } = await parts();
    const here = testContext(database.db, {
      actor: personActor([{ role: 'admin', environmentPattern: environment.slug }]),
    });
    const there = testContext(database.db, {
      actor: personActor([{ role: 'admin', environmentPattern: 'elsewhere' }]),
    });
    await expect(createTarget(there, { ...ids, config })).rejects.toMatchObject({ kind: 'forbidden' });
    const { id } = await createTarget(here, { ...ids, config });
    await expect(updateTarget(there, { id, version: 1, connectionId: ids.connectionId, config })).rejects.toMatchObject(
      { kind: 'forbidden' },
    );
    expect((await listTargets(there)).map((each) => each.id)).not.toContain(id);
  });
});

describe('the version address of a target', () => {
  const probe = { url: 'https://api.example.com/version?key=hidden', field: 'sha' };

  it('is stored with its defaults, stays when an update leaves it out, and goes with null', async () => {
    const parts = [await makeComponent(database.db), await makeEnvironment(database.db)] as const;
    const connection = await makeConnection(database.db, { providerId });
    const place = { componentId: parts[0].id, environmentId: parts[1].id, connectionId: connection.id, config };
    const { id } = await createTarget(admin(), { ...place, probe });
    const stored = async () => (await listTargets(admin())).find((each) => each.id === id)?.probe;
    const whole = { ...probe, says: 'sha', withinMinutes: 10 };
    expect(await stored()).toEqual(whole);
    await updateTarget(admin(), { id, version: 1, connectionId: connection.id, config });
    expect(await stored()).toEqual(whole);
    await updateTarget(admin(), { id, version: 2, connectionId: connection.id, config, probe: null });
    expect(await stored()).toBeNull();
    const lines = await database.db.query.audit.findMany({ where: (table, { eq }) => eq(table.resourceId, id) });
    expect(JSON.stringify(lines)).not.toContain('hidden');
  });

  it('can be tried before it is stored, by those who may store it, and shows only the version', async () => {
    const input = checkProbeInput.parse({ probe: JSON.stringify(probe) });
    const answering = (body: string) => ({ ...admin(), fetchOutside: async () => new Response(body) });
    const secret = JSON.stringify({ sha: 'abcdef1', password: 'hidden' });
    expect(await checkProbe(answering(secret), input)).toEqual({
      usable: true,
      sentence: 'https://api.example.com/version says commit abcdef1.',
    });
    expect(await checkProbe(answering('{"password":"hidden"}'), input)).toEqual({
      usable: false,
      sentence: 'https://api.example.com/version cannot be used yet: its answer has no field “sha”.',
    });
    await expect(checkProbe(operator(), input)).rejects.toMatchObject({ kind: 'forbidden' });
  });

  it.each(['', 'null', '{"url":"ftp://a"}', '{"url":"https://a.example/","more":1}'])('refuses %j', (text) => {
    expect(checkProbeInput.safeParse({ probe: text }).error?.issues[0]?.message).toMatch(/\S/);
  });
});
