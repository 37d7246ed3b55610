import { crc32, inflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { pictureOf } from './picture';

const PAGE = { name: 'aetherstack-docs', branch: 'main', sha: 'a1b2c3d4'.repeat(5), mode: 'ssr' };

/** The parts of a PNG by their names; throws where a sum is wrong. */
function partsOf(bytes: Uint8Array): Map<string, Buffer> {
  const png = Buffer.from(bytes);
  const parts = new Map<string, Buffer>();
  for (let at = 8; at < png.length; ) {
    const end = at + 8 + png.readUInt32BE(at);
    expect(png.readUInt32BE(end)).toBe(crc32(png.subarray(at + 4, end)));
    parts.set(png.toString('latin1', at + 4, at + 8), png.subarray(at + 8, end));
    at = end + 4;
  }
  return parts;
}

test('a picture is a whole PNG, small, and another for each build and mode', () => {
  const picture = pictureOf(PAGE);
  expect([...picture.subarray(0, 8)]).toEqual([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const parts = partsOf(picture);
  expect([...parts.keys()]).toEqual(['IHDR', 'PLTE', 'IDAT', 'IEND']);
  expect(inflateSync(parts.get('IDAT') ?? Buffer.alloc(0))).toHaveLength(641 * 400);
  expect(picture.length).toBeLessThan(20_000);
  const others = [{ sha: 'f'.repeat(40) }, { mode: 'ssg' }, { branch: 'next' }, { name: 'other' }];
  for (const other of others) expect(pictureOf({ ...PAGE, ...other })).not.toEqual(picture);
});

test('words that do not fit, and letters that are not known, are left out', () => {
  const long = { ...PAGE, branch: `feature/${'ä-very-long-name-'.repeat(20)}` };
  expect(partsOf(pictureOf(long)).has('IEND')).toBe(true);
});
