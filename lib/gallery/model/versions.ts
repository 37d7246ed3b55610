import { type GalleryVersion, newestFirst } from './extension';
import { FLAG, LIMITS } from './protocol';

const set = (flags: number, flag: number): boolean => (flags & flag) !== 0;

/** The newest of each platform. */
function newestOfEach(versions: readonly GalleryVersion[]): GalleryVersion[] {
  const seen = new Set<string>();
  return versions.filter(({ platform }) => !seen.has(platform) && seen.add(platform));
}

/** Which versions an answer has: all, the newest of each platform, or of each platform and channel. Newest first. */
export function versionsFor(flags: number, all: readonly GalleryVersion[]): GalleryVersion[] {
  const sorted = [...all].sort(newestFirst);
  if (set(flags, FLAG.latestPrereleaseAndStable)) {
    const stable = newestOfEach(sorted.filter(({ prerelease }) => !prerelease));
    const early = newestOfEach(sorted.filter(({ prerelease }) => prerelease));
    return [...stable, ...early].sort(newestFirst);
  }
  if (set(flags, FLAG.latestVersionOnly)) return newestOfEach(sorted);
  const asked = FLAG.versions | FLAG.files | FLAG.versionProperties | FLAG.assetUri;
  return set(flags, asked) ? sorted.slice(0, LIMITS.versions) : [];
}
