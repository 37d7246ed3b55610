import { compareVersions } from './identity';

/** A package of the same extension, as far as its number matters. */
export interface NumberedPackage {
  /** SHA-256. */
  id: string;
  version: string;
  targetPlatform: string;
  prerelease: boolean;
  /** The package that this one was made again from; null = it came from outside. */
  again: { id: string; version: string } | null;
}

const LARGEST = 2_147_483_647;

function patchAfter(version: string): string | null {
  const [major, minor, patch = 0] = version.split('.').map(Number);
  return patch < LARGEST ? `${major}.${minor}.${patch + 1}` : null;
}

/** What clients of a channel go to: the highest version, whatever its platform. */
function highestIn(prerelease: boolean, all: readonly NumberedPackage[]): NumberedPackage | undefined {
  return all
    .filter((each) => each.prerelease === prerelease)
    .sort((a, b) => compareVersions(b.version, a.version))
    .at(0);
}

/**
 * The number under which an old package goes out again, so that everybody updates to it: the patch after the highest of
 * its channel that nothing else has. Asked once more, and for its other platforms, it is the number that it got before.
 * Null where nothing is newer than it, so that there is nothing to go back from.
 */
export function nextPatch(old: NumberedPackage, all: readonly NumberedPackage[]): string | null {
  const highest = highestIn(old.prerelease, all);
  if (!highest || compareVersions(highest.version, old.version) <= 0) return null;
  if (isShared(highest, old, all)) return highest.version;
  const taken = new Set(all.map(({ version }) => version));
  let next = patchAfter(highest.version);
  while (next !== null && taken.has(next)) next = patchAfter(next);
  return next;
}

/** The highest is this very version again: of this package, or of another platform that this one goes with. */
function isShared(highest: NumberedPackage, old: NumberedPackage, all: readonly NumberedPackage[]): boolean {
  const { version } = highest;
  const { id, targetPlatform } = old;
  const others = all.filter((each) => each.version === version && each.targetPlatform === targetPlatform);
  return highest.again?.version === old.version && others.every(({ again }) => again?.id === id);
}

/** Why a number that somebody chose would reach nobody, or is taken; null = it is fine. */
export function whyNotNumber(chosen: string, old: NumberedPackage, all: readonly NumberedPackage[]): string | null {
  const highest = highestIn(old.prerelease, all);
  if (highest?.version === chosen && isShared(highest, old, all)) return null;
  if (highest && compareVersions(chosen, highest.version) <= 0)
    return `Nobody would update to ${chosen}: ${highest.version} is there. Choose a higher number.`;
  const taken = all.some(({ version }) => version === chosen);
  return taken ? `There is a package ${chosen} already. Choose a higher number.` : null;
}
