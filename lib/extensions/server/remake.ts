import { crc32 } from 'node:zlib';
import { withVersion } from '../model/with-version';
import { openArchive } from './open-archive';
import { SIGNATURE, withVsixVersion } from './vsix-version';
import { readWhole } from './zip-content';
import { readEnd } from './zip-end';
import type { PlacedEntry } from './zip-layout';
import { bufferSource, Malformed, type ZipSource } from './zip-source';

const UTF8 = 0x0800;

/** What becomes of an entry: its bytes as they are, or with other content. */
interface Kept {
  entry: PlacedEntry;
  /** Local header, data, and sizes behind it. */
  bytes: Buffer;
  /** Set where the content is another one. */
  content: Buffer | null;
}

/**
 * The same package with another version: package.json and extension.vsixmanifest say it, signatures are left out, and every
 * other entry keeps each of its bytes, times included. The same input makes the same bytes on every machine: what is
 * changed is stored unpacked. Throws `Malformed` for what is no package of ours.
 */
export async function remake(bytes: Buffer, version: string): Promise<Buffer> {
  const source = bufferSource(bytes);
  const [entries, directory] = [await openArchive(source), await readEnd(source)];
  const kept: Kept[] = [];
  for (const [at, entry] of entries.entries()) {
    if (SIGNATURE.test(entry.path)) continue;
    const content = await changed(source, entry, version);
    const end = entries[at + 1]?.at ?? directory.at;
    const raw = bytes.subarray(entry.at, end);
    kept.push({ entry, bytes: content ? storedEntry(raw, content) : raw, content });
  }
  return joined(kept, records(bytes.subarray(directory.at, directory.at + directory.size)));
}

async function changed(source: ZipSource, entry: PlacedEntry, version: string): Promise<Buffer | null> {
  const rewrite = REWRITES[entry.path];
  if (!rewrite) return null;
  const before = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await readWhole(source, entry));
  const after = rewrite(before, version);
  if (after !== null) return Buffer.from(after);
  throw new Malformed(
    'version_not_found',
    'Its version does not stand in one place, so it cannot be raised here.',
    entry.path,
  );
}

const REWRITES: Record<string, ((text: string, version: string) => string | null) | undefined> = {
  'extension/package.json': withVersion,
  'extension.vsixmanifest': withVsixVersion,
};

/** APPNOTE 4.3.7: flags at 6, method at 8, checksum at 14, both sizes behind it, then the lengths of name and field. */
function storedEntry(raw: Buffer, content: Buffer): Buffer {
  const header = Buffer.from(raw.subarray(0, 30 + raw.readUInt16LE(26) + raw.readUInt16LE(28)));
  return Buffer.concat([describe(header, { flags: 6, sums: 14 }, content), content]);
}

function describe(header: Buffer, { flags, sums }: { flags: number; sums: number }, content: Buffer): Buffer {
  header.writeUInt16LE(header.readUInt16LE(flags) & UTF8, flags);
  header.writeUInt16LE(0, flags + 2);
  header.writeUInt32LE(crc32(content), sums);
  header.writeUInt32LE(content.byteLength, sums + 4);
  header.writeUInt32LE(content.byteLength, sums + 8);
  return header;
}

/** The list at the end, record by record, by the offset of the entry that each is about. APPNOTE 4.3.12. */
function records(list: Buffer): Map<number, Buffer> {
  const found = new Map<number, Buffer>();
  for (let at = 0; at + 46 <= list.byteLength; ) {
    const length = 46 + [28, 30, 32].reduce((sum, field) => sum + list.readUInt16LE(at + field), 0);
    found.set(list.readUInt32LE(at + 42), Buffer.from(list.subarray(at, at + length)));
    at += length;
  }
  return found;
}

/** The list keeps the order that it had. */
function joined(kept: readonly Kept[], before: ReadonlyMap<number, Buffer>): Buffer {
  const places = new Map<number, { at: number; content: Buffer | null }>();
  let at = 0;
  for (const { entry, bytes, content } of kept) {
    places.set(entry.at, { at, content });
    at += bytes.byteLength;
  }
  const list = [...before].flatMap(([offset, record]) => {
    const place = places.get(offset);
    if (!place) return [];
    if (place.content) describe(record, { flags: 8, sums: 16 }, place.content);
    record.writeUInt32LE(place.at, 42);
    return record;
  });
  const size = list.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(list.length, 8);
  end.writeUInt16LE(list.length, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...kept.map(({ bytes }) => bytes), ...list, end]);
}
