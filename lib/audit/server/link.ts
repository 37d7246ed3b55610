import { hash } from 'node:crypto';
import { CHAIN_FIELDS } from '../model/chain';

/** What stands before the form in the bytes that are hashed: the previous hash and the place. */
const BEFORE = 40;

/** A line as it is hashed: room for the previous hash and the place, then its form. */
export type LineBytes = Buffer;

const digits = (n: number) => (n < 10 ? 1 : n < 100 ? 2 : n < 1_000 ? 3 : String(n).length);

const AT = CHAIN_FIELDS.indexOf('at');
/** Microseconds from 1970 to 2000, where Postgres begins to count. */
const BEFORE_2000 = 946_684_800_000_000;

/** The 8 bytes of a moment in microseconds since 1970, as Postgres prints `extract(epoch from …) * 1000000`. */
function microseconds(row: Buffer, at: number): string {
  const high = row.readInt32BE(at);
  const low = row.readUInt32BE(at + 4);
  if (Math.abs(high) < 2 ** 20) return String(high * 2 ** 32 + low + BEFORE_2000);
  if (high === 2 ** 31 - 1 && low === 2 ** 32 - 1) return 'Infinity';
  if (high === -(2 ** 31) && low === 0) return '-Infinity';
  return String(row.readBigInt64BE(at) + BigInt(BEFORE_2000));
}

/**
 * Makes the form from the fields of CHAIN_FIELDS, given as in a binary COPY from `start` on, `at` as a moment and the others as
 * text: each as `<bytes of UTF-8>:<text>,` and a missing one as `-,`, so that no two different lines have the same. The
 * database's `audit_canonical` is the other definition. Returns the bytes and where the fields end; throws `RangeError` when
 * they are cut.
 */
export function lineBytes(row: Buffer, start: number): { bytes: LineBytes; end: number } {
  let size = BEFORE;
  let end = start;
  let moment = '';
  for (let n = 0; n < CHAIN_FIELDS.length; n++) {
    let length = row.readInt32BE(end);
    end += 4 + Math.max(0, length);
    if (n === AT && length >= 0) {
      moment = microseconds(row, end - length);
      length = moment.length;
    }
    size += length < 0 ? 2 : digits(length) + length + 2;
  }
  const bytes = Buffer.allocUnsafe(size);
  for (let n = 0, from = start, to = BEFORE; n < CHAIN_FIELDS.length; n++) {
    const length = row.readInt32BE(from);
    from += 4;
    to = n === AT && moment ? writeText(bytes, to, moment) : writeField(bytes, to, row, from, length);
    from += Math.max(0, length);
  }
  return { bytes, end };
}

/** Below so many bytes a loop is faster than a call of the copier. */
const SHORT = 32;
const [COLON, COMMA, DASH, ZERO] = [58, 44, 45, 48];

/** As `writeField`, of a text of ASCII. */
function writeText(target: Buffer, at: number, text: string): number {
  return at + target.write(`${text.length}:${text},`, at, 'latin1');
}

function writeField(target: Buffer, at: number, row: Buffer, from: number, length: number): number {
  let to = at;
  if (length < 0) target[to++] = DASH;
  else {
    if (length < 10) target[to++] = ZERO + length;
    else to += target.write(String(length), to, 'latin1');
    target[to++] = COLON;
    if (length < SHORT) for (let n = 0; n < length; n++) target[to + n] = row[from + n] as number;
    else row.copy(target, to, from, from + length);
    to += length;
  }
  target[to++] = COMMA;
  return to;
}

/** The hash of one link, 64 hex digits: SHA-256 over the previous hash, `seq` as 8 bytes big-endian, and the form. */
export function linkHash(previous: string, seq: number, line: LineBytes): string {
  line.write(previous, 0, 32, 'hex');
  line.writeUInt32BE(Math.floor(seq / 2 ** 32), 32);
  line.writeUInt32BE(seq % 2 ** 32, 36);
  return hash('sha256', line, 'hex');
}

/** The form alone, as text. */
export function formOf(line: LineBytes): string {
  return line.toString('utf8', BEFORE);
}
