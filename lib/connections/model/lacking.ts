import type { Needs } from '@/lib/providers/port';

/** Of the alternative that lacks least, what is not there; nothing where nothing is listed or nothing is asked for. */
export function lacking(scopes: readonly string[], needs: Needs | undefined): string[] {
  if (!needs || scopes.length === 0) return [];
  const gaps = needs.map((all) => all.filter((each) => !scopes.includes(each)));
  return gaps.toSorted((a, b) => a.length - b.length)[0] ?? [];
}
