import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '@/lib/db/client';
import { audit, extensionPackages } from '@/lib/db/schema';
import { openTestDatabase, testContext } from '@/lib/db/testing/context';
import { sampleVsix } from '../testing/sample-vsix';
import { accept } from './accept';
import { diskBlobs } from './disk-blobs';
import { listPackages } from './list-packages';
import { openPackage } from './open-package';
import { readEntry } from './read-entry';
import { readPackage } from './read-package';
import { republish } from './republish';

let database: Database;
let folder: string;
const context = () => ({ ...testContext(database.db), blobs: diskBlobs(folder) });
const stored = () => readdirSync(folder, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'packages-'));
  database = await openTestDatabase();
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await database.close();
});

describe('a package is taken in once for each content', () => {
  test('streamed, kept under its digest, written down and audited; the same bytes again change nothing', async () => {
    const bytes = sampleVsix({ name: 'once' });
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const first = await accept(context(), Readable.from([bytes.subarray(0, 100), bytes.subarray(100)]), {
      kind: 'upload',
    });
    expect(first).toMatchObject({ packageId: sha256, outcome: 'new', scan: 'passed', name: 'once', version: '1.0.0' });
    expect(stored().map(({ name }) => name)).toEqual([sha256]);
    expect(await accept(context(), bytes, { kind: 'upload' })).toMatchObject({ outcome: 'already', packageId: sha256 });
    const lines = await database.db.select().from(audit).where(eq(audit.resourceId, sha256));
    expect(lines.map(({ action, outcome }) => [action, outcome])).toEqual([['extension.upload', 'done']]);
  });

  test('uploaded by hand, it gets the run and commit that made it once that run brings it; what has a commit keeps it', async () => {
    const bytes = sampleVsix({ name: 'later' });
    const { packageId } = await accept(context(), bytes, { kind: 'upload' });
    const ofRun = (deploymentId: string, sha: string) =>
      accept(context(), bytes, { kind: 'run', deploymentId, sha, componentId: null });
    expect(await ofRun('dep_7', 'c0ffee')).toMatchObject({ outcome: 'already', packageId });
    expect((await readPackage(context(), { packageId })).source).toMatchObject({
      ...{ kind: 'run', deploymentId: 'dep_7', sha: 'c0ffee' },
    });
    await ofRun('dep_8', 'decaf');
    await accept(context(), bytes, { kind: 'upload' });
    expect((await readPackage(context(), { packageId })).source).toMatchObject({
      deploymentId: 'dep_7',
      sha: 'c0ffee',
    });
    const lines = await database.db.select().from(audit).where(eq(audit.resourceId, packageId));
    expect(lines.map(({ action }) => action).sort()).toEqual(['extension.collect', 'extension.upload']);
  });

  const OF_RUN = { kind: 'run', deploymentId: 'dep_7', sha: 'c0ffee' } as const;
  const run = { ...OF_RUN, componentId: null };
  const actionsOf = async (packageId: string) => {
    const lines = await database.db.select().from(audit).where(eq(audit.resourceId, packageId));
    return lines.map(({ action }) => action).sort();
  };

  test('a run that is overtaken by an upload of the same bytes is still written down as what made them', async () => {
    const bytes = sampleVsix({ name: 'overtaken' });
    const blobs = diskBlobs(folder);
    const put: typeof blobs.put = async (...kept) => {
      expect(await accept(context(), bytes, { kind: 'upload' })).toMatchObject({ outcome: 'new' });
      await blobs.put(...kept);
    };
    const overtaken = { ...context(), blobs: { ...blobs, put } };
    const { packageId, outcome } = await accept(overtaken, bytes, run);
    expect(outcome).toBe('already');
    expect((await readPackage(context(), { packageId })).source).toMatchObject(OF_RUN);
    expect(await actionsOf(packageId)).toEqual(['extension.collect', 'extension.upload']);
  });

  test('a run that brings bytes which were lost here is written down as what made them', async () => {
    const bytes = sampleVsix({ name: 'rebrought' });
    const { packageId } = await accept(context(), bytes, { kind: 'upload' });
    await context().blobs.remove(packageId);
    expect(await accept(context(), bytes, run)).toMatchObject({ outcome: 'already', packageId });
    expect(stored().map(({ name }) => name)).toContain(packageId);
    expect((await readPackage(context(), { packageId })).source).toMatchObject(OF_RUN);
    expect(await actionsOf(packageId)).toEqual(['extension.collect', 'extension.upload']);
  });

  test('bytes that were lost here and cannot be passed this time are not said to be here', async () => {
    const bytes = sampleVsix({ name: 'lost', more: [{ name: 'extension/x.js', content: '\u{E0101}'.repeat(40) }] });
    const once = await accept(context(), bytes, { kind: 'upload' });
    // As an older version of this console had let it pass.
    const itself = eq(extensionPackages.id, once.packageId);
    await database.db.update(extensionPackages).set({ scan: 'passed' }).where(itself);
    await expect(accept(context(), bytes, { kind: 'upload' })).rejects.toMatchObject({ code: 'hidden_code' });
    expect(stored().map(({ name }) => name)).not.toContain(once.packageId);
  });

  test('two senders at once leave one row and one file', async () => {
    const bytes = sampleVsix({ name: 'race' });
    const both = await Promise.all(
      [0, 1].map(() => accept(context(), Readable.from([bytes]), { kind: 'run', deploymentId: 'dep_1' })),
    );
    expect(both.map(({ outcome }) => outcome).sort()).toEqual(['already', 'new']);
    expect(stored().filter(({ name }) => name.endsWith('.part'))).toEqual([]);
  });

  test('what a package must not have is written down and its bytes are not kept; sent again it is looked at again', async () => {
    const bytes = sampleVsix({ name: 'hidden', more: [{ name: 'extension/x.js', content: '\u{E0101}'.repeat(40) }] });
    for (const outcome of ['new', 'new'])
      expect(await accept(context(), bytes, { kind: 'upload' })).toMatchObject({ outcome, scan: 'refused' });
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    expect(stored().map(({ name }) => name)).not.toContain(sha256);
    expect(await readEntry(context(), sha256, 'extension/package.json')).toBeNull();
  });

  test('what is no package leaves nothing at all, and says what to do', async () => {
    const before = await database.db.$count(extensionPackages);
    await expect(accept(context(), Buffer.from('hello, no archive here'), { kind: 'upload' })).rejects.toMatchObject({
      code: 'not_a_zip',
      kind: 'invalid',
    });
    const broken = Readable.from(
      (async function* () {
        yield sampleVsix().subarray(0, 99);
        throw new Error('gone');
      })(),
    );
    await expect(accept(context(), broken, { kind: 'upload' })).rejects.toMatchObject({ code: 'upload_cut_off' });
    expect(await database.db.$count(extensionPackages)).toBe(before);
  });

  test('more than 100 MB is refused while it comes, and not read to its end', async () => {
    let sent = 0;
    const endless = Readable.from(
      (async function* () {
        for (;;) {
          sent += 1;
          yield Buffer.alloc(8 * 1_048_576);
        }
      })(),
    );
    await expect(accept(context(), endless, { kind: 'upload' })).rejects.toMatchObject({ code: 'package_too_large' });
    expect(sent).toBeLessThan(20);
  });

  test('a publisher that looks like another is said', async () => {
    await accept(context(), sampleVsix({ publisher: 'rnerlin' }), { kind: 'upload' });
    const { findings } = await accept(context(), sampleVsix({ publisher: 'merl1n' }), { kind: 'upload' });
    expect(findings.map(({ code }) => code)).toContain('publisher_looks_like');
  });
});

