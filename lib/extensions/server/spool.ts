import { createHash, randomBytes } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { watchPace } from '@/lib/http/pace';
import { ServiceError } from '@/lib/kernel/errors';
import { PACKAGE_LIMITS, UPLOAD_PACE } from '../model/limits';
import { bufferSource, fileSource, type ZipSource } from './zip-source';

/** What came in, whole: it can be read anywhere, and once more from the start. */
export interface Spool {
  sha256: string;
  size: number;
  source: ZipSource;
  again(): Readable | Buffer;
  close(): Promise<void>;
}

const tooLarge = () =>
  new ServiceError(
    'invalid',
    'package_too_large',
    'A package may have 100 MB at most. Leave out what it does not need with .vscodeignore.',
  );

/**
 * Holds an upload while it is looked at: in a file without a name, so that a crash leaves nothing behind. Throws
 * `ServiceError` beyond 100 MB, when the sender stops half-way, and when nothing or too little comes (`upload_too_slow`).
 */
export async function spool(content: Readable | Buffer): Promise<Spool> {
  return Buffer.isBuffer(content) ? inMemory(content) : await inFile(content);
}

function inMemory(bytes: Buffer): Spool {
  if (bytes.byteLength > PACKAGE_LIMITS.upload) throw tooLarge();
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { sha256, size: bytes.byteLength, source: bufferSource(bytes), again: () => bytes, close: async () => {} };
}

async function inFile(content: Readable): Promise<Spool> {
  // Whoever hangs up before the first byte is read must not end the process: the loop below is told as well.
  content.on('error', () => undefined);
  const name = path.join(os.tmpdir(), `aetherstack-${randomBytes(12).toString('hex')}.vsix`);
  const file = await open(name, 'wx+', 0o600);
  // Windows keeps the name of an open file; there it goes with `close`.
  const named = await rm(name).then(
    () => false,
    () => true,
  );
  const close = async () => {
    await file.close();
    if (named) await rm(name, { force: true });
  };
  try {
    const hash = createHash('sha256');
    let size = 0;
    for await (const bytes of inTime(content)) {
      size += bytes.byteLength;
      if (size > PACKAGE_LIMITS.upload) throw tooLarge();
      hash.update(bytes);
      await file.write(bytes);
    }
    const again = () => file.createReadStream({ start: 0, autoClose: false });
    return { sha256: hash.digest('hex'), size, source: fileSource(file, size), again, close };
  } catch (error) {
    await close();
    letGo(content, error);
    if (error instanceof ServiceError) throw error;
    throw new ServiceError('invalid', 'upload_cut_off', 'The upload stopped before its end. Send it again.');
  }
}

const TOO_SLOW = {
  silent:
    'Nothing of the package came for 20 seconds, so the upload was ended. Look at your connection, and send it again.',
  slow: 'The package came more slowly than 32 kB a second, so the upload was ended. Send it again over a faster connection.',
} as const;

/** The pieces as they come. Throws `upload_too_slow`; what is read is left open then, so that the answer gets out. */
async function* inTime(content: Readable): AsyncGenerator<Buffer, void> {
  const { promise: ended, reject } = Promise.withResolvers<never>();
  ended.catch(() => undefined);
  const watch = watchPace(UPLOAD_PACE, (why) => reject(new ServiceError('tooSlow', 'upload_too_slow', TOO_SLOW[why])));
  const pieces = content.iterator({ destroyOnReturn: false });
  try {
    for (;;) {
      const { done, value } = await Promise.race([pieces.next(), ended]);
      if (done) return;
      watch.came((value as Buffer).byteLength);
      yield value as Buffer;
    }
  } finally {
    watch.end();
  }
}

/** A body that is destroyed takes its connection along, and the answer to whoever was slow with it. */
const ANSWERED_MS = 5_000;

function letGo(content: Readable, error: unknown): void {
  if (error instanceof ServiceError && error.kind === 'tooSlow')
    setTimeout(() => content.destroy(), ANSWERED_MS).unref();
  else content.destroy();
}
