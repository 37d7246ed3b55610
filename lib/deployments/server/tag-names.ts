import 'server-only';
import type { Shelf } from './read-images';

/** Pages of tags that are read, and how long a list is good for: a search asks for it with every few letters. */
const MAX_PAGES = 6;
const FRESH_MS = 15_000;
const MAX_KEPT = 50;

interface Names {
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
    names.push(...found.names);
    cursor = found.next;
    if (cursor === null) return { names, cut: false };
  }
  return { names, cut: true };
}
