import { once } from 'node:events';
import { crc32, createInflateRaw, inflateRawSync } from 'node:zlib';
import { shownPath } from './zip-entries';
import type { PlacedEntry } from './zip-layout';
import { Malformed, type ZipSource } from './zip-source';

/** Packed and unpacked, up to here in one go; beyond it piece by piece. Bytes. */
const AT_ONCE = 512 * 1_024;
const PIECE = 256 * 1_024;

const lies = (path: string) =>
  new Malformed('size_lie', 'A file unpacks to another size than it says.', shownPath(path));
const broken = (path: string) =>
  new Malformed('content_broken', 'A file cannot be unpacked. Package the extension again.', shownPath(path));
const behind = (path: string) =>
  new Malformed('data_between', 'Something is hidden behind a file’s packed content.', shownPath(path));

/**
 * The content of an entry, in pieces; all of it is checked by the time the last one came: size, checksum, nothing behind.
 * Never holds more than a piece and what it unpacks to.
 */
export async function* readContent(source: ZipSource, entry: PlacedEntry): AsyncGenerator<Buffer> {
  let [size, sum] = [0, 0];
  const pieces =
    entry.method === 0
      ? stored(source, entry)
      : entry.packed <= AT_ONCE && entry.size <= AT_ONCE
        ? atOnce(source, entry)
        : inflated(source, entry);
  for await (const piece of pieces) {
    size += piece.byteLength;
    if (size > entry.size) throw lies(entry.path);
    sum = crc32(piece, sum);
    yield piece;
  }
  if (size !== entry.size) throw lies(entry.path);
  if (sum !== entry.crc32)
    throw new Malformed('checksum', 'A file does not have the checksum that it says.', shownPath(entry.path));
}

async function* stored(source: ZipSource, entry: PlacedEntry): AsyncGenerator<Buffer> {
  for (let at = 0; at < entry.packed; at += PIECE)
    yield await source.read(entry.dataAt + at, Math.min(PIECE, entry.packed - at));
}

async function* atOnce(source: ZipSource, entry: PlacedEntry): AsyncGenerator<Buffer> {
  const packed = await source.read(entry.dataAt, entry.packed);
  let done: { buffer: Buffer; engine: { bytesWritten: number } };
  try {
    const options = { maxOutputLength: Math.max(1, entry.size), info: true };
    done = inflateRawSync(packed, options) as unknown as typeof done;
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? lies(entry.path) : broken(entry.path);
  }
  if (done.engine.bytesWritten !== entry.packed) throw behind(entry.path);
  yield done.buffer;
}

async function* inflated(source: ZipSource, entry: PlacedEntry): AsyncGenerator<Buffer> {
  const inflate = createInflateRaw();
  let failed = false;
  /** Why the packed bytes could not be had: the disk's or the store's word, and no fault of the package. */
  let unread: { error: unknown } | null = null;
  const over = new AbortController();
  inflate.on('error', () => {
    failed = true;
  });
  inflate.once('close', () => over.abort());
  const feed = (async () => {
    for (let at = 0; at < entry.packed && !inflate.destroyed; at += PIECE) {
      const piece = await source.read(entry.dataAt + at, Math.min(PIECE, entry.packed - at));
      if (!inflate.write(piece)) await once(inflate, 'drain', { signal: over.signal }).catch(() => undefined);
    }
    inflate.end();
  })();
  feed.catch((error: unknown) => {
    unread = { error };
    inflate.destroy();
  });
  try {
    for await (const piece of inflate) yield piece as Buffer;
    await feed;
  } catch {
    throw (unread as { error: unknown } | null)?.error ?? broken(entry.path);
  } finally {
    inflate.destroy();
  }
  if (failed) throw broken(entry.path);
  if (inflate.bytesWritten !== entry.packed) throw behind(entry.path);
}

/** All of it, up to `limit` bytes; the caller has checked that it says no more. */
export async function readWhole(source: ZipSource, entry: PlacedEntry): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of readContent(source, entry)) pieces.push(piece);
  return pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces);
}
