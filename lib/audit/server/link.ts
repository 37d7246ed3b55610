import { hash } from 'node:crypto';
import { type ChainLine, canonicalLine } from '../model/chain';

/** The hash of one link, 64 hex digits: SHA-256 over the previous hash, `seq` as 8 bytes big-endian, and the line. */
export function linkHash(previous: string, seq: number, line: ChainLine): string {
  const text = canonicalLine(line);
  const bytes = Buffer.allocUnsafe(40 + Buffer.byteLength(text));
  bytes.write(previous, 0, 32, 'hex');
  bytes.writeBigUInt64BE(BigInt(seq), 32);
  bytes.write(text, 40);
  return hash('sha256', bytes, 'hex');
}
