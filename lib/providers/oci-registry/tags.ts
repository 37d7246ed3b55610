import { type ProviderContext, ProviderError, type TagPage } from '../port';
import { hostOf, read } from './client';
import { notUnderstood } from './errors';
import { checkedRepository, isTag } from './names';
import { tagsSchema } from './schema';

const PAGE = 500;
const MAX_CURSOR = 2_000;

/** One page; https://github.com/opencontainers/distribution-spec/blob/main/spec.md#listing-tags */
export async function listTags(c: ProviderContext, repository: string, cursor: string | null): Promise<TagPage> {
  const name = checkedRepository(repository);
  const path = `/v2/${name}/tags/list?${cursor === null ? `n=${PAGE}` : checkedCursor(cursor)}`;
  const answer = await read(c, { path, about: { repository: name, reference: null } });
  const parsed = tagsSchema.safeParse(await answer.json().catch(() => null));
  if (!parsed.success) throw notUnderstood(hostOf(c), 'list of tags');
  return {
    names: (parsed.data.tags ?? []).filter(isTag),
    next: nextOf(answer.headers.get('link'), `${c.origin}${path}`),
  };
}

/** The next page's query, by RFC 8288. Its path is ours to say: a registry does not choose what is read next. */
export function nextOf(link: string | null, base: string): string | null {
  const found = link && link.length <= 4_000 ? /<([^>]*)>\s*;[^,]*\brel="?next"?/i.exec(link)?.[1] : undefined;
  if (!found || !URL.canParse(found, base)) return null;
  const query = new URL(found, base).search.slice(1);
  return query === '' || query.length > MAX_CURSOR || query === new URL(base).search.slice(1) ? null : query;
}

function checkedCursor(cursor: string): string {
  if (cursor.length <= MAX_CURSOR && /^[\x21-\x7e]+$/.test(cursor) && !cursor.includes('#')) return cursor;
  throw new ProviderError('rejected', 'bad_cursor', 'This page of tags cannot be read. Begin at the first one again.');
}
