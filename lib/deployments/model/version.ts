/**
 * What a deployed thing is expected to call itself. Its own tag, since one commit may be deployed under several names;
 * otherwise the first seven digits of the commit.
 */
export function versionOf({ ref, refKind, sha }: { ref: string; refKind: 'branch' | 'tag'; sha: string }): string {
  return refKind === 'tag' ? ref : sha.slice(0, 7);
}

/** `v1.2.0` and `1.2.0` are the same version. */
export function bareVersion(version: string): string {
  return version.replace(/^v(?=\d)/, '');
}
