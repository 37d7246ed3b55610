import { mkdtempSync, rmSync } from 'node:fs';
import { truncate, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { deflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Database } from '@/lib/db/client';
import { openTestDatabase, testContext } from '@/lib/db/testing/context';
import type { EntrySpec } from '../testing/build-zip';
import { type SampleParts, sampleVsix } from '../testing/sample-vsix';
import { accept } from './accept';
import { diskBlobs } from './disk-blobs';
import { inspect } from './inspect';
import { openArchive } from './open-archive';
import { readEntry } from './read-entry';
import { readPackage } from './read-package';
import { readContent } from './zip-content';
import { bufferSource, type ZipSource } from './zip-source';

const HIDDEN = `var a='${'\u{E0100}'.repeat(500)}';`;
const file = (name: string, content: string): EntrySpec => ({ name: `extension/${name}`, content });
const scanOf = async (parts: SampleParts) => {
  const { scan, findings } = await inspect(bufferSource(sampleVsix(parts)));
  return [scan, findings.filter(({ level }) => level === 'refuse').map(({ code }) => code)];
};

describe('what is run is looked at to its end', () => {
  test.each<[string, SampleParts, string[]]>([
    ['a script with a NUL in front', { more: [file('out/x.js', `/*\0*/${HIDDEN}`)] }, ['hidden_code', 'nul_in_script']],
    ['what main names', { manifest: { main: './out/evil' }, more: [file('out/evil', HIDDEN)] }, ['hidden_code']],
    [
      'whatever main names is called',
      { manifest: { main: 'evil.json' }, more: [file('evil.json', HIDDEN)] },
      ['hidden_code'],
    ],
    [
      'what browser names',
      { manifest: { browser: './w.bin' }, more: [file('w.bin', `\0${HIDDEN}`)] },
      ['hidden_code', 'nul_in_script'],
    ],
    ['another ending', { more: [file('out/other.bin', HIDDEN)] }, ['hidden_code']],
  ])('%s', async (_, parts, codes) => {
    const [scan, found] = await scanOf(parts);
    expect([scan, [...(found as string[])].sort()]).toEqual(['refused', codes]);
  });

  test('a picture and a text with many of these marks are no scripts', async () => {
    expect(await scanOf({ more: [file('a.bin', `\0${HIDDEN}`), file('emoji.json', HIDDEN)] })).toEqual(['passed', []]);
  });
});

describe('a disk or a store that fails inside a large packed file', () => {
  const content = Buffer.alloc(900_000, 'large ');
  const data = deflateRawSync(content, { level: 0 });
  const bytes = sampleVsix({ more: [{ name: 'extension/out/large.bin', content, data }] });
  /** Fails in the middle of that file: only pieces of it are as long. */
  const failing = (error: Error): ZipSource => {
    const source = bufferSource(bytes);
    let pieces = 0;
    return {
      size: source.size,
      read: (at, length) => (length === 256 * 1_024 && ++pieces > 1 ? Promise.reject(error) : source.read(at, length)),
    };
  };

  test('is no fault of the package: it is said to be unfinished, and may be looked through again', async () => {
    const error = Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO' });
    const { scan, findings } = await inspect(failing(error));
    expect([scan, findings.map(({ code }) => code)]).toEqual(['unknown', ['inspection_unfinished']]);
    expect((await inspect(bufferSource(bytes))).scan).toBe('passed');
  });

  test('hands its own word to whoever reads one file', async () => {
    const source = bufferSource(bytes);
    const entry = (await openArchive(source)).find(({ path }) => path.endsWith('large.bin'));
    const error = new Error('The store does not answer.');
    const read = async () => {
      for await (const _ of readContent(failing(error), entry ?? expect.fail('There is none.')));
    };
    await expect(read()).rejects.toBe(error);
  });
});

describe('with packages in a folder', () => {
  let database: Database;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'looked-at-'));
    database = await openTestDatabase();
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await database.close();
  });
  const context = () => ({ ...testContext(database.db), blobs: diskBlobs(folder) });
  const taken = async (bytes: Buffer) =>
    (await accept(context(), Readable.from([bytes]), { kind: 'upload' })).packageId;

  test('code of the same length that says another thing is a change', async () => {
    const withCode = (version: string, code: string) => taken(sampleVsix({ version, more: [file('out/x.js', code)] }));
    const before = await withCode('1.0.0', 'if (user.admin === 1) run();');
    const after = await withCode('1.0.1', 'if (user.admin === 0) run();');
    const { difference } = await readPackage(context(), { packageId: after, against: before });
    expect(difference?.files.changed).toContain('extension/out/x.js');
  });

  test.each(['shorter', 'other bytes'])('a stored package with %s is mended by sending it once more', async (how) => {
    const bytes = sampleVsix({ name: `mended-${how.slice(0, 5)}` });
    const id = await taken(bytes);
    const place = path.join(folder, id.slice(0, 2), id);
    await (how === 'shorter' ? truncate(place, 100) : writeFile(place, Buffer.alloc(bytes.byteLength, 1)));
    expect(await taken(bytes)).toBe(id);
    const opened = await context().blobs.open(id);
    expect((await buffer(opened?.stream ?? Readable.from([]))).equals(bytes)).toBe(true);
  });

  test('the list of a package is read once for all of its pages', async () => {
    const id = await taken(sampleVsix({ name: 'pages' }));
    const ctx = context();
    const open = vi.spyOn(ctx.blobs, 'open');
    for (const page of ['readme.md', 'package.json', 'readme.md'])
      expect((await readEntry(ctx, id, `extension/${page}`))?.bytes.byteLength).toBeGreaterThan(0);
    const first = open.mock.calls.length;
    expect(await readEntry(ctx, id, 'extension/readme.md')).not.toBeNull();
    expect(open.mock.calls.length - first).toBe(1);
    expect(await readEntry(ctx, id, 'extension/out/main.js')).toBeNull();
  });
});
