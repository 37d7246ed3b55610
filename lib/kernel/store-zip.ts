import { crc32 } from 'node:zlib';

const header = (signature: number, fields: readonly [number, 2 | 4][]) => {
  const bytes = Buffer.alloc(4 + fields.reduce((sum, [, size]) => sum + size, 0));
  bytes.writeUInt32LE(signature, 0);
  let at = 4;
  for (const [value, size] of fields) at = size === 2 ? bytes.writeUInt16LE(value, at) : bytes.writeUInt32LE(value, at);
  return bytes;
};

/** A ZIP archive of small files, not compressed, always the same bytes for the same files. */
export function storeZip(files: Readonly<Record<string, string | Buffer>>): Buffer {
  const [parts, list]: [Buffer[], Buffer[]] = [[], []];
  let at = 0;
  for (const [path, text] of Object.entries(files)) {
    const [name, content] = [Buffer.from(path), typeof text === 'string' ? Buffer.from(text) : text];
    // Version, UTF-8, stored, the first moment that the format knows, checksum, both sizes, name, no extra field.
    const facts: [number, 2 | 4][] = [
      ...([
        [20, 2],
        [0x0800, 2],
        [0, 2],
        [0, 2],
        [0x21, 2],
      ] as [number, 2][]),
      ...([
        [crc32(content), 4],
        [content.byteLength, 4],
        [content.byteLength, 4],
      ] as [number, 4][]),
      ...([
        [name.byteLength, 2],
        [0, 2],
      ] as [number, 2][]),
    ];
    const rest: [number, 2 | 4][] = [
      [0, 2],
      [0, 2],
      [0, 2],
      [0, 4],
      [at, 4],
    ];
    list.push(header(0x02014b50, [[20, 2], ...facts, ...rest]), name);
    parts.push(header(0x04034b50, facts), name, content);
    at += 30 + name.byteLength + content.byteLength;
  }
  const directory = Buffer.concat(list);
  const count = Object.keys(files).length;
  const end: [number, 2 | 4][] = [
    [0, 2],
    [0, 2],
    [count, 2],
    [count, 2],
    [directory.byteLength, 4],
    [at, 4],
    [0, 2],
  ];
  return Buffer.concat([...parts, directory, header(0x06054b50, end)]);
}
