import type { ModuleFacts } from '../model/app/facts';

const MAX_ENTRIES = 3_000;

/**
 * Facts of modules by the id of their content, for this process: most files are the same in the next commit. Whoever asks
 * has been shown the id by the repository itself. The least recently used are dropped.
 */
class RecentFacts {
  readonly #entries = new Map<string, ModuleFacts>();

  get(id: string, path: string): ModuleFacts | undefined {
    const key = keyOf(id, path);
    const found = this.#entries.get(key);
    if (!found) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, found);
    return found;
  }

  set(id: string, path: string, facts: ModuleFacts): void {
    this.#entries.set(keyOf(id, path), facts);
    const oldest = this.#entries.size > MAX_ENTRIES ? this.#entries.keys().next().value : undefined;
    if (oldest !== undefined) this.#entries.delete(oldest);
  }
}

/** The same text is read otherwise with another ending. */
const keyOf = (id: string, path: string) => `${id} ${path.slice(path.lastIndexOf('.'))}`;

export const recentFacts = new RecentFacts();
