import { vendorPhrase } from '@/lib/http/vendor-text';
import type { ExtensionVersion, Placed } from '../port';
import type { MarketExtension, MarketVersion } from './schema';

/** `ExtensionVersionFlags` and `PublishedExtensionFlags` of `GalleryInterfaces`. */
const VALIDATED = { bit: 1, word: 'validated' };
const DISABLED = { bit: 1, word: 'disabled' };
const UNPUBLISHED = { bit: 4096, word: 'unpublished' };
const LOCKED = { bit: 16_384, word: 'locked' };

/** Bits as a number, or their words with commas. */
export function hasFlag(
  flags: number | string | null | undefined,
  { bit, word }: { bit: number; word: string },
): boolean {
  if (typeof flags === 'number') return (flags & bit) !== 0;
  return (flags ?? '')
    .toLowerCase()
    .split(/[,\s]+/)
    .includes(word);
}

export function isWanted(each: MarketVersion, { version, targetPlatform }: ExtensionVersion): boolean {
  return each.version === version && (each.targetPlatform ?? 'universal') === targetPlatform;
}

/**
 * Where a version stands. Validation is told by one flag and, where it failed, a text; the Marketplace tells no scan of its
 * own. Neither flag nor text is `validating`, never a success.
 */
export function toPlaced(extension: MarketExtension, wanted: ExtensionVersion, url: string): Placed {
  const found = extension.versions?.find((each) => isWanted(each, wanted));
  if (!found) return { state: 'absent', rawState: 'no such version', sentence: null, url };
  const raw = String(found.flags ?? 'none').slice(0, 100);
  if (hasFlag(extension.flags, LOCKED) || hasFlag(extension.flags, DISABLED)) {
    const sentence = 'The Marketplace has locked the extension. Look for its mail, and at the publisher’s page.';
    return { state: 'quarantined', rawState: 'locked', sentence, url };
  }
  if (hasFlag(extension.flags, UNPUBLISHED)) {
    const sentence = 'The extension is unpublished at the Marketplace: nobody can install it.';
    return { state: 'unlisted', rawState: 'unpublished', sentence, url };
  }
  if (hasFlag(found.flags, VALIDATED)) return { state: 'active', rawState: raw, sentence: null, url };
  const said = vendorPhrase(found.validationResultMessage ?? '');
  if (said !== '') {
    const sentence = `The Marketplace’s validation failed: ${said}.`;
    return { state: 'rejected', rawState: 'validation failed', sentence, url };
  }
  return { state: 'validating', rawState: raw, sentence: null, url };
}
