import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  extensionInstalls,
  extensionPublications,
  galleryVersions,
  pins,
  targets,
  unpublishAsks,
} from '@/lib/db/schema';
import { composerStart } from '@/lib/deployments/server';
import { readEstate } from '@/lib/deployments/server/read-cells';
import { readPackage, republish } from '@/lib/extensions/server';
import { unyank, yank } from '@/lib/gallery/server';
import { readVsix } from '@/lib/sandbox/vsix';
import { PLACES, type PlacesWorld, placesWorld } from '../testing/places-world';
import { countInstalls, createNamespaceThere, lookAgain, publishTo, readPlan, recall, unpublish } from '.';

let world: PlacesWorld;
let clicks = 0;

beforeAll(async () => {
  world = await placesWorld(readVsix);
});
beforeEach(() => world.there.set({ acceptThen502: 0, down: false, pace: 0.01 }));
afterAll(() => world.close());

const everywhere = [PLACES.openVsx, PLACES.marketplace, PLACES.own];

function publish(packageId: string, targetIds: string[] = everywhere, key = `click-${++clicks}-abcdef`) {
  return publishTo(world.person, { packageId, targetIds, idempotencyKey: key });
}

async function published(version: string, targetIds: string[] = everywhere): Promise<string> {
  const packageId = await world.packaged({ version });
  const { places } = await publish(packageId, targetIds);
  for (const { deploymentId } of places) await world.until(deploymentId ?? '', 'succeeded');
  return packageId;
}

const reason = 'It phones home.';
const take = (targetId: string, packageId: string) => recall(world.person, { targetId, packageId, reason });
const takeAll = (packageId: string, who = world.person, typedName = 'acme.demo') =>
  unpublish(who, { targetId: PLACES.marketplace, packageId, reason, typedName });

async function told(action = 'extension.recall') {
  return (await world.engine.audits(action)).map(({ sentence }) => sentence);
}

describe('one package to several places', () => {
  it('is one deployment for each; the same click once more finds them, and each is proven by its bytes', async () => {
    const packageId = await world.packaged({ version: '1.0.0' });
    const first = await publish(packageId, everywhere, 'twice-abcdef');
    const again = await publish(packageId, everywhere, 'twice-abcdef');
    expect(first.places.map(({ outcome }) => outcome)).toEqual(['created', 'created', 'created']);
    expect(again.places.map(({ outcome }) => outcome)).toEqual(['repeated', 'repeated', 'repeated']);
    expect(again.places.map((each) => each.deploymentId)).toEqual(first.places.map((each) => each.deploymentId));
    for (const { deploymentId } of first.places) await world.until(deploymentId ?? '', 'succeeded');
    for (const place of everywhere) expect(await world.stateAt(place, packageId)).toBe('verified');
    expect(world.changes()).toBe(2);
  });

  it('is proven for each platform of a version by itself', async () => {
    const packages = ['linux-x64', 'darwin-arm64'].map((platform) => world.packaged({ version: '1.0.5', platform }));
    const [linux = '', mac = ''] = await Promise.all(packages);
    for (const packageId of [linux, mac]) {
      const { places } = await publish(packageId);
      for (const { deploymentId } of places) await world.until(deploymentId ?? '', 'succeeded');
    }
    const states = everywhere.flatMap((place) => [linux, mac].map((packageId) => world.stateAt(place, packageId)));
    expect(new Set(await Promise.all(states))).toEqual(new Set(['verified']));
  });

  it('goes to the others where one place refuses, and says why beside it; one alone throws', async () => {
    await world.engine.database.db
      .update(targets)
      .set({ config: { extension: 'acme.other', channel: 'stable' } })
      .where(eq(targets.id, PLACES.marketplace));
    const packageId = await world.packaged({ version: '1.1.0' });
    const { places } = await publish(packageId);
    expect(places.map(({ outcome, code }) => code ?? outcome)).toEqual(['created', 'other_extension', 'created']);
    await expect(publish(packageId, [PLACES.marketplace])).rejects.toMatchObject({ code: 'other_extension' });
    for (const { deploymentId } of places) if (deploymentId) await world.until(deploymentId, 'succeeded');
    await world.engine.database.db
      .update(targets)
      .set({ config: { extension: 'acme.demo', channel: 'stable' } })
      .where(eq(targets.id, PLACES.marketplace));
  });
});

