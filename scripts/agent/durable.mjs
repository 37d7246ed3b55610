// What must survive a kill or a power cut: written beside, flushed, renamed, and the folder flushed too.
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  readlinkSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';

const beside = (file) => `${file}.${randomBytes(6).toString('hex')}.tmp`;

export function syncFolder(folder) {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Replaces a file as a whole; readable by its owner only unless said otherwise. */
export function writeDurably(file, text, mode = 0o600) {
  const temporary = beside(file);
  const handle = openSync(temporary, 'wx', mode);
  try {
    writeFileSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(temporary, file);
  syncFolder(path.dirname(file));
}

/** The parsed file; null when it is not there. Throws for one that is damaged: it is never taken for empty. */
export function readJson(file) {
  let text;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
  return JSON.parse(text);
}

/** Makes `link` lead to `to` in one step: whoever follows it finds the old or the new, never neither. */
export function pointDurably(link, to) {
  const temporary = beside(link);
  symlinkSync(to, temporary);
  renameSync(temporary, link);
  syncFolder(path.dirname(link));
}

/** The last part of where a link leads; null when there is none. */
export function pointedAt(link) {
  try {
    return path.basename(readlinkSync(link));
  } catch {
    return null;
  }
}

export function makeFolder(folder) {
  mkdirSync(folder, { recursive: true, mode: 0o750 });
}
