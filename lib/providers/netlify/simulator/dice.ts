import { createHash } from 'node:crypto';

/** A number in [0, 1) that depends on nothing but its arguments, so a replay gives the same world. */
export function chance(...keys: (string | number)[]): number {
  return createHash('sha1').update(keys.join('\u0000')).digest().readUIntBE(0, 6) / 2 ** 48;
}

/** An id in the vendor's shape: 24 hexadecimal digits. */
export function idOf(...keys: (string | number)[]): string {
  return createHash('sha1').update(keys.join('\u0000')).digest('hex').slice(0, 24);
}
