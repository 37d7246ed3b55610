import { createHash } from 'node:crypto';

/** A number in [0, 1) that depends on nothing but its arguments, so a replay gives the same world. */
export function chance(...keys: (string | number)[]): number {
  return createHash('sha1').update(keys.join('\u0000')).digest().readUIntBE(0, 6) / 2 ** 48;
}

/** An id in the vendor's shape: a prefix and 28 letters and digits. */
export function idOf(prefix: string, ...keys: (string | number)[]): string {
  const text = createHash('sha256').update(keys.join('\u0000')).digest('base64url').replace(/[-_]/g, 'x');
  return `${prefix}_${text.slice(0, 28)}`;
}
