import { Readable } from 'node:stream';
import yauzl from 'yauzl';
import type { Directory } from './zip-end';
import { Malformed, type ZipSource } from './zip-source';

export interface RawEntry {
  nameBytes: Buffer;
  /** Upper byte: the system that it was made on; 3 = Unix. */
  madeBy: number;
  needs: number;
  flags: number;
  method: number;
  crc32: number;
  packed: number;
  size: number;
  attributes: number;
  /** Offset of its local header. */
  at: number;
  extra: Buffer;
  commentLength: number;
}

/** The end and the list of entries, read once; yauzl asks for nothing else while it lists. */
class InMemory extends yauzl.RandomAccessReader {
  readonly #bytes: Buffer;
  readonly #at: number;

  constructor(bytes: Buffer, at: number) {
    super();
    this.#bytes = bytes;
    this.#at = at;
  }

  override _readStreamForRange(): Readable {
    return Readable.from([]);
  }

  override read(into: Buffer, offset: number, length: number, position: number, done: (error: Error | null) => void) {
    // What stands before the list is zeros to it: it looks there for the end, which is known already.
    const before = Math.min(length, Math.max(0, this.#at - position));
    into.fill(0, offset, offset + before);
    const from = position + before - this.#at;
    const copied = before + this.#bytes.copy(into, offset + before, from, from + length - before);
    const error = copied < length ? new Malformed('directory_size', 'The list of entries ends too early.') : null;
    setImmediate(done, error);
  }
}

/** The entries as the list at the end has them, in its order. Throws `Malformed`. */
export async function listEntries(source: ZipSource, directory: Directory): Promise<RawEntry[]> {
  const tail = await source.read(directory.at, source.size - directory.at);
  const size = tail.byteLength;
  const options = { lazyEntries: true, decodeStrings: false, validateEntrySizes: false, autoClose: true } as const;
  try {
    const archive = await yauzl.fromRandomAccessReaderPromise(new InMemory(tail, directory.at), source.size, options);
    const found: RawEntry[] = [];
    let end = 0;
    for await (const entry of archive.eachEntry()) {
      found.push(rawEntry(entry));
      end += 46 + entry.fileNameLength + entry.extraFieldLength + entry.fileCommentLength;
    }
    if (end !== directory.size || end > size)
      throw new Malformed('directory_size', 'The list of entries is longer or shorter than it says.');
    return found;
  } catch (error) {
    if (error instanceof Malformed) throw error;
    throw new Malformed('directory_broken', 'The list of entries in the package cannot be read.');
  }
}

function rawEntry(entry: yauzl.Entry): RawEntry {
  return {
    nameBytes: entry.fileNameRaw,
    madeBy: entry.versionMadeBy,
    needs: entry.versionNeededToExtract,
    flags: entry.generalPurposeBitFlag,
    method: entry.compressionMethod,
    crc32: entry.crc32,
    packed: entry.compressedSize,
    size: entry.uncompressedSize,
    attributes: entry.externalFileAttributes,
    at: entry.relativeOffsetOfLocalHeader,
    extra: entry.extraFieldRaw,
    commentLength: entry.fileCommentLength,
  };
}
