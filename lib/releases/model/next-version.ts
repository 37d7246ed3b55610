/** The part of a tag before its version: `backend-v` of `backend-v1.4.2`; null when it has no version. */
export function prefixOf(tag: string): { prefix: string; version: [number, number, number] } | null {
  const found = /^(.*?)(\d{1,9})\.(\d{1,9})\.(\d{1,9})$/.exec(tag);
  if (!found) return null;
  const [, prefix = '', major, minor, patch] = found;
  return { prefix, version: [Number(major), Number(minor), Number(patch)] };
}

/** Newest version first, among the tags that begin like this component's own. */
export function earlierTags(tags: readonly string[], slug: string): string[] {
  const read = tags.flatMap((tag) => {
    const parsed = prefixOf(tag);
    return parsed ? [{ tag, ...parsed }] : [];
  });
  const own = read.filter(({ prefix }) => prefix === `${slug}-v` || prefix === `${slug}-` || prefix === `${slug}/v`);
  const shared = read.filter(({ prefix }) => prefix === 'v' || prefix === '');
  return (own.length > 0 ? own : shared).sort((a, b) => compare(b.version, a.version)).map(({ tag }) => tag);
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let at = 0; at < 3; at++) if (a[at] !== b[at]) return (a[at] ?? 0) - (b[at] ?? 0);
  return 0;
}

/** What is offered first: one more in the last place, after the newest of this component; `<slug>-v0.1.0` for the first. */
export function nextTag(tags: readonly string[], slug: string): string {
  const newest = earlierTags(tags, slug)[0];
  const parsed = newest ? prefixOf(newest) : null;
  if (!parsed) return `${slug}-v0.1.0`;
  const [major, minor, patch] = parsed.version;
  return `${parsed.prefix}${major}.${minor}.${patch + 1}`;
}
