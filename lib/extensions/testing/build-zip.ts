import { crc32, deflateRawSync } from 'node:zlib';

/** What one header of an entry says, where it is not what it should say. */
export interface HeaderLies {
  name?: string | Buffer;
  flags?: number;
  method?: number;
  needs?: number;
  crc32?: number;
  packed?: number;
  size?: number;
  extra?: Buffer;
}

export interface EntrySpec extends HeaderLies {
  name: string | Buffer;
  content?: string | Buffer;
  /** Packed bytes as they are, instead of the packed content. */
  data?: Buffer;
  /** Unix mode; a regular file when left out. */
  mode?: number;
  madeBy?: number;
  attributes?: number;
  comment?: string;
  /** Sizes behind the data. */
  behind?: 'signed' | 'plain';
  /** Where only the header in front of the data differs from the list. */
  local?: HeaderLies;
  /** Offset that the list gives instead of the real one. */
  at?: number;
  /** Bytes between the entry before and this one. */
  gap?: Buffer;
}

export interface EndLies {
  before?: Buffer;
  /** Between the last entry and the list. */
  gap?: Buffer;
  after?: Buffer;
  comment?: string;
  entries?: number;
  here?: number;
  disk?: number;
  size?: number;
  at?: number;
  /** Stands in front of the end. */
  beforeEnd?: Buffer;
}

const u16 = (value: number) => {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value & 0xffff);
  return bytes;
};
const u32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
};
const bytesOf = (text: string | Buffer) => (typeof text === 'string' ? Buffer.from(text) : text);

export const extraField = (id: number, data: Buffer) => Buffer.concat([u16(id), u16(data.byteLength), data]);

interface Packed {
  spec: EntrySpec;
  head: Required<HeaderLies>;
  data: Buffer;
  at: number;
}

function pack(spec: EntrySpec): Omit<Packed, 'at'> {
  const content = bytesOf(spec.content ?? '');
  const method = spec.method ?? (content.byteLength > 0 ? 8 : 0);
  const data = spec.data ?? (method === 8 ? deflateRawSync(content) : content);
  const head = {
    name: spec.name,
    flags: (spec.flags ?? 0x0800) | (spec.behind ? 8 : 0),
    method,
    needs: spec.needs ?? 20,
    crc32: spec.crc32 ?? crc32(content),
    packed: spec.packed ?? data.byteLength,
    size: spec.size ?? content.byteLength,
    extra: spec.extra ?? Buffer.alloc(0),
  };
  return { spec, head, data };
}

function localHeader({ spec, head }: Omit<Packed, 'at'>): Buffer {
  const unsaid = spec.behind ? { crc32: 0, packed: 0, size: 0 } : {};
  const says = { ...head, ...unsaid, ...spec.local };
  const name = bytesOf(says.name);
  const sizes = [u32(says.crc32), u32(says.packed), u32(says.size), u16(name.byteLength), u16(says.extra.byteLength)];
  return Buffer.concat([
    u32(0x04034b50),
    u16(says.needs),
    u16(says.flags),
    u16(says.method),
    u32(0x5a210000),
    ...sizes,
    name,
    says.extra,
  ]);
}

function behind({ spec, head }: Omit<Packed, 'at'>): Buffer {
  if (!spec.behind) return Buffer.alloc(0);
  const sizes = [u32(head.crc32), u32(head.packed), u32(head.size)];
  return Buffer.concat(spec.behind === 'signed' ? [u32(0x08074b50), ...sizes] : sizes);
}

function listed({ spec, head, at }: Packed): Buffer {
  const name = bytesOf(head.name);
  const comment = bytesOf(spec.comment ?? '');
  const attributes = spec.attributes ?? ((spec.mode ?? 0o100644) << 16) >>> 0;
  return Buffer.concat([
    u32(0x02014b50),
    ...[u16(spec.madeBy ?? 0x0314), u16(head.needs), u16(head.flags), u16(head.method), u32(0x5a210000)],
    ...[u32(head.crc32), u32(head.packed), u32(head.size)],
    ...[u16(name.byteLength), u16(head.extra.byteLength), u16(comment.byteLength), u16(0), u16(0)],
    ...[u32(attributes), u32(spec.at ?? at), name, head.extra, comment],
  ]);
}

/** A ZIP archive that says whatever it is told to. */
export function buildZip(specs: readonly EntrySpec[], lies: EndLies = {}): Buffer {
  const parts: Buffer[] = [lies.before ?? Buffer.alloc(0)];
  let at = parts[0]?.byteLength ?? 0;
  const packed = specs.map((spec): Packed => {
    const one = pack(spec);
    const gap = spec.gap ?? Buffer.alloc(0);
    const bytes = [gap, localHeader(one), one.data, behind(one)];
    parts.push(...bytes);
    const here = at + gap.byteLength;
    at += bytes.reduce((sum, { byteLength }) => sum + byteLength, 0);
    return { ...one, at: here };
  });
  if (lies.gap) parts.push(lies.gap);
  at += lies.gap?.byteLength ?? 0;
  const list = Buffer.concat(packed.map(listed));
  const comment = bytesOf(lies.comment ?? '');
  const entries = lies.entries ?? specs.length;
  const end: Buffer[] = [u32(0x06054b50), u16(lies.disk ?? 0), u16(0), u16(lies.here ?? entries), u16(entries)];
  end.push(u32(lies.size ?? list.byteLength), u32(lies.at ?? at), u16(comment.byteLength), comment);
  return Buffer.concat([...parts, list, lies.beforeEnd ?? Buffer.alloc(0), ...end, lies.after ?? Buffer.alloc(0)]);
}
