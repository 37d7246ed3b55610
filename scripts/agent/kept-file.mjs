// Bytes on their way to the disk: there only when they are what was announced.
import { createHash, randomBytes } from 'node:crypto';
import { createWriteStream, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { makeFolder, syncFolder } from './durable.mjs';
import { StepFailure } from './refusal.mjs';

/**
 * Writes a stream beside `file`, and puts it there only when it is what its digest says.
 * Throws StepFailure for another size or digest.
 */
export async function keep(stream, file, { sha256, size, most }, signal) {
  makeFolder(path.dirname(file));
  // Two uploads of the same build at once each write a file of their own.
  const temporary = `${file}.${randomBytes(6).toString('hex')}.part`;
  const hash = createHash('sha256');
  let bytes = 0;
  const counted = async function* () {
    for await (const piece of stream) {
      bytes += piece.length;
      if (bytes > most)
        throw new StepFailure(
          `The build is larger than ${Math.round(most / 1_048_576)} MiB, the most that is taken here.`,
        );
      hash.update(piece);
      yield piece;
    }
  };
  try {
    await pipeline(
      Readable.from(counted()),
      createWriteStream(temporary, { mode: 0o640, flush: true }),
      signal ? { signal } : {},
    );
    if (size !== undefined && bytes !== size)
      throw new StepFailure(`The build has ${bytes} bytes, and ${size} were announced. Nothing of it was started.`);
    const found = hash.digest('hex');
    if (found !== sha256)
      throw new StepFailure(
        `The build’s SHA-256 is ${found.slice(0, 12)}…, not ${sha256.slice(0, 12)}… as announced. Nothing of it was started.`,
      );
    renameSync(temporary, file);
    syncFolder(path.dirname(file));
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  return bytes;
}
