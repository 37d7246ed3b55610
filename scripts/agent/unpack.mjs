// Puts an archive into a folder and nowhere else: no link, no device, no name that leads out.
import {
  closeSync,
  createReadStream,
  createWriteStream,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmdirSync,
  statSync,
} from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { syncFolder } from './durable.mjs';
import { StepFailure } from './refusal.mjs';
import { tarEntries } from './tar.mjs';
import { zipEntries } from './zip.mjs';

const MAX_NAME = 1_024;

/** Where an entry of this name goes; null for the folder itself. Throws for every name that leads elsewhere. */
export function placeIn(folder, name) {
  const refused = (why) => {
    const shown = name.replace(/[^\x20-\x7e]+/g, '?').slice(0, 100);
    throw new StepFailure(`The archive holds “${shown}”, ${why}. Nothing of it was started.`);
  };
  if (name.length > MAX_NAME) refused('whose name is too long');
  if (/[\0\\]/.test(name)) refused('whose name has a sign that no file of a build has');
  if (name.startsWith('/') || /^[A-Za-z]:/.test(name)) refused('an absolute path');
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..')) refused('which leads out of its folder');
  return parts.length === 0 ? null : path.join(folder, ...parts);
}

function formOf(file) {
  const start = Buffer.alloc(4);
  const handle = openSync(file, 'r');
  try {
    readSync(handle, start, 0, 4, 0);
  } finally {
    closeSync(handle);
  }
  if (start[0] === 0x1f && start[1] === 0x8b) return 'gzip';
  return start.readUInt32LE(0) === 0x04034b50 ? 'zip' : 'tar';
}

function entriesOf(file, limits, signal) {
  const form = formOf(file);
  if (form === 'zip') return zipEntries(file);
  const raw = createReadStream(file);
  if (form === 'tar') return tarEntries(raw, limits, signal);
  const gunzip = createGunzip();
  raw.on('error', (error) => gunzip.destroy(error));
  return tarEntries(raw.pipe(gunzip), limits, signal);
}

/** Unpacks into a new folder. Limits count what is written, so an archive that grows without end stops early. */
export async function unpack(file, folder, limits, signal) {
  mkdirSync(folder, { recursive: true, mode: 0o750 });
  const done = { files: 0, bytes: 0 };
  try {
    for await (const entry of entriesOf(file, limits, signal)) {
      if (signal?.aborted) throw new StepFailure('It was cancelled.');
      if (++done.files > limits.files) throw new StepFailure(`The archive has more than ${limits.files} entries.`);
      const place = placeIn(folder, entry.name);
      if (entry.type !== 'folder') await writeFile(entry, place, done, limits);
      else if (place) mkdirSync(place, { recursive: true, mode: 0o750 });
    }
    // A folder that is there later means that all of it is there, also after a power cut.
    syncAll(folder);
  } catch (error) {
    if (error instanceof StepFailure || error.code === 'ENOSPC' || error.code === 'EDQUOT') throw error;
    throw new StepFailure(
      `The archive cannot be unpacked (${error.code ?? error.message}). Build and upload it again.`,
    );
  }
  return done;
}

function syncAll(folder) {
  syncFolder(folder);
  for (const each of readdirSync(folder, { withFileTypes: true }))
    if (each.isDirectory()) syncAll(path.join(folder, each.name));
}

async function writeFile(entry, place, done, limits) {
  if (entry.type !== 'file' || !place) throw notAFile(entry);
  mkdirSync(path.dirname(place), { recursive: true, mode: 0o750 });
  const counted = async function* () {
    for await (const piece of entry.content()) {
      done.bytes += piece.length;
      if (done.bytes > limits.unpackedBytes)
        throw new StepFailure('The archive unpacks to more than is allowed here (limits.unpackedBytes).');
      yield piece;
    }
  };
  // `wx`: two entries of one name are not a build, and nothing that is there is written over.
  const out = createWriteStream(place, { flags: 'wx', mode: entry.mode & 0o111 ? 0o750 : 0o640, flush: true });
  await pipeline(Readable.from(counted()), out);
}

function notAFile({ name, type }) {
  const what = type === '2' || type === 'link' ? 'a symbolic link' : type === '1' ? 'a hard link' : 'no plain file';
  const shown = name.replace(/[^\x20-\x7e]+/g, '?').slice(0, 100);
  return new StepFailure(
    `The archive holds “${shown}”, which is ${what}. Pack the build with tar --dereference --hard-dereference.`,
  );
}

/** A build that was packed with its folder around it: what is in the only folder moves up. */
export function liftOnlyFolder(folder, isBuild) {
  if (isBuild(folder)) return;
  const names = readdirSync(folder);
  const inner = path.join(folder, names[0] ?? '');
  if (names.length !== 1 || !statSync(inner).isDirectory() || !isBuild(inner)) return;
  const aside = `${folder}.inner`;
  renameSync(inner, aside);
  rmdirSync(folder);
  renameSync(aside, folder);
}
