/** `aes` opens the API, `aeg` the gallery. */
export type TokenKind = 'aes' | 'aeg';

/** What a token looks like: its kind, 32 random bytes in base64url, and six characters that check the rest. */
const SHAPE = /^(ae[sg])_([A-Za-z0-9_-]{43})([0-9a-z]{6})$/;
const CHECK_LENGTH = 6;

/** CRC-32 as in ISO 3309, bit by bit: a token is short. */
function crc32(text: string): number {
  let crc = 0xffffffff;
  for (let at = 0; at < text.length; at++) {
    crc ^= text.charCodeAt(at);
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

function checkOf(random: string): string {
  return crc32(random)
    .toString(36)
    .padStart(CHECK_LENGTH + 1, '0')
    .slice(-CHECK_LENGTH);
}

/** `random` is 32 bytes in base64url. */
export function tokenText(random: string, kind: TokenKind = 'aes'): string {
  return `${kind}_${random}${checkOf(random)}`;
}

/** False for anything that cannot be a token of ours, without asking anybody; scanners may use the same rule. */
export function isTokenText(text: string, kind: TokenKind = 'aes'): boolean {
  const found = SHAPE.exec(text);
  return found !== null && found[1] === kind && checkOf(found[2] ?? '') === found[3];
}
