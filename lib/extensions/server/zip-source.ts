import type { FileHandle } from 'node:fs/promises';

/** Bytes that can be read anywhere: a file, a buffer or a stored blob. */
export interface ZipSource {
  size: number;
  /** Exactly so many bytes. Throws `Malformed` when they go beyond the end. */
  read(at: number, length: number): Promise<Buffer>;
}

/** What is wrong with the archive itself. Nothing of it is looked at any further. */
export class Malformed extends Error {
  readonly code: string;
  readonly path: string | undefined;

  constructor(code: string, sentence: string, path?: string) {
    super(sentence);
    this.name = 'Malformed';
    this.code = code;
    this.path = path;
  }
}

export const truncated = () =>
  new Malformed('truncated', 'The package ends before its content does. It was not copied whole; upload it again.');

function within(size: number, at: number, length: number): void {
  if (at < 0 || length < 0 || at + length > size) throw truncated();
}

export function bufferSource(bytes: Buffer): ZipSource {
  return {
    size: bytes.byteLength,
    async read(at, length) {
      within(bytes.byteLength, at, length);
      return bytes.subarray(at, at + length);
    },
  };
}

export function fileSource(file: FileHandle, size: number): ZipSource {
  return {
    size,
    async read(at, length) {
      within(size, at, length);
      const bytes = Buffer.alloc(length);
      for (let done = 0; done < length; ) {
        const { bytesRead } = await file.read(bytes, done, length - done, at + done);
        if (bytesRead === 0) throw truncated();
        done += bytesRead;
      }
      return bytes;
    },
  };
}
