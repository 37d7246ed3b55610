import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listAudit } from '@/lib/audit/server';
import type { Database } from '@/lib/db/client';
import { components, connections, deployments, releases, sightings, targets } from '@/lib/db/schema';
import { openTestDatabase, personActor, testContext } from '@/lib/db/testing/context';
import {
  fakeSha,
  makeComponent,
  makeDeployment,
  makeEnvironment,
  makePin,
  makeTarget,
} from '@/lib/db/testing/factories';
import { CANARIES } from '@/lib/testing/bad-inputs/canaries';
import { readPublicStatus, setPublic } from '.';

let database: Database;
let production: { id: string; slug: string };
let staging: { id: string; slug: string };
const admin = personActor([{ role: 'admin', environmentPattern: '*' }], { name: 'Grace Hopper' });

beforeAll(async () => {
  database = await openTestDatabase();
  staging = await makeEnvironment(database.db, { slug: 'staging', name: 'Staging', position: 1 });
  production = await makeEnvironment(database.db, { slug: 'production', name: 'Production', isProduction: true });
});
afterAll(() => database.close());

async function target(name: string, environment: { id: string }, isPublic = true) {
  const component = await makeComponent(database.db, { name, slug: name.toLowerCase() });
  const made = await makeTarget(database.db, { component, environment });
  if (isPublic) await open(made.id);
  return made;
}

const open = (targetId: string, isPublic = true, actor = admin) =>
  setPublic(testContext(database.db, { actor }), { targetId, isPublic });
const told = () => readPublicStatus(database.db);
const of = async (component: string) => (await told()).places.filter((place) => place.component === component);

describe('what everybody may see', () => {
  test('is nothing until somebody says so, and nothing again when it is taken back', async () => {
    const quiet = await target('Quiet', production, false);
    await makeDeployment(database.db, quiet, 'succeeded');
    expect(await told()).toMatchObject({ schema: 1, places: [], releases: [] });
    await open(quiet.id);
    expect(await of('Quiet')).toHaveLength(1);
    await open(quiet.id, false);
    expect(await told()).toMatchObject({ places: [], releases: [] });
  });

  test('is the version that is live, since when, and how it stands', async () => {
    const api = await target('Api', production);
    const calm = { impact: null, maintained: false, uptime: null };
    const none = { environment: 'Production', label: '', version: null, sha: null, since: null, ...calm };
    expect(await of('Api')).toEqual([{ ...none, component: 'Api', state: 'empty' }]);
    const at = new Date('2026-11-27T01:02:03.000Z');
    await makeDeployment(database.db, api, 'succeeded', {
      ref: 'v1.2.0',
      refKind: 'tag',
      sha: fakeSha(7),
      finishedAt: at,
    });
    const live = { ...none, component: 'Api', version: 'v1.2.0', sha: '0000000', since: at.toISOString() };
    expect(await of('Api')).toEqual([{ ...live, state: 'live' }]);
    const next = await makeDeployment(database.db, api, 'awaiting_approval', { ref: 'secret-plan' });
    expect(await of('Api')).toEqual([{ ...live, state: 'live' }]);
    await database.db.update(deployments).set({ status: 'building' }).where(eq(deployments.id, next.id));
    expect(await of('Api')).toEqual([{ ...live, state: 'updating' }]);
    await database.db
      .insert(sightings)
      .values({ targetId: api.id, sha: fakeSha(9), driftSince: at, driftSentence: 'why' });
    expect(await of('Api')).toEqual([{ ...live, version: '0000000', state: 'checking' }]);
  });

  test('names production first, and releases newest first, with what was brought back', async () => {
    const web = await target('Web', staging);
    await makeDeployment(database.db, web, 'succeeded', { ref: 'v1', refKind: 'tag' });
    await makeDeployment(database.db, web, 'failed', { ref: 'v2', refKind: 'tag' });
    await makeDeployment(database.db, web, 'succeeded', { ref: 'v0', refKind: 'tag', kind: 'rollback' });
    const { places, releases: list } = await told();
    expect(places.map(({ environment }) => environment).lastIndexOf('Production')).toBeLessThan(
      places.findIndex(({ environment }) => environment === 'Staging'),
    );
    const mine = list.filter(({ component }) => component === 'Web');
    expect(mine.map(({ version, restored }) => [version, restored])).toEqual([
      ['v0', true],
      ['v1', false],
    ]);
  });
});

test('29 canaries in everything else that the console knows: none is told, nor any name that is not asked for', async () => {
  const secret = await target('Vault', production);
  const hidden = await target('Hidden', production, false);
  await makeDeployment(database.db, hidden, 'succeeded', { ref: 'v-hidden', refKind: 'tag' });
  await makePin(database.db, secret);
  const every = CANARIES.map(({ value }) => value).join(' ');
  const config = { repository: 'acme/secret-repository', workflow: every };
  const row = await makeDeployment(database.db, secret, 'succeeded', {
    ...{ ref: 'feature/secret-branch', message: every, reason: every, requestedByName: 'Ada Lovelace', config },
    ...{ inputs: { note: every }, remoteUrl: every, remoteId: 'run-secret', failureSentence: every, rawPhase: every },
    ...{ evidence: { note: every }, waitingFor: every, troubleSentence: every },
  });
  await database.db.update(targets).set({ config }).where(eq(targets.id, secret.id));
  await database.db.update(connections).set({ name: every }).where(eq(connections.id, secret.connectionId));
  await database.db.update(components).set({ description: every }).where(eq(components.id, secret.componentId));
  await database.db.update(releases).set({ author: 'Ada Lovelace' }).where(eq(releases.id, row.releaseId));
  await database.db.insert(sightings).values({
    ...{ targetId: secret.id, sha: row.sha, version: every, byName: 'Ada Lovelace', remoteUrl: every },
    ...{ troubleSentence: every },
  });
  const text = JSON.stringify(await told());
  expect(text).toContain('Vault');
  const names = ['Ada', 'Grace', 'secret', 'acme', 'Hidden', 'v-hidden', row.id, secret.id, `#${row.number}`, 'github'];
  for (const each of [...CANARIES.map(({ value }) => value), ...names]) expect(text).not.toContain(each);
});

describe('making a target public', () => {
  test('is for who may change it, and is written down once', async () => {
    const mine = await target('Mine', staging, false);
    const operator = personActor([{ role: 'operator', environmentPattern: '*' }]);
    const elsewhere = personActor([{ role: 'admin', environmentPattern: 'production' }]);
    for (const actor of [operator, elsewhere])
      await expect(open(mine.id, true, actor)).rejects.toMatchObject({ kind: 'forbidden' });
    await open(mine.id);
    await open(mine.id);
    const { rows } = await listAudit(testContext(database.db, { actor: admin }), { limit: 50 });
    const lines = rows.filter(({ action, resource }) => action === 'target.set-public' && resource.id === mine.id);
    expect(lines.map(({ sentence }) => sentence)).toEqual([
      'What is live of Mine in Staging is shown to everybody, without signing in.',
    ]);
    await expect(open('tgt_none')).rejects.toMatchObject({ code: 'target_not_found' });
  });
});
