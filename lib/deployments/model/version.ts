/**
 * What a deployed thing is expected to call itself. Its own tag, since one commit may be deployed under several names;
 * otherwise the first seven digits of the commit.
 */
export function versionOf({ ref, refKind, sha }: { ref: string; refKind: 'branch' | 'tag'; sha: string }): string {
  return refKind === 'tag' ? ref : sha.slice(0, 7);
}

/**
 * Every name under which this very revision may be live. A tag is exact; a branch may build what was released under a
 * name of its own, so names that are `known` for its commit count as well.
 */
export function namesOf(revision: Parameters<typeof versionOf>[0], known: readonly string[]): string[] {
  const own = versionOf(revision);
  return revision.refKind === 'tag' ? [own] : [...new Set([own, ...known])];
}

/** `v1.2.0` and `1.2.0` are the same version. */
export function bareVersion(version: string): string {
  return version.replace(/^v(?=\d)/, '');
}
