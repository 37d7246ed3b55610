// Reads a tar archive (ustar, with pax and GNU long names) from a stream, entry by entry.
import { StepFailure } from './refusal.mjs';

const BLOCK = 512;
const MAX_EXTRA = 1_048_576;

/** Bytes of a stream in the pieces that are asked for. */
class Reader {
  #chunks;
  #kept = Buffer.alloc(0);
  #left;
  #signal;

  constructor(stream, most, signal) {
    this.#left = most;
    this.#signal = signal;
    this.#chunks = stream[Symbol.asyncIterator]();
  }

  /** Exactly `size` bytes; null at a clean end. Throws when it ends in between. */
  async take(size) {
    if (this.#signal?.aborted) throw new StepFailure('It was cancelled.');
    this.#left -= size;
    if (this.#left < 0)
      throw new StepFailure('The archive unpacks to more than is allowed here (limits.unpackedBytes).');
    while (this.#kept.length < size) {
      const { done, value } = await this.#chunks.next();
      if (done) {
        if (this.#kept.length === 0) return null;
        throw new StepFailure('The archive ends in the middle of a file. Build and upload it again.');
      }
      this.#kept = this.#kept.length === 0 ? value : Buffer.concat([this.#kept, value]);
    }
    const piece = this.#kept.subarray(0, size);
    this.#kept = this.#kept.subarray(size);
    return piece;
  }

  /** The next `size` bytes, in pieces as they come. */
  async *pieces(size) {
    for (let left = size; left > 0; ) {
      const piece = await this.take(Math.min(left, this.#kept.length || Math.min(left, BLOCK)));
      if (!piece) throw new StepFailure('The archive ends in the middle of a file. Build and upload it again.');
      left -= piece.length;
      yield piece;
    }
  }
}

const textOf = (header, from, length) => {
  const field = header.subarray(from, from + length);
  const end = field.indexOf(0);
  return field.subarray(0, end < 0 ? length : end).toString('utf8');
};

/** Octal, or base 256 where the first bit is set. */
function numberOf(header, from, length) {
  const field = header.subarray(from, from + length);
  if ((field[0] & 0x80) === 0) return Number.parseInt(textOf(header, from, length).trim() || '0', 8);
  return Number(field.subarray(1).reduce((sum, byte) => sum * 256n + BigInt(byte), 0n));
}

function isIntact(header) {
  let sum = 0;
  for (let at = 0; at < BLOCK; at++) sum += at >= 148 && at < 156 ? 32 : header[at];
  return sum === numberOf(header, 148, 8);
}

/** `length key=value\n` records. */
function paxOf(bytes) {
  const found = {};
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(32, at);
    const length = Number(bytes.subarray(at, space).toString());
    if (!Number.isInteger(length) || length <= 0) break;
    const record = bytes.subarray(space + 1, at + length - 1).toString('utf8');
    const equals = record.indexOf('=');
    const key = record.slice(0, equals);
    if (key === 'path' || key === 'size') found[key] = record.slice(equals + 1);
    at += length;
  }
  return found;
}

async function collect(pieces) {
  const all = [];
  let size = 0;
  for await (const piece of pieces) {
    size += piece.length;
    if (size > MAX_EXTRA) throw new StepFailure('The archive has a name of more than a megabyte.');
    all.push(Buffer.from(piece));
  }
  return Buffer.concat(all);
}

const TYPES = new Map([
  ['0', 'file'],
  ['7', 'file'],
  ['5', 'folder'],
]);

/** What is said about the next entry: its long name, or its size. `g` is about all of them and says nothing that counts. */
async function extraOf(reader, flag, size) {
  const bytes = await collect(reader.pieces(size));
  if (flag === 'g') return {};
  return flag === 'L' ? { path: bytes.toString('utf8').replace(/\0+$/, '') } : paxOf(bytes);
}

function nameOf(header, extra) {
  const prefix = textOf(header, 257, 5) === 'ustar' ? textOf(header, 345, 155) : '';
  return extra.path ?? [prefix, textOf(header, 0, 100)].filter(Boolean).join('/');
}

function sizeOf(header, extra) {
  const size = Number(extra.size ?? numberOf(header, 124, 12));
  if (Number.isSafeInteger(size) && size >= 0) return size;
  throw new StepFailure('The archive holds a file of no possible size. Build and upload it again.');
}

/**
 * Yields `{ name, type, mode, size, content() }`; what is not read of a content is skipped. `type` is `file`, `folder`, or
 * what the archive calls it.
 */
export async function* tarEntries(stream, limits, signal) {
  // Each entry may have its header, its padding and a long name beside what it holds.
  const reader = new Reader(stream, limits.unpackedBytes + limits.files * 8 * BLOCK, signal);
  let headers = 0;
  let extra = {};
  for (;;) {
    const header = await reader.take(BLOCK);
    // GNU tar and bsdtar both end with blocks of nothing; without one the rest is missing.
    if (!header) throw new StepFailure('The archive is cut off. Build and upload it again.');
    if (header.every((byte) => byte === 0)) return;
    if (++headers > limits.files * 3) throw new StepFailure(`The archive has more than ${limits.files} entries.`);
    if (!isIntact(header))
      throw new StepFailure('This is no tar archive, or it is damaged. Build and upload it again.');
    const flag = String.fromCharCode(header[156] || 48);
    const size = sizeOf(header, extra);
    if ('xgL'.includes(flag)) extra = { ...extra, ...(await extraOf(reader, flag, size)) };
    else {
      const unread = { pieces: reader.pieces(size) };
      const type = TYPES.get(flag) ?? flag;
      yield { name: nameOf(header, extra), type, mode: numberOf(header, 100, 8), size, content: () => unread.pieces };
      // What is left of it, or all of it: a generator that has ended gives nothing more.
      for await (const _ of unread.pieces);
      extra = {};
    }
    const padding = (BLOCK - (size % BLOCK)) % BLOCK;
    if (padding > 0) await reader.take(padding);
  }
}
