import { createHash } from 'node:crypto';

/** A number in [0, 1) that depends on nothing but its arguments, so a replay gives the same world. */
export function chance(...keys: (string | number)[]): number {
  return createHash('sha1').update(keys.join('\u0000')).digest().readUIntBE(0, 6) / 2 ** 48;
}