it('is no place for a commit: whoever wants to deploy to a gallery is led to its packages', async () => {
  const asked = composerStart(world.person, { targetId: PLACES.own });
  await expect(asked).rejects.toMatchObject({
    code: 'takes_packages',
    sentence: expect.stringContaining('Extensions'),
  });
});

describe('the console’s own gallery as a place', () => {
  it('takes a version once, has it already the second time, refuses other bytes, and lets it be yanked', async () => {
    const packageId = await published('2.0.0', [PLACES.own]);
    await published('2.0.0', [PLACES.own]);
    const rows = await world.engine.database.db.select().from(galleryVersions);
    expect(rows.filter(({ version }) => version === '2.0.0')).toMatchObject([{ packageId, publishedBy: 'user_ana' }]);
    const other = await world.packaged({ version: '2.0.0', readme: 'Something else' });
    await expect(publish(other, [PLACES.own])).rejects.toMatchObject({ code: 'other_content' });
    expect(await take(PLACES.own, packageId)).toMatchObject({ outcome: 'done' });
    const [yanked] = await world.engine.database.db
      .select()
      .from(galleryVersions)
      .where(eq(galleryVersions.packageId, packageId));
    expect(yanked?.yankReason).toBe('It phones home.');
    expect(await world.stateAt(PLACES.own, packageId)).toBe('unlisted');
    expect((await told()).slice(-2)).toEqual([
      'Began to take acme.demo 2.0.0 away from Private gallery: It phones home.',
      'ana took acme.demo 2.0.0 away from Private gallery: It phones home.',
    ]);
    await expect(take(PLACES.own, packageId)).rejects.toMatchObject({ code: 'not_published' });
  });
});

describe('taking back', () => {
  it('says how a person does it where the place has no request for it, and changes nothing', async () => {
    const packageId = await published('3.0.0', [PLACES.openVsx]);
    const before = (await told()).length;
    const guided = await take(PLACES.openVsx, packageId);
    expect(guided).toMatchObject({ outcome: 'guided' });
    expect(guided.steps.length).toBeGreaterThan(0);
    expect(await world.stateAt(PLACES.openVsx, packageId)).toBe('verified');
    expect(await told()).toHaveLength(before);
  });

  it('takes a whole extension only when its name was typed, writes it down first, and says so when nobody answers', async () => {
    const packageId = await published('3.1.0', [PLACES.marketplace]);
    await expect(takeAll(packageId, world.person, 'acme')).rejects.toMatchObject({ code: 'name_mismatch' });
    world.there.set({ down: true });
    await expect(takeAll(packageId)).rejects.toMatchObject({ code: 'recall_unclear' });
    expect((await told('extension.unpublish')).slice(-2)).toEqual([
      expect.stringMatching(/^Began to take acme\.demo, with all its versions,/),
      expect.stringMatching(/^It is not known whether it took acme\.demo/),
    ]);
    expect(await world.stateAt(PLACES.marketplace, packageId)).toBe('verified');
    // Its two minutes are over.
    await world.engine.database.db.delete(unpublishAsks);
  });

  it('looks an answer up that got lost: what is gone there is gone here, with one request', async () => {
    const packageId = await published('3.2.0', [PLACES.marketplace]);
    const before = world.changes();
    world.there.set({ acceptThen502: 1 });
    expect((await takeAll(packageId)).outcome).toBe('done');
    expect(world.changes() - before).toBe(1);
    expect(await world.stateAt(PLACES.marketplace, packageId)).toBe('unlisted');
  });
});

