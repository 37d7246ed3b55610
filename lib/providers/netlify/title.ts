const TITLE = /(?<![\w-])(aether-[A-Za-z0-9]+-\d+)(?![\w-])(?: at ([0-9a-f]{40})(?![0-9a-f]))?/;

/** What a deploy of ours is called at Netlify: our marker, and the commit that was chosen. */
export function titleOf(marker: string, sha: string): string {
  return `${marker} at ${sha}`;
}

/** Marker and commit of a deploy's title, wherever Netlify puts its own words; null when it is not one of ours. */
export function readTitle(title: string | null | undefined): { marker: string; sha: string | null } | null {
  const found = TITLE.exec(title ?? '');
  return found?.[1] ? { marker: found[1], sha: found[2] ?? null } : null;
}
