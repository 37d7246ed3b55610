import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Blobs } from '../server/blobs';

/** Packages in memory, by the same contract as on a disk. */
export function memoryBlobs(): Blobs {
  const kept = new Map<string, Buffer>();
  return {
    async put(sha256, content) {
      const pieces: Buffer[] = [];
      for await (const piece of Buffer.isBuffer(content) ? [content] : content) pieces.push(piece as Buffer);
      const bytes = Buffer.concat(pieces);
      if (createHash('sha256').update(bytes).digest('hex') !== sha256) throw new Error('These are other bytes.');
      kept.set(sha256, bytes);
    },
    async open(sha256, range) {
      const bytes = kept.get(sha256);
      if (!bytes) return null;
      return {
        size: bytes.byteLength,
        stream: Readable.from([bytes.subarray(range?.start ?? 0, (range?.end ?? bytes.byteLength) + 1)]),
      };
    },
    size: async (sha256) => kept.get(sha256)?.byteLength ?? null,
    remove: async (sha256) => void kept.delete(sha256),
  };
}
