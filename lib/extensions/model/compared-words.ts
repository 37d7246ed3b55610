import type { ComparedWith } from './view';

type Compared = Pick<ComparedWith, 'version' | 'why'> & Partial<Pick<ComparedWith, 'liveAt'>>;

/** What a package is compared with, and as what: `1.4.2, live at Open VSX`. A server of before names no places. */
export function comparedWords({ version, why, liveAt = [] }: Compared): string {
  if (why === 'live') return liveAt.length > 0 ? `${version}, live at ${liveAt.join(', ')}` : `${version}, live`;
  if (why === 'chosen') return `${version}, as chosen`;
  return `${version}, the newest older one kept here; it is not known to be live`;
}

/** Where there is nothing to compare with; `others`: packages of the extension that can be chosen all the same. */
export function uncomparedWords(prerelease: boolean, others: number): string {
  if (others === 0) return 'There is no other package of this extension to compare it with.';
  const channel = prerelease ? 'pre-release' : 'stable version';
  return `There is nothing to compare it with: no older ${channel} of this extension is live or kept here. Choose another version to compare it with that.`;
}
