import { type ModuleFacts, weightOf } from '../model/app/facts';

/** Of the names and places that all of them hold: some 30 MB. */
const MAX_WEIGHT = 200_000;

interface Of {
  /** Whoever can make up ids decides about their own connection alone. */
  connectionId: string;
  id: string;
  path: string;
}

/**
 * Facts of modules by the id of their content, for this process: most files are the same in the next commit. Whoever asks
 * has been shown the id by the repository itself. The least recently used are dropped.
 */
export class RecentFacts {
  readonly #entries = new Map<string, { facts: ModuleFacts; weight: number }>();
  #weight = 0;

  get weight(): number {
    return this.#weight;
  }

  get(of: Of): ModuleFacts | undefined {
    const key = keyOf(of);
    const found = this.#entries.get(key);
    if (!found) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, found);
    return found.facts;
  }

  set(of: Of, facts: ModuleFacts): void {
    const key = keyOf(of);
    const weight = weightOf(facts);
    this.#drop(key);
    this.#entries.set(key, { facts, weight });
    this.#weight += weight;
    for (const oldest of this.#entries.keys()) {
      if (this.#weight <= MAX_WEIGHT) return;
      this.#drop(oldest);
    }
  }

  #drop(key: string): void {
    this.#weight -= this.#entries.get(key)?.weight ?? 0;
    this.#entries.delete(key);
  }
}

/** The same text is read otherwise with another ending. */
const keyOf = ({ connectionId, id, path }: Of) => `${connectionId} ${id} ${path.slice(path.lastIndexOf('.'))}`;

export const recentFacts = new RecentFacts();