test('the shown files can be read, and no other', async () => {
  const png = Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), Buffer.alloc(20)]);
  const bytes = sampleVsix({
    name: 'files',
    manifest: { icon: 'icon.png' },
    more: [{ name: 'extension/icon.png', content: png }],
  });
  const { packageId } = await accept(context(), bytes, { kind: 'upload' });
  const read = async (name: string) => (await readEntry(context(), packageId, name))?.type.split(';')[0];
  expect(await read('extension/package.json')).toBe('application/json');
  expect(await read('extension/readme.md')).toBe('text/plain');
  expect(await read('extension/icon.png')).toBe('image/png');
  for (const name of ['extension/out/main.js', '../etc/passwd', '']) expect(await read(name), name).toBeUndefined();
  expect((await readEntry(context(), packageId, 'extension/icon.png'))?.bytes.equals(png)).toBe(true);
});

test('a package is compared with the version before, or with another that is named', async () => {
  const contributes = { commands: [{ command: 'a.b', title: 'B' }] };
  const old = await accept(context(), sampleVsix({ name: 'diff', version: '1.9.0' }), { kind: 'upload' });
  const older = await accept(context(), sampleVsix({ name: 'diff', version: '1.8.0' }), { kind: 'upload' });
  const next = sampleVsix({
    name: 'diff',
    version: '1.10.0',
    manifest: { contributes, activationEvents: ['*'], engines: { vscode: '^1.95.0' } },
    more: [{ name: 'extension/data/a.bin', content: Buffer.alloc(2_000, 7) }],
  });
  const { packageId } = await accept(context(), next, { kind: 'upload' });
  const detail = await readPackage(context(), { packageId });
  expect(detail.against).toMatchObject({ id: old.packageId, why: 'before' });
  expect(detail.difference).toMatchObject({
    engine: { from: '^1.90.0', to: '^1.95.0' },
    activationEvents: { added: ['*'], removed: ['onCommand:demo.run'] },
    commands: { added: ['a.b: B'], removed: ['demo.run: Run'] },
    files: { added: ['extension/data/a.bin'], removed: [] },
  });
  expect(detail.difference?.folders).toContainEqual({ path: 'data', from: 0, to: 2_000 });
  expect(detail.findings.map(({ code }) => code)).toContain('starts_always');
  expect((await readPackage(context(), { packageId, against: older.packageId })).against).toMatchObject({
    version: '1.8.0',
    why: 'chosen',
  });
  const { packages } = await listPackages(context(), { limit: 50 });
  expect(packages[0]).toMatchObject({ id: packageId, warnings: 1, refusals: 0 });
});

