import { z } from 'zod';
import { isTargetPlatform } from '../../extensions/model/identity';
import { CODE, FILTER, LIMITS } from './protocol';

const number = z.number().int().min(0).max(0x7fffffff);
const criterion = z.object({ filterType: number, value: z.string().max(LIMITS.value).nullish() });
const filter = z.object({
  criteria: z.array(criterion).max(LIMITS.criteria).default([]),
  pageNumber: number.nullish(),
  pageSize: number.nullish(),
  sortBy: number.nullish(),
  sortOrder: number.nullish(),
});
/** Body of `extensionquery`. Only the first filter counts, as everywhere. */
export const galleryQueryBody = z.object({
  filters: z.array(filter).max(10).default([]),
  flags: number.nullish(),
});

/** What is asked. Criteria of one kind are alternatives, of several kinds conditions. */
export interface GalleryQuery {
  /** UUIDs and `publisher.name`s, in lower case; null = all extensions. */
  ids: readonly string[] | null;
  names: readonly string[] | null;
  tags: readonly string[];
  categories: readonly string[];
  publishers: readonly string[];
  /** All of them have to occur. */
  words: readonly string[];
  /** A platform that one of its packages has to be for. */
  platform: string | null;
  /** Something that no extension of ours can have: another editor, or being featured. */
  impossible: boolean;
  sortBy: number;
  sortOrder: number;
  /** How many of the found are left out before the first. */
  offset: number;
  size: number;
  flags: number;
}

const PART = /(?:(publisher|tag|category):)?(?:"([^"]*)"|([^\s",]+))/gi;

/** `word "two words" publisher:acme tag:"x y"` taken apart. Lower case. */
export function readSearchText(text: string): Pick<GalleryQuery, 'words' | 'publishers' | 'tags' | 'categories'> {
  const found = { words: [] as string[], publishers: [] as string[], tags: [] as string[], categories: [] as string[] };
  for (const [, key, quoted, bare] of text.toLowerCase().slice(0, LIMITS.value).matchAll(PART)) {
    const value = (quoted ?? bare ?? '').trim();
    if (value === '') continue;
    if (key === 'publisher') found.publishers.push(value);
    else if (key === 'tag') found.tags.push(value);
    else if (key === 'category') found.categories.push(value);
    else found.words.push(value);
  }
  return found;
}

/** Never more than the limits, whatever was asked. */
export function galleryQueryOf(body: z.output<typeof galleryQueryBody>): GalleryQuery {
  const first = body.filters[0];
  const of = (type: number) =>
    (first?.criteria ?? []).filter(({ filterType }) => filterType === type).map(({ value }) => (value ?? '').trim());
  const low = (type: number) => of(type).map((value) => value.toLowerCase());
  const text = readSearchText(of(FILTER.searchText).join(' '));
  const targets = of(FILTER.target);
  const platforms = targets.filter(isTargetPlatform);
  const [ids, names] = [low(FILTER.extensionId), low(FILTER.extensionName)];
  const identified = ids.length > 0 || names.length > 0;
  const size = Math.min(LIMITS.page, first?.pageSize || LIMITS.usualPage);
  return {
    ids: identified ? ids : null,
    names: identified ? names : null,
    tags: [...low(FILTER.tag), ...text.tags],
    categories: [...low(FILTER.category), ...text.categories],
    publishers: text.publishers,
    words: text.words,
    platform: platforms[0] ?? null,
    impossible:
      of(FILTER.featured).length > 0 || targets.some((target) => target !== CODE && !isTargetPlatform(target)),
    sortBy: first?.sortBy ?? 0,
    sortOrder: first?.sortOrder ?? 0,
    offset: (Math.max(1, first?.pageNumber ?? 1) - 1) * size,
    size,
    flags: body.flags ?? 0,
  };
}

/** All extensions, in the usual order: what a list begins with. */
export const EVERYTHING: GalleryQuery = {
  ...{ ids: null, names: null, tags: [], categories: [], publishers: [], words: [], platform: null },
  ...{ impossible: false, sortBy: 0, sortOrder: 0, offset: 0, size: LIMITS.usualPage, flags: 0 },
};
