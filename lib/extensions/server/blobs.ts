import type { Readable } from 'node:stream';

/** First and last byte, both included. */
export interface ByteRange {
  start: number;
  end: number;
}

/**
 * Where packages lie, by the SHA-256 (hex) of their bytes. What is under a digest never changes, so writing it once more
 * is no change. Implementations: a folder, and any store that speaks S3.
 */
export interface Blobs {
  /** Throws when the bytes are not those of the digest; then nothing is there under it. */
  put(sha256: string, content: Readable | Buffer, size: number): Promise<void>;
  /** Null = nothing is there. The reader ends it or destroys it. */
  open(sha256: string, range?: ByteRange): Promise<{ size: number; stream: Readable } | null>;
  /** Bytes; null = nothing is there. */
  size(sha256: string): Promise<number | null>;
  /** Gone or never there is no error. */
  remove(sha256: string): Promise<void>;
}
