import { type AheadNews, afterNews, type GivenAhead, keptAhead } from '@/lib/gates/model/given-ahead';

type Shelf = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

const PREFIX = 'given-ahead:';

/**
 * A person's yes for one content, as the tab keeps it: it is sent with its sender's own token, so nobody else's press counts.
 * `shelf` may throw, for a browser that keeps nothing for pages.
 */
export function keptInTab(shelf: () => Shelf, personId: string, digest: string) {
  const key = `${PREFIX}${personId}:${digest}`;
  return {
    read(): GivenAhead | null {
      try {
        const { by, yes } = JSON.parse(shelf().getItem(key) ?? '{}') as { by?: unknown; yes?: unknown };
        return by === personId ? keptAhead(JSON.stringify(yes ?? null), digest) : null;
      } catch {
        return null;
      }
    },
    /** What stands after the news, kept before it is shown. */
    after(before: GivenAhead | null, news: AheadNews): GivenAhead | null {
      const after = afterNews(before, news);
      try {
        if (after) shelf().setItem(key, JSON.stringify({ by: personId, yes: after }));
        else shelf().removeItem(key);
      } catch {
        // Then it holds for as long as the page is there.
      }
      return after;
    },
  };
}

/** Everybody's, at sign-out. */
export function dropKept(shelf: () => Pick<Storage, 'key' | 'length' | 'removeItem'>): void {
  try {
    const kept = shelf();
    const keys = Array.from({ length: kept.length }, (_, at) => kept.key(at));
    for (const key of keys) if (key?.startsWith(PREFIX)) kept.removeItem(key);
  } catch {
    // Then nothing was kept either.
  }
}
