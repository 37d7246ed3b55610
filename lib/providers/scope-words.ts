/** A line such as `project:api environment:production is:unresolved "out of memory"`. Values may stand in double quotes. */
export interface ScopeWord {
  /** Null for a word without a colon. */
  key: string | null;
  value: string;
  /** As it was written. */
  text: string;
}

const WORD = /(?:[^\s":]+:)?(?:"[^"]*"|[^\s"]+)/g;

/** The words of a line, in their order. */
export function scopeWords(line: string): ScopeWord[] {
  return [...line.matchAll(WORD)].map(([text]) => {
    const colon = text.startsWith('"') ? -1 : text.indexOf(':');
    const bare = (part: string) => part.replace(/^"(.*)"$/, '$1');
    return colon < 1
      ? { key: null, value: bare(text), text }
      : { key: text.slice(0, colon), value: bare(text.slice(colon + 1)), text };
  });
}

/** Every value that is given for a key. */
export function valuesOf(words: readonly ScopeWord[], key: string): string[] {
  return words.filter((word) => word.key === key).map(({ value }) => value);
}
