/** A kept answer to a GET: what a later `304 Not Modified` stands for. */
export interface KeptAnswer {
  etag: string;
  body: Uint8Array;
  headers: [string, string][];
}

const ENTRY_LIMIT_BYTES = 1_048_576;

/**
 * Least-recently-used memory of answers, bounded by entries and by bytes.
 * GitHub does not count an authorised 304 against the quota:
 * https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api
 */
export class EtagCache {
  readonly #maxEntries: number;
  readonly #maxBytes: number;
  readonly #entries = new Map<string, KeptAnswer>();
  #bytes = 0;

  constructor(maxEntries = 2_000, maxBytes = 64 * 1_048_576) {
    this.#maxEntries = maxEntries;
    this.#maxBytes = maxBytes;
  }

  get size(): number {
    return this.#entries.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get(key: string): KeptAnswer | undefined {
    const found = this.#entries.get(key);
    if (!found) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, found);
    return found;
  }

  /** Keeps the answer unless it alone is over 1 MB; drops the least recently used ones to stay within bounds. */
  set(key: string, answer: KeptAnswer): void {
    this.delete(key);
    if (answer.body.byteLength > ENTRY_LIMIT_BYTES || answer.body.byteLength > this.#maxBytes) return;
    this.#entries.set(key, answer);
    this.#bytes += answer.body.byteLength;
    while (this.#entries.size > this.#maxEntries || this.#bytes > this.#maxBytes) {
      const oldest = this.#entries.keys().next().value;
      if (oldest === undefined) return;
      this.delete(oldest);
    }
  }

  delete(key: string): void {
    const found = this.#entries.get(key);
    if (!found) return;
    this.#entries.delete(key);
    this.#bytes -= found.body.byteLength;
  }
}

/** One key per connection, address and answer format: what one credential may see never answers another. */
export function etagKey(connectionId: string, url: string, headers: Headers): string {
  return `${connectionId}\n${headers.get('accept') ?? ''}\n${url}`;
}
