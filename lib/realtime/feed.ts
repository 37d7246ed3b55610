import type { Database } from '@/lib/db/client';
import { type Cursor, type FeedEvent, format, headCursor, isAfter, parse, readAfter, toEvent } from './feed-reader';
import { keepListening, type Listening } from './listener';

export type { FeedEvent } from './feed-reader';

type Listener = (event: FeedEvent) => void;

const BATCH = 500;
const REPLAY_LIMIT = 1000;
const POLL_MS = 2000;
const PENDING_MS = 40;
const GATHER_MS = 20;

export function createFeed(database: Database, options: { onError: (error: Error) => void }): Feed {
  return new Feed(database, options.onError);
}

/**
 * LISTEN wakes it, the events table is what it reads: in order of transaction id, and only below the oldest transaction
 * still open, so an event that commits late is never skipped. A poll every 2 s covers a lost listener.
 */
export class Feed {
  readonly #database: Database;
  readonly #onError: (error: Error) => void;
  readonly #listeners = new Set<Listener>();
  readonly #listening: Listening;
  readonly #timer: NodeJS.Timeout;
  readonly #started: Promise<void>;
  #cursor: Cursor | null = null;
  #reading: Promise<void> | null = null;
  #again = false;
  #closed = false;

  constructor(database: Database, onError: (error: Error) => void) {
    this.#database = database;
    this.#onError = onError;
    this.#listening = keepListening(database.url, { onNotify: () => this.#wake(), onError });
    this.#started = this.#listening.first.then(() => this.#readNew()).catch(onError);
    this.#timer = setInterval(() => {
      this.#listening.mend();
      this.#wake();
    }, POLL_MS);
    this.#timer.unref();
  }

  /** Resolves once the feed stands at "now". */
  ready(): Promise<void> {
    return this.#started;
  }

  /** From now on; returns where "now" is, and how to stop. */
  subscribe(listener: Listener): { cursor: string; stop: () => void } {
    this.#listeners.add(listener);
    return { cursor: this.#cursor ? format(this.#cursor) : '0-0', stop: () => this.#listeners.delete(listener) };
  }

  /** Events after `from` up to and including `until`; null when there are too many to replay or `from` is no cursor. */
  async replay(from: string, until: string): Promise<FeedEvent[] | null> {
    const start = parse(from);
    const end = parse(until);
    if (!start || !end) return null;
    const { rows } = await readAfter(this.#database, start, REPLAY_LIMIT + 1);
    return rows.length > REPLAY_LIMIT ? null : rows.filter((row) => !isAfter(row, end)).map(toEvent);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    await this.#reading;
    await this.#listening.close();
  }

  async #readNew(): Promise<void> {
    this.#cursor ??= await headCursor(this.#database);
    const { rows, pending } = await readAfter(this.#database, this.#cursor, BATCH);
    for (const row of rows) {
      this.#cursor = { xid: row.xid, id: row.id };
      const event = toEvent(row);
      for (const each of this.#listeners) each(event);
    }
    if (rows.length === BATCH) this.#again = true;
    else if (pending) setTimeout(() => this.#wake(), PENDING_MS).unref();
  }

  /** One reader at a time; wake-ups meanwhile mean "once more", a moment later: a burst is read in few pieces. */
  #wake(): void {
    if (this.#closed) return;
    if (this.#reading) {
      this.#again = true;
      return;
    }
    this.#reading = this.#readNew()
      .catch(this.#onError)
      .finally(() => {
        this.#reading = null;
        const again = this.#again;
        this.#again = false;
        if (again) setTimeout(() => this.#wake(), GATHER_MS).unref();
      });
  }
}
