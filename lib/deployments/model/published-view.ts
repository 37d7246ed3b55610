/** The package that a deployment publishes, as whoever decides about it has to see it. */
export interface PublishedView {
  /** SHA-256 of its bytes, in hexadecimal. */
  id: string;
  /** `publisher.name`. */
  extension: string;
  version: string;
  platform: string;
  prerelease: boolean;
  /** Its page can be opened: it was not removed since. */
  kept: boolean;
  /** What inspecting it warns of; null once it was removed. */
  warnings: { code: string; sentence: string; path: string | null }[] | null;
}

/** The way back from a version at a gallery, in one sentence. */
export const BACK_AT_GALLERY =
  'A gallery gives everybody the highest version, so the way back is upwards: on the page of the older package, make it again with the next number, and publish that.';

/** Why no commits are shown between two versions. */
export const NO_COMMITS = {
  unnamed:
    'One of the two packages came without its commit, so there are no commits to compare. The page of the package shows what differs.',
  unread:
    'A gallery knows versions and no commits, and no target of this component reads the repository. The page of the package shows what differs.',
} as const;
