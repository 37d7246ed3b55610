import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import type { Blobs } from './blobs';

const DIGEST = /^[0-9a-f]{64}$/;
const isMissing = (error: unknown) => (error as NodeJS.ErrnoException).code === 'ENOENT';

/** Packages in a folder of this machine: two letters of the digest, then the digest. */
export function diskBlobs(root: string): Blobs {
  const placeOf = (sha256: string) => {
    if (!DIGEST.test(sha256)) throw new Error('A blob is named by its SHA-256.');
    return path.join(root, sha256.slice(0, 2), sha256);
  };
  const sizeOf = async (sha256: string) => {
    try {
      return (await stat(placeOf(sha256))).size;
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  };
  return {
    size: sizeOf,
    async put(sha256, content, size) {
      const place = placeOf(sha256);
      await mkdir(path.dirname(place), { recursive: true, mode: 0o700 });
      if ((await sizeOf(sha256)) === size) {
        if (!Buffer.isBuffer(content)) content.destroy();
        return;
      }
      await writeWhole(place, sha256, content);
    },
    async open(sha256, range) {
      const size = await sizeOf(sha256);
      if (size === null) return null;
      return { size, stream: createReadStream(placeOf(sha256), range ?? {}) };
    },
    async remove(sha256) {
      await rm(placeOf(sha256), { force: true });
    },
  };
}

/** Under a name of its own until it is whole, checked and on the disk: a crash leaves nothing under the digest. */
async function writeWhole(place: string, sha256: string, content: Readable | Buffer): Promise<void> {
  const unfinished = `${place}.${randomBytes(6).toString('hex')}.part`;
  const file = await open(unfinished, 'wx', 0o600);
  const hash = createHash('sha256');
  try {
    try {
      for await (const piece of Buffer.isBuffer(content) ? [content] : content) {
        hash.update(piece as Buffer);
        await file.writeFile(piece as Buffer);
      }
      await file.sync();
    } finally {
      await file.close();
    }
    if (hash.digest('hex') !== sha256) throw new Error('What was to be stored is not what its digest says.');
    await rename(unfinished, place);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
  const folder = await open(path.dirname(place), 'r');
  await folder.sync().catch(() => undefined);
  await folder.close();
}
