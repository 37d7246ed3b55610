const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/**
 * A sortable id: prefix, 10 characters of milliseconds, 16 random characters (Crockford base 32, as ULID).
 * Source: https://github.com/ulid/spec
 */
export function newId(prefix: string, now = Date.now()): string {
  let time = '';
  for (let rest = Math.floor(now), i = 0; i < 10; i++) {
    time = ALPHABET[rest % 32] + time;
    rest = Math.floor(rest / 32);
  }
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let random = '';
  for (const byte of bytes) random += ALPHABET[byte & 31];
  return `${prefix}_${time}${random}`;
}