describe('an old package made again', () => {
  const taken = (version: string, parts = {}) =>
    accept(context(), sampleVsix({ name: 'back', version, ...parts }), {
      kind: 'run',
      deploymentId: 'dep_1',
      sha: 'c0ffee',
    });

  test('comes in as a new one that names where it is from; its bytes are handed out, and only the number differs', async () => {
    const old = await taken('1.4.0');
    await expect(republish(context(), { packageId: old.packageId })).rejects.toMatchObject({ code: 'nothing_newer' });
    await taken('1.5.0');
    const made = await republish(context(), { packageId: old.packageId });
    const detail = await readPackage(context(), { packageId: made.packageId, against: old.packageId });
    expect(detail).toMatchObject({
      version: '1.5.1',
      source: { kind: 'republish', from: old.packageId, sha: 'c0ffee' },
    });
    expect(detail.difference?.files).toEqual({
      ...{ added: [], removed: [], more: 0 },
      changed: ['extension.vsixmanifest', 'extension/package.json'],
    });
    const file = await openPackage(context(), { packageId: made.packageId });
    const bytes = Buffer.from(await new Response(file.body).arrayBuffer());
    expect(file.name).toBe('acme.back-1.5.1.vsix');
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(made.packageId);
  });

  test('is refused with what to do where its number reaches nobody, it did not pass, or its bytes are gone', async () => {
    const old = await taken('1.4.0');
    const again = (version: string) => republish(context(), { packageId: old.packageId, version });
    await expect(again('1.5.0')).rejects.toMatchObject({ code: 'number_taken' });
    expect(await again('1.6.0')).toMatchObject({ version: '1.6.0', outcome: 'new' });
    const refused = await taken('1.0.0', { more: [{ name: 'extension/x.js', content: '\u{E0101}'.repeat(40) }] });
    for (const work of [republish, openPackage])
      await expect(work(context(), refused)).rejects.toMatchObject({ code: 'not_passed' });
    await context().blobs.remove(old.packageId);
    for (const work of [republish, openPackage])
      await expect(work(context(), { packageId: old.packageId })).rejects.toMatchObject({ code: 'package_gone' });
  });
});

test('a localised extension is called as people read it, and not by its placeholder', async () => {
  const manifest = { displayName: '%displayName%', description: '%desc%' };
  const nls = { name: 'extension/package.nls.json', content: '\uFEFF{"desc":"Says hello"}' };
  const { packageId } = await accept(context(), sampleVsix({ name: 'local', manifest, more: [nls] }), {
    kind: 'upload',
  });
  const detail = await readPackage(context(), { packageId });
  expect(detail).toMatchObject({ displayName: 'Demo', description: 'Says hello' });
  const broken = { ...nls, content: '['.repeat(5_000) };
  const other = await accept(context(), sampleVsix({ name: 'local2', manifest, more: [broken] }), { kind: 'upload' });
  expect(other.scan).toBe('passed');
  expect((await readPackage(context(), other)).description).toBeNull();
});
