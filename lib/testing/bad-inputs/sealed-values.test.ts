import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createKeyRing, rewrap, type SealBinding, seal, unseal } from '@/lib/connections/server/vault';
import { ServiceError } from '@/lib/kernel/errors';
import { SEALED_VALUES, type SealedCase } from './sealed-values';

const [oldKey, newKey] = [randomBytes(32), randomBytes(32)];
const [before, both, after] = [createKeyRing(oldKey), createKeyRing(newKey, oldKey), createKeyRing(newKey)];
const binding: SealBinding = {
  table: 'connections',
  rowId: 'con_1',
  providerId: 'forge',
  origin: 'https://api.forge.test',
  purpose: 'credential',
};
const CANARY = 'canary-secret-value';
const sealed = seal(before, CANARY, binding);
const other = seal(before, 'another', binding).split('.');

function withPart(at: number, change: (part: string) => string): string {
  return sealed
    .split('.')
    .map((part, i) => (i === at ? change(part) : part))
    .join('.');
}

/** The first character, one bit away; still of the same alphabet. */
const flipped = (part: string) => `${part.startsWith('a') ? 'b' : 'a'}${part.slice(1)}`;

function attempt(each: SealedCase): string {
  if ('flip' in each) return open(before, withPart(each.flip, flipped));
  if ('cut' in each)
    return open(
      before,
      withPart(each.cut, (part) => part.slice(0, 8)),
    );
  if ('mix' in each)
    return open(
      before,
      withPart(each.mix, () => other[each.mix] ?? ''),
    );
  if ('move' in each) return open(before, sealed, { ...binding, ...each.move } as SealBinding);
  if ('text' in each) return open(before, each.text);
  const again = rewrap(both, sealed, binding) ?? '';
  if (each.keys === 'rotated') return open(both, sealed);
  if (each.keys === 'new only') return open(after, sealed);
  if (each.keys === 'half-way') return open(both, sealed) === 'opened' ? open(both, again) : 'not both';
  return open(before, again);
}

function open(ring: typeof before, text: string, to = binding): string {
  try {
    return unseal(ring, text, to).reveal() === CANARY ? 'opened' : 'opened something else';
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    expect(error.message).not.toContain(CANARY);
    return error.code;
  }
}

describe('D16: a stored secret that was changed, moved or outlived its key', () => {
  test.each(SEALED_VALUES)('$name: $is', (each) => {
    expect(attempt(each)).toBe(each.is);
  });
});