describe('after its deployment is over', () => {
  const rows = extensionPublications;
  const due = () => world.engine.database.db.update(rows).set({ nextLookAt: new Date(0) });
  const at = async (packageId: string, place: string = PLACES.own) => world.stateAt(place, packageId);
  const which = (version: string) => ({ namespace: 'acme', name: 'demo', version });

  it('a version that is yanked, put back or not kept in the gallery says so at once, and is proven anew', async () => {
    const packageId = await published('4.0.0', [PLACES.own]);
    await yank(world.person, { ...which('4.0.0'), reason });
    expect(await at(packageId)).toBe('unlisted');
    const [cell] = (await readEstate(world.person)).cells.filter(({ targetId }) => targetId === PLACES.own);
    expect(cell?.drift?.sentence).toContain(reason);
    await unyank(world.person, which('4.0.0'));
    expect(await at(packageId)).toBe('active');
    await due();
    await lookAgain(world.person, 50);
    expect(await at(packageId)).toBe('verified');
  });

  it('what a gallery takes away is seen by the next look; what is quarantined goes on when the gallery lets it', async () => {
    const packageId = await published('4.1.0', [PLACES.openVsx]);
    await due();
    await lookAgain(world.person, 50);
    expect(await at(packageId, PLACES.openVsx)).toBe('verified');
    const { db } = world.engine.database;
    const gone = await world.packaged({ version: '4.1.1' });
    const row = { targetId: PLACES.openVsx, deploymentId: 'dep_gone', nextLookAt: new Date(0) };
    await db.insert(rows).values({ ...row, packageId: gone, state: 'verified' });
    await db.update(rows).set({ state: 'quarantined' }).where(eq(rows.packageId, packageId));
    await due();
    await lookAgain(world.person, 50);
    expect(await at(gone, PLACES.openVsx)).toBe('unlisted');
    expect(await at(packageId, PLACES.openVsx)).toBe('verified');
    expect(await lookAgain(world.person, 50)).toBe(0);
  });

  it('nothing changes where a gallery does not answer, and no round asks more than it may', async () => {
    await due();
    world.there.set({ down: true });
    expect(await lookAgain(world.person, 2)).toBe(2);
    const states = await world.engine.database.db.select({ state: rows.state }).from(rows);
    expect(states.filter(({ state }) => state === 'verified').length).toBeGreaterThan(2);
  });
});

describe('the publisher’s name at a gallery', () => {
  it('is made once, is no error when it is ours, and a place that makes none says so', async () => {
    const { db } = world.engine.database;
    const under = (extension: string) =>
      db
        .update(targets)
        .set({ config: { extension, channel: 'stable' } })
        .where(eq(targets.id, PLACES.openVsx));
    const make = () => createNamespaceThere(world.person, { targetId: PLACES.openVsx });
    await under('newcomer.demo');
    const packageId = await world.packaged({ publisher: 'newcomer', version: '1.0.0' });
    const standing = async (who = world.person) =>
      (await readPlan(who, { packageId })).places.map(({ namespace }) => namespace);
    expect(await standing()).toEqual(['absent']);
    expect(await standing(world.as('viewer', 'vic'))).toEqual([null]);
    world.there.set({ down: true });
    expect(await standing()).toEqual([null]);
    world.there.set({ down: false });
    world.there.advance(120_000);
    expect(await make()).toMatchObject({ outcome: 'created' });
    expect(await make()).toMatchObject({ outcome: 'already' });
    expect(await standing()).toEqual(['ours']);
    expect(await told('extension.namespace')).toHaveLength(1);
    await under('acme.demo');
    const known = await world.packaged({ version: '4.9.0' });
    const { places } = await publish(known, [PLACES.openVsx]);
    await world.until(places[0]?.deploymentId ?? '', 'succeeded');
    // Something came through, so nobody is asked any more; the others make no names.
    const plan = await readPlan(world.person, { packageId: known });
    expect(plan.places.map(({ namespace }) => namespace)).toEqual([null, null, null]);
    const unable = createNamespaceThere(world.person, { targetId: PLACES.marketplace });
    await expect(unable).rejects.toMatchObject({ code: 'unsupported' });
  });
});

