import { fetches, type GalleryExtension, idOf } from './extension';
import { ORDER, SORT } from './protocol';
import type { GalleryQuery } from './query';

export interface Found {
  extensions: GalleryExtension[];
  /** Of all pages together. */
  total: number;
}

const WEB_TAG = '__web_extension';
const has = (list: readonly string[], wanted: readonly string[]): boolean =>
  wanted.length === 0 || list.some((each) => wanted.includes(each.toLowerCase()));

/** Tags as editors expect them: a mark for what runs in a browser. */
export function tagsOf({ latest }: GalleryExtension): string[] {
  const { tags, web, runsCode } = latest.listing;
  return web || !runsCode ? [...tags, WEB_TAG] : tags;
}

/** How well a word fits, 0 = not at all. */
function closeness(word: string, extension: GalleryExtension): number {
  const { displayName, description, categories } = extension.latest.listing;
  const id = idOf(extension).toLowerCase();
  const [name, title] = [extension.name.toLowerCase(), displayName.toLowerCase()];
  if (id === word || name === word || title === word) return 100;
  if (name.startsWith(word) || title.startsWith(word)) return 60;
  if (id.includes(word) || title.includes(word)) return 40;
  if (tagsOf(extension).some((tag) => tag.toLowerCase() === word)) return 30;
  if (categories.some((each) => each.toLowerCase().includes(word))) return 20;
  return description.toLowerCase().includes(word) ? 10 : 0;
}

/** 0 when one of the words is nowhere; 1 when nothing is searched for. */
function relevance(words: readonly string[], extension: GalleryExtension): number {
  let sum = 1;
  for (const word of words) {
    const points = closeness(word, extension);
    if (points === 0) return 0;
    sum += points;
  }
  return sum;
}

function matches(query: GalleryQuery, extension: GalleryExtension): boolean {
  if (query.impossible) return false;
  const identified =
    query.ids === null ||
    query.ids.includes(extension.extensionId) ||
    query.names?.includes(idOf(extension).toLowerCase()) === true;
  return (
    identified &&
    has([extension.namespace], query.publishers) &&
    has(tagsOf(extension), query.tags) &&
    has(extension.latest.listing.categories, query.categories)
  );
}

type Rank = (extension: GalleryExtension) => number | string;

function rankOf({ sortBy, words }: GalleryQuery): Rank {
  switch (sortBy) {
    case SORT.lastUpdated:
      return ({ latest }) => latest.publishedAt;
    case SORT.title:
      return ({ latest }) => latest.listing.displayName.toLowerCase();
    case SORT.publisher:
      return ({ namespace }) => namespace.toLowerCase();
    case SORT.published:
      return ({ firstPublishedAt }) => firstPublishedAt;
    case SORT.relevance:
      return words.length > 0 ? (extension) => relevance(words, extension) : ({ counts }) => fetches(counts);
    default:
      // Ratings are not kept; what is fetched most comes first instead.
      return ({ counts }) => fetches(counts);
  }
}

/** Filters, sorts and cuts out the page. Equal ranks are ordered by name, so that pages neither repeat nor leave out. */
export function search(query: GalleryQuery, all: readonly GalleryExtension[]): Found {
  const rank = rankOf(query);
  const found = all
    .filter((extension) => matches(query, extension) && relevance(query.words, extension) > 0)
    .map((extension) => ({ extension, rank: rank(extension), id: idOf(extension).toLowerCase() }));
  const words = query.sortBy === SORT.title || query.sortBy === SORT.publisher;
  const up = query.sortOrder === ORDER.usual ? words : query.sortOrder === ORDER.ascending;
  found.sort((a, b) => {
    if (a.rank !== b.rank) return a.rank < b.rank === up ? -1 : 1;
    return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
  });
  const page = found.slice(query.offset, query.offset + query.size);
  return { extensions: page.map(({ extension }) => extension), total: found.length };
}
