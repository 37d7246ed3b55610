import { PACKAGE_LIMITS } from '../model/limits';
import { Malformed, type ZipSource } from './zip-source';

/** APPNOTE 4.3.16: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT */
const END = 0x06054b50;
const END_SIZE = 22;
const ZIP64_LOCATOR = 0x07064b50;

export interface Directory {
  entries: number;
  at: number;
  /** Bytes. */
  size: number;
}

/**
 * Where the list of entries is, by the record at the very end. Whatever could be read in two ways is refused: a comment,
 * bytes behind, a list that does not end where the record begins, ZIP64, a second disk.
 */
export async function readEnd(source: ZipSource): Promise<Directory> {
  if (source.size < END_SIZE) throw notZip();
  const end = await source.read(source.size - END_SIZE, END_SIZE);
  if (end.readUInt32LE(0) !== END) throw await whyNoEnd(source);
  const [disk, directoryDisk, here, entries] = [4, 6, 8, 10].map((at) => end.readUInt16LE(at)) as [
    number,
    number,
    number,
    number,
  ];
  const [size, at, comment] = [end.readUInt32LE(12), end.readUInt32LE(16), end.readUInt16LE(20)];
  if (comment !== 0) throw new Malformed('data_after', 'The package goes on after its end.');
  await refuseZip64(source, [here, entries, size, at]);
  if (disk !== 0 || directoryDisk !== 0 || here !== entries)
    throw new Malformed('several_disks', 'The package says that it is a part of several. Package it as one file.');
  if (entries === 0) throw new Malformed('empty', 'There is nothing in the package.');
  if (entries > PACKAGE_LIMITS.entries) throw tooMany();
  if (size > PACKAGE_LIMITS.directory || size < entries * 46)
    throw new Malformed('directory_size', 'The list of entries has a size that it cannot have.');
  if (at + size !== source.size - END_SIZE)
    throw new Malformed('directory_place', 'The list of entries is not where the package says it is.');
  return { entries, at, size };
}

const notZip = () =>
  new Malformed('not_a_zip', 'This is no .vsix file: it is not a ZIP archive. Make one with: npx @vscode/vsce package');

export const tooMany = () =>
  new Malformed(
    'too_many_entries',
    `The package has more than ${PACKAGE_LIMITS.entries.toLocaleString('en')} entries. Bundle the extension, and leave out what it does not need with .vscodeignore.`,
  );

/** Cut off, or something behind the end: the tail tells which. */
async function whyNoEnd(source: ZipSource): Promise<Malformed> {
  const length = Math.min(source.size, 65_535 + END_SIZE);
  const tail = await source.read(source.size - length, length);
  if (tail.lastIndexOf('PK\u0005\u0006', undefined, 'latin1') >= 0)
    return new Malformed('data_after', 'The package goes on after its end.');
  const head = await source.read(0, 4);
  return head.readUInt32LE(0) === 0x04034b50
    ? new Malformed('truncated', 'The package ends before its content does. It was not copied whole; upload it again.')
    : notZip();
}

async function refuseZip64(source: ZipSource, fields: number[]): Promise<void> {
  const places = [0xffff, 0xffff, 0xffffffff, 0xffffffff];
  const full = fields.some((value, at) => value === places[at]);
  const before = source.size >= END_SIZE + 20 ? await source.read(source.size - END_SIZE - 20, 4) : null;
  if (full || before?.readUInt32LE(0) === ZIP64_LOCATOR) throw zip64();
}

export const zip64 = (path?: string) =>
  new Malformed(
    'zip64',
    'The package uses ZIP64, which is for files larger than any package may be. Make it with: npx @vscode/vsce package',
    path,
  );
