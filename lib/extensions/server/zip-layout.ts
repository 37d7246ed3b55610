import type { Directory } from './zip-end';
import { judgeExtra, SIZES_BEHIND, shownPath, type ZipEntry } from './zip-entries';
import { Malformed, type ZipSource } from './zip-source';

const LOCAL = 0x04034b50;
const BEHIND = 0x08074b50;
/** A name of 64 KB and fields as long could stand in each of them; no honest one comes near. */
const LONGEST_HEADER = 4_096;

/** An entry and where its packed bytes begin. */
export interface PlacedEntry extends ZipEntry {
  dataAt: number;
}

const differs = (path: string) =>
  new Malformed(
    'two_headers',
    'A file is described twice, and the two differ: each program would unpack another one.',
    path,
  );

/**
 * Reads the header in front of every file: it has to say the same as the list at the end, and header, data, header, data
 * have to fill everything before the list. So nothing is hidden between two files, and no two share a byte.
 */
export async function placeEntries(
  source: ZipSource,
  entries: readonly ZipEntry[],
  directory: Directory,
): Promise<PlacedEntry[]> {
  const placed: PlacedEntry[] = [];
  let end = 0;
  for (const entry of [...entries].sort((a, b) => a.at - b.at)) {
    const path = shownPath(entry.path);
    if (entry.at < end) throw new Malformed('overlap', 'Two files of the package share the same bytes.', path);
    if (entry.at > end)
      throw end === 0
        ? new Malformed('data_before', 'Something stands in front of the package’s first file.', path)
        : new Malformed('data_between', 'Something is hidden between two files.', path);
    const dataAt = await readLocal(source, entry, directory.at);
    end = dataAt + entry.packed;
    if (end > directory.at) throw new Malformed('overlap', 'A file goes on into the list of entries.', path);
    if (entry.flags & SIZES_BEHIND) end += await readBehind(source, entry, end, directory.at);
    placed.push({ ...entry, dataAt });
  }
  if (end !== directory.at)
    throw new Malformed('data_between', 'Something is hidden between the last file and the list of entries.');
  return placed;
}

/** One entry of an archive that was judged before. */
export async function placeOne(source: ZipSource, entry: ZipEntry, directory: Directory): Promise<PlacedEntry> {
  return { ...entry, dataAt: await readLocal(source, entry, directory.at) };
}

async function readLocal(source: ZipSource, entry: ZipEntry, limit: number): Promise<number> {
  const path = shownPath(entry.path);
  if (entry.at + 30 > limit) throw new Malformed('overlap', 'A file begins in the list of entries.', path);
  const head = await source.read(entry.at, 30);
  if (head.readUInt32LE(0) !== LOCAL) throw differs(path);
  const [nameLength, extraLength] = [head.readUInt16LE(26), head.readUInt16LE(28)];
  if (nameLength !== entry.nameBytes.byteLength || nameLength + extraLength > LONGEST_HEADER) throw differs(path);
  const rest = await source.read(entry.at + 30, nameLength + extraLength);
  judgeExtra(rest.subarray(nameLength), path);
  const [flags, method] = [head.readUInt16LE(6), head.readUInt16LE(8)];
  const [crc32, packed, size] = [14, 18, 22].map((at) => head.readUInt32LE(at));
  const same = crc32 === entry.crc32 && packed === entry.packed && size === entry.size;
  const unsaid = crc32 === 0 && packed === 0 && size === 0 && (flags & SIZES_BEHIND) !== 0;
  if (!rest.subarray(0, nameLength).equals(entry.nameBytes) || flags !== entry.flags || method !== entry.method)
    throw differs(path);
  if (!same && !unsaid) throw differs(path);
  return entry.at + 30 + nameLength + extraLength;
}

/** Sizes behind the data, with or without a signature. Answers how long they are. */
async function readBehind(source: ZipSource, entry: ZipEntry, at: number, limit: number): Promise<number> {
  const bytes = await source.read(at, Math.min(16, limit - at));
  const signed = bytes.byteLength === 16 && bytes.readUInt32LE(0) === BEHIND;
  const from = signed ? 4 : 0;
  const whole = bytes.byteLength >= from + 12;
  const [crc32, packed, size] = whole ? [0, 4, 8].map((part) => bytes.readUInt32LE(from + part)) : [];
  if (crc32 !== entry.crc32 || packed !== entry.packed || size !== entry.size) throw differs(shownPath(entry.path));
  return from + 12;
}
