import 'server-only';
import { orderTags } from '../model/images';
import type { Shelf } from './read-images';

/** Registries that know pages give 500 at once; others all there are, whatever was asked for. */
const MAX_PAGES = 6;
const MAX_TAGS = 3_000;
/** A search asks for the list with every few letters. */
const FRESH_MS = 15_000;
const MAX_KEPT = 50;

interface Names {
  /** In the order of their use. */
  names: string[];
  /** The registry has more than were read. */
  cut: boolean;
}

const kept = new Map<string, { until: number; reading: Promise<Names> }>();

/** All tags of the component's repository, or as many as are read. Throws `ProviderError`. */
export function tagNames(shelf: Shelf, connectionId: string): Promise<Names> {
  const { context, source } = shelf;
  const key = `${connectionId}\n${context.origin}\n${source.repository}`;
  const known = kept.get(key);
  if (known && known.until > context.now()) return known.reading;
  const reading = read(shelf);
  kept.delete(key);
  kept.set(key, { until: context.now() + FRESH_MS, reading });
  const oldest = kept.size > MAX_KEPT ? kept.keys().next().value : undefined;
  if (oldest !== undefined) kept.delete(oldest);
  reading.catch(() => kept.delete(key));
  return reading;
}

async function read({ images, context, source }: Shelf): Promise<Names> {
  const names: string[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MAX_PAGES; page++) {
    const found = await images.tags(context, source.repository, cursor);
    names.push(...found.names.slice(0, MAX_TAGS + 1));
    cursor = found.next;
    if (cursor === null || names.length >= MAX_TAGS) break;
  }
  const cut = cursor !== null || names.length > MAX_TAGS;
  return { names: orderTags(names.slice(0, MAX_TAGS)), cut };
}
