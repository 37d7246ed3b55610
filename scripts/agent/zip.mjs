// Reads a zip archive by its directory at the end, which alone says what is in it. GitHub hands artifacts out as zips.
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createInflateRaw } from 'node:zlib';
import { StepFailure } from './refusal.mjs';

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
const MAX_DIRECTORY = 64 * 1_048_576;
const UNIX = 3;

const damaged = () =>
  new StepFailure('This zip archive is damaged, or of a kind that is not read here. Pack it as .tar.gz.');

async function bytesAt(handle, position, length) {
  const bytes = Buffer.alloc(length);
  const { bytesRead } = await handle.read(bytes, 0, length, position);
  if (bytesRead !== length) throw damaged();
  return bytes;
}

/** Zip64 is refused: a build of over 4 GB or 65,535 files is over the limits anyway. */
async function directoryOf(handle) {
  const { size } = await handle.stat();
  const tail = await bytesAt(handle, Math.max(0, size - 65_557), Math.min(size, 65_557));
  let at = tail.length - 22;
  while (at >= 0 && tail.readUInt32LE(at) !== END) at--;
  if (at < 0) throw damaged();
  const [count, length, start] = [tail.readUInt16LE(at + 10), tail.readUInt32LE(at + 12), tail.readUInt32LE(at + 16)];
  if (count === 0xffff || start === 0xffffffff || length > MAX_DIRECTORY) throw damaged();
  return { count, bytes: await bytesAt(handle, start, length) };
}

function typeOf(name, mode) {
  if (name.endsWith('/')) return 'folder';
  const kind = mode & 0o170000;
  if (kind === 0o120000) return 'link';
  return kind === 0 || kind === 0o100000 ? 'file' : 'other';
}

function* headersOf({ count, bytes }) {
  let at = 0;
  for (let n = 0; n < count; n++) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== ENTRY) throw damaged();
    const [nameLength, extra, comment] = [28, 30, 32].map((from) => bytes.readUInt16LE(at + from));
    const name = bytes.subarray(at + 46, at + 46 + nameLength).toString('utf8');
    const mode = bytes[at + 5] === UNIX ? bytes.readUInt32LE(at + 38) >>> 16 : 0;
    const isSealed = (bytes.readUInt16LE(at + 8) & 1) === 1;
    const packed = bytes.readUInt32LE(at + 20);
    const size = bytes.readUInt32LE(at + 24);
    yield {
      name,
      mode,
      isSealed,
      method: bytes.readUInt16LE(at + 10),
      sum: bytes.readUInt32LE(at + 16),
      packed,
      size,
      offset: bytes.readUInt32LE(at + 42),
    };
    at += 46 + nameLength + extra + comment;
  }
}

/** The same entries as `tarEntries`. */
export async function* zipEntries(file) {
  const handle = await open(file, 'r');
  try {
    for (const header of headersOf(await directoryOf(handle))) {
      const { name, mode, isSealed, method, packed, size, offset, sum } = header;
      if (isSealed || (method !== 0 && method !== 8)) throw damaged();
      const local = await bytesAt(handle, offset, 30);
      if (local.readUInt32LE(0) !== LOCAL) throw damaged();
      const start = offset + 30 + local.readUInt16LE(26) + local.readUInt16LE(28);
      const content = () => contentOf(file, { start, packed, method, size, sum });
      yield { name, type: typeOf(name, mode), mode: mode & 0o777, size, content };
    }
  } finally {
    await handle.close();
  }
}

const TABLE = Array.from({ length: 256 }, (_, n) => {
  let sum = n;
  for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  return sum >>> 0;
});

function added(sum, piece) {
  let now = sum;
  for (const byte of piece) now = TABLE[(now ^ byte) & 0xff] ^ (now >>> 8);
  return now >>> 0;
}

async function* contentOf(file, { start, packed, method, size, sum }) {
  if (packed === 0 && size !== 0) throw damaged();
  if (packed === 0) return;
  let found = 0xffffffff;
  const raw = createReadStream(file, { start, end: start + packed - 1 });
  const inflate = createInflateRaw();
  raw.on('error', (error) => inflate.destroy(error));
  let left = size;
  for await (const piece of method === 8 ? raw.pipe(inflate) : raw) {
    left -= piece.length;
    if (left < 0) throw damaged();
    found = added(found, piece);
    yield piece;
  }
  if (left !== 0 || (found ^ 0xffffffff) >>> 0 !== sum) throw damaged();
}
