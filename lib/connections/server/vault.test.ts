import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ServiceError } from '@/lib/kernel/errors';
import { createKeyRing, rewrap, type SealBinding, seal, unseal } from './vault';

const oldKey = randomBytes(32);
const newKey = randomBytes(32);
const ring = createKeyRing(oldKey);
const binding: SealBinding = {
  table: 'connections',
  rowId: 'con_1',
  providerId: 'forge',
  origin: 'https://api.forge.test',
  purpose: 'credential',
};
const CANARY = 'canary-secret-value';
const sealed = seal(ring, CANARY, binding);

function codeOf(work: () => unknown): string {
  try {
    work();
    return 'opened';
  } catch (error) {
    if (!(error instanceof ServiceError)) return 'crashed';
    expect(error.message).not.toContain(CANARY);
    return error.code;
  }
}

/** One bit of one of the six parts, the other way round. */
function flip(part: number, bit = 0): string {
  const parts = sealed.split('.');
  const bytes = Buffer.from(parts[part] ?? '', part < 2 ? 'latin1' : 'base64url');
  bytes[Math.floor(bit / 8)] = (bytes[Math.floor(bit / 8)] ?? 0) ^ (1 << (bit % 8));
  parts[part] = bytes.toString(part < 2 ? 'latin1' : 'base64url');
  return parts.join('.');
}

describe('the vault', () => {
  test('opens what it sealed, and never seals the same way twice', () => {
    expect(unseal(ring, sealed, binding).reveal()).toBe(CANARY);
    expect(sealed).toMatch(/^v1\.[0-9a-f]{12}(?:\.[\w-]+){4}$/);
    expect(seal(ring, CANARY, binding)).not.toBe(sealed);
    expect(sealed).not.toContain(Buffer.from(CANARY).toString('base64url'));
    expect(String(unseal(ring, sealed, binding))).toBe('[redacted]');
  });

  test.each([
    ['the wrapped key', 2],
    ['the iv', 3],
    ['the tag', 4],
    ['the ciphertext', 5],
  ])('one flipped bit of %s is noticed', (_name, part) => {
    const bits = Buffer.from(sealed.split('.')[part] ?? '', 'base64url').byteLength * 8;
    for (let bit = 0; bit < bits; bit++)
      expect(codeOf(() => unseal(ring, flip(part, bit), binding))).toBe('credential_unreadable');
  });

  test.each<[string, Partial<SealBinding>]>([
    ['another row', { rowId: 'con_2' }],
    ['another provider', { providerId: 'other' }],
    ['another address', { origin: 'https://api.forge.test.evil.example' }],
    ['the same address over http', { origin: 'http://api.forge.test' }],
    ['another purpose', { purpose: 'webhook' }],
  ])('a value moved to %s cannot be opened', (_name, over) => {
    expect(codeOf(() => unseal(ring, sealed, { ...binding, ...over }))).toBe('credential_unreadable');
  });

  test('parts of two sealed values cannot be mixed', () => {
    const other = seal(ring, 'another', binding).split('.');
    for (const part of [2, 3, 4, 5]) {
      const mixed = sealed.split('.').map((own, i) => (i === part ? (other[i] ?? '') : own));
      expect(codeOf(() => unseal(ring, mixed.join('.'), binding))).toBe('credential_unreadable');
    }
  });

  test('without the key it says which key is missing', () => {
    expect(codeOf(() => unseal(createKeyRing(newKey), sealed, binding))).toBe('kek_missing');
    expect(codeOf(() => unseal(ring, flip(1), binding))).toBe('kek_missing');
  });

  test('a rotated key still opens, and re-wraps without touching the ciphertext', () => {
    const rotated = createKeyRing(newKey, oldKey);
    expect(unseal(rotated, sealed, binding).reveal()).toBe(CANARY);
    const again = rewrap(rotated, sealed, binding);
    expect(again?.split('.').slice(3)).toEqual(sealed.split('.').slice(3));
    expect(unseal(createKeyRing(newKey), again ?? '', binding).reveal()).toBe(CANARY);
    expect(rewrap(rotated, again ?? '', binding)).toBeNull();
    expect(codeOf(() => unseal(ring, again ?? '', binding))).toBe('kek_missing');
  });

  test('any other text is refused, never a crash', () => {
    const near = fc
      .array(fc.stringMatching(/^[\w-]{0,40}$/), { maxLength: 8 })
      .map((parts) => ['v1', sealed.split('.')[1], ...parts].join('.'));
    fc.assert(
      fc.property(fc.oneof(fc.string(), near), (text) => {
        expect(['credential_unreadable', 'kek_missing']).toContain(codeOf(() => unseal(ring, text, binding)));
      }),
      { numRuns: 1_000 },
    );
  });

  test('any secret comes back as it went in', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        (text) => unseal(ring, seal(ring, text, binding), binding).reveal() === text,
      ),
      { numRuns: 200 },
    );
  });

  test('refuses a key of another length', () => {
    expect(() => createKeyRing(randomBytes(16))).toThrow('32 bytes');
  });
});