describe('what galleries count', () => {
  it('is kept once a day for each place; one that does not answer is asked again in the next round', async () => {
    const { db } = world.engine.database;
    world.there.set({ down: true });
    expect(await countInstalls(world.person)).toBe(1);
    world.there.set({ down: false });
    world.there.advance(120_000);
    await countInstalls(world.person);
    expect(await countInstalls(world.person)).toBe(0);
    const rows = await db.select().from(extensionInstalls);
    expect(rows.map(({ targetId, what }) => `${targetId} ${what}`).sort()).toEqual([
      'tgt_open downloads',
      'tgt_own installs',
      // What was taken back as a whole is not known there any more.
    ]);
  });
});

describe('going back at a gallery', () => {
  it('is the old package with a higher number, counted as a roll-back that holds the place until somebody lifts it', async () => {
    const { db } = world.engine.database;
    const good = await published('5.0.0', [PLACES.own]);
    const bad = await published('5.1.0', [PLACES.own]);
    expect((await readPackage(world.person, { packageId: bad })).nextVersion).toBeNull();
    const made = await republish(world.person, { packageId: good });
    expect(made).toMatchObject({ outcome: 'new', scan: 'passed', version: '5.1.1', from: good });
    const twice = await republish(world.person, { packageId: good });
    expect(twice).toMatchObject({ outcome: 'already', packageId: made.packageId });
    const plan = await readPlan(world.person, { packageId: made.packageId });
    expect(plan.goesBackTo).toEqual({ packageId: good, version: '5.0.0' });
    const { places } = await publish(made.packageId, [PLACES.own]);
    await world.until(places[0]?.deploymentId ?? '', 'succeeded');
    expect(await world.stateAt(PLACES.own, made.packageId)).toBe('verified');
    const row = await world.engine.row(places[0]?.deploymentId ?? '');
    expect(row).toMatchObject({ kind: 'rollback', reason: 'Back to what 5.0.0 was, as 5.1.1.' });
    const next = await world.packaged({ version: '5.2.0' });
    await expect(publish(next, [PLACES.own])).rejects.toMatchObject({ code: 'pinned_rollback' });
    await db.update(pins).set({ liftedAt: new Date(), liftedBy: 'user_ana' }).where(eq(pins.targetId, PLACES.own));
    await expect(publish(next, [PLACES.own])).resolves.toMatchObject({ places: [{ outcome: 'created' }] });
  });

  it('is an ordinary deployment, with every gate, where the old one was never live at that very place', async () => {
    const { db } = world.engine.database;
    await world.packaged({ version: '6.0.0' });
    const elsewhere = await published('5.9.0', [PLACES.openVsx]);
    const never = await republish(world.person, { packageId: elsewhere });
    const twice = await republish(world.person, { packageId: never.packageId, version: '6.0.9' });
    const by = { reason: 'Errors went up.', createdBy: 'user_ana', createdByName: 'ana' };
    await db.insert(pins).values({ id: 'pin_w', targetId: PLACES.own, kind: 'rollback', ...by });
    const plan = await readPlan(world.person, { packageId: twice.packageId });
    const kinds = plan.places.map(({ targetId, goesBackTo, closed }) => [targetId, goesBackTo?.version, closed?.code]);
    expect(kinds).toContainEqual([PLACES.own, undefined, 'pinned_rollback']);
    expect(kinds).toContainEqual([PLACES.openVsx, '5.9.0', undefined]);
    await expect(publish(twice.packageId, [PLACES.own])).rejects.toMatchObject({ code: 'pinned_rollback' });
    await db.update(pins).set({ liftedAt: new Date(), liftedBy: 'user_ana' }).where(eq(pins.id, 'pin_w'));
    const { places } = await publish(twice.packageId, [PLACES.own]);
    expect(await world.engine.row(places[0]?.deploymentId ?? '')).toMatchObject({ kind: 'deploy', reason: '' });
  });
});
