import { foldedName, judgeEntryName } from '../model/entry-name';
import { PACKAGE_LIMITS } from '../model/limits';
import type { RawEntry } from './zip-directory';
import { zip64 } from './zip-end';
import { Malformed } from './zip-source';

export interface ZipEntry extends RawEntry {
  /** Without the slash at the end of a folder's. */
  path: string;
  folder: boolean;
}

const ENCRYPTED = 0x2041;
const UTF8 = 0x0800;
/** Deflate's two option bits, sizes behind the data, UTF-8 names. */
const KNOWN_FLAGS = 0x080e;
export const SIZES_BEHIND = 0x0008;

/** Times and owners, which change nothing. Everything else may rename or link. */
const HARMLESS_EXTRA = new Set([0x5455, 0x5855, 0x7855, 0x7875, 0x000a]);

const FILE = 0o100000;
const FOLDER = 0o040000;
const LINK = 0o120000;

/** Bytes, unpacked. */
export interface ArchiveLimits {
  entry: number;
  unpacked: number;
}

/** Judges every entry for itself and all of them together. Throws `Malformed` for the first that may not be. */
export function judgeEntries(raw: readonly RawEntry[], limits: ArchiveLimits = PACKAGE_LIMITS): ZipEntry[] {
  const entries = raw.map((each) => judgeOne(each, limits));
  refuseTwins(entries);
  const total = entries.reduce((sum, { size }) => sum + size, 0);
  const packed = entries.reduce((sum, entry) => sum + entry.packed, 0);
  if (total > limits.unpacked)
    throw new Malformed('unpacks_too_large', `It unpacks to more than ${megabytes(limits.unpacked)}.`);
  refuseRatio(total, packed);
  return entries;
}

function judgeOne(raw: RawEntry, limits: ArchiveLimits): ZipEntry {
  const name = decodeName(raw);
  const path = name.replace(/\/$/, '');
  const folder = name.endsWith('/');
  const shown = shownPath(path);
  const problem = judgeEntryName(path);
  if (problem) throw new Malformed(problem.code, problem.sentence, shown);
  judgeFlags(raw, shown);
  judgeExtra(raw.extra, shown);
  judgeMode(raw, folder, shown);
  if (raw.commentLength > 0)
    throw new Malformed('entry_comment', 'An entry has a comment. Package it with vsce.', shown);
  if (raw.size > limits.entry)
    throw new Malformed('entry_too_large', `A file is larger than ${megabytes(limits.entry)}.`, shown);
  if (raw.packed > PACKAGE_LIMITS.upload || (raw.method === 0 && raw.packed !== raw.size))
    throw new Malformed('size_lie', 'A file has two sizes.', shown);
  if (folder && raw.size > 0) throw new Malformed('folder_with_content', 'A folder has content of its own.', shown);
  refuseRatio(raw.size, raw.packed, shown);
  return { ...raw, path, folder };
}

const megabytes = (bytes: number) => `${Math.round(bytes / 1_048_576)} MB`;

/** Safe to store and to show, whatever it was. */
export function shownPath(path: string): string {
  const clean = path.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '\uFFFD');
  return clean.length > 200 ? `${clean.slice(0, 200).toWellFormed()}…` : clean;
}

function decodeName({ nameBytes, flags }: RawEntry): string {
  const plain = nameBytes.every((byte) => byte < 0x80);
  if (plain) return nameBytes.toString('latin1');
  try {
    if (flags & UTF8) return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(nameBytes);
  } catch {
    // Said below.
  }
  throw new Malformed('name_encoding', 'A path is not UTF-8, so each program would read another one.');
}

function judgeFlags({ flags, method, needs }: RawEntry, path: string): void {
  if (flags & ENCRYPTED) throw new Malformed('encrypted', 'A file is encrypted. Nobody could look into it.', path);
  if (flags & ~KNOWN_FLAGS) throw new Malformed('flags_unknown', 'A file is packed in a way that is not known.', path);
  if (method !== 0 && method !== 8)
    throw new Malformed('method_unknown', 'A file is packed by a method that VS Code does not read.', path);
  if ((needs & 0xff) > 20)
    throw (needs & 0xff) === 45 ? zip64(path) : new Malformed('method_unknown', 'A file needs a newer ZIP.', path);
}

/** Fields behind a name, each with an id and a length. https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT 4.5 */
export function judgeExtra(extra: Buffer, path: string): void {
  for (let at = 0; at < extra.byteLength; ) {
    if (at + 4 > extra.byteLength) throw extraField(path);
    const [id, length] = [extra.readUInt16LE(at), extra.readUInt16LE(at + 2)];
    if (id === 1) throw zip64(path);
    if (!HARMLESS_EXTRA.has(id) || at + 4 + length > extra.byteLength) throw extraField(path);
    at += 4 + length;
  }
}

const extraField = (path: string) =>
  new Malformed(
    'extra_field',
    'A file carries a field that may give it another name or make it a link. Package it with vsce.',
    path,
  );

function judgeMode({ attributes, madeBy }: RawEntry, folder: boolean, path: string): void {
  const mode = attributes >>> 16;
  const kind = mode & 0o170000;
  if (kind === LINK) throw new Malformed('symlink', 'There is a symbolic link in the package.', path);
  if (kind !== 0 && kind !== FILE && !(kind === FOLDER && folder))
    throw new Malformed('special_file', 'There is a device, a pipe or a socket in the package.', path);
  if (mode & 0o7000) throw new Malformed('special_mode', 'A file would run as its owner.', path);
  // Windows: reparse points are links.
  if (attributes & 0x400 || (madeBy >>> 8 === 10 && attributes & 0x400))
    throw new Malformed('symlink', 'There is a link of Windows in the package.', path);
}

function refuseTwins(entries: readonly ZipEntry[]): void {
  const seen = new Map<string, ZipEntry>();
  for (const entry of entries) {
    const key = foldedName(entry.path);
    if (seen.has(key)) {
      const same = seen.get(key)?.path === entry.path;
      throw new Malformed(
        same ? 'name_twice' : 'name_twice_folded',
        same ? 'A path is in the package twice.' : 'Two paths are one and the same where capitals do not count.',
        entry.path,
      );
    }
    seen.set(key, entry);
  }
  for (const [key, { path }] of seen) {
    for (let at = key.indexOf('/'); at > 0; at = key.indexOf('/', at + 1)) {
      const above = seen.get(key.slice(0, at));
      if (above && !above.folder)
        throw new Malformed('file_and_folder', 'A path is a file and a folder at once.', path);
    }
  }
}

function refuseRatio(size: number, packed: number, path?: string): void {
  if (size > PACKAGE_LIMITS.ratioFrom && size > packed * PACKAGE_LIMITS.ratio)
    throw new Malformed('ratio', 'It unpacks to more than a hundred times its size.', path);
}
