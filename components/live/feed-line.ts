import type { QueryClient } from '@tanstack/react-query';
import type { LiveState } from '@/lib/realtime/protocol';
import { parseLiveEvent, reconnectDelay, staleKeys } from './stale-keys';

const FEED = '/api/events';
const BATCH_MS = 100;
const POLL_MS = 5000;
const FAILURES_BEFORE_POLLING = 3;
/** A browser allows six HTTP/1.1 streams per origin, so a tab that nobody sees gives its own back. */
const HIDDEN_MS = 60_000;

/** Collects keys for a moment, so a burst of events is one refetch per screen. */
function batchInvalidator(client: QueryClient) {
  const keys = new Map<string, readonly unknown[]>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  function flush() {
    timer = undefined;
    for (const queryKey of keys.values()) void client.invalidateQueries({ queryKey });
    keys.clear();
  }
  return {
    add(queryKey: readonly unknown[]) {
      keys.set(JSON.stringify(queryKey), queryKey);
      timer ??= setTimeout(flush, BATCH_MS);
    },
    stop: () => clearTimeout(timer),
  };
}

type Report = (state: LiveState, heard: boolean) => void;

/**
 * Holds one EventSource. The browser resumes a dropped stream by Last-Event-ID; a stream that the server closed is
 * opened again here, later each time. After three failures screens are polled until the stream is back.
 */
class FeedLine {
  readonly #client: QueryClient;
  readonly #report: Report;
  readonly #batch: ReturnType<typeof batchInvalidator>;
  #source: EventSource | null = null;
  #failures = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #poll: ReturnType<typeof setInterval> | undefined;
  #rest: ReturnType<typeof setTimeout> | undefined;

  constructor(client: QueryClient, report: Report) {
    this.#client = client;
    this.#report = report;
    this.#batch = batchInvalidator(client);
  }

  open(): void {
    clearTimeout(this.#retry);
    const source = new EventSource(FEED);
    source.onopen = () => this.#opened();
    source.onmessage = (message: MessageEvent<string>) => this.#heard(message.data);
    source.onerror = () => this.#failed(source);
    source.addEventListener('away', () => this.#report('degraded', true));
    source.addEventListener('back', () => this.#opened());
    this.#source = source;
  }

  close(): void {
    this.#source?.close();
    this.#source = null;
    clearTimeout(this.#retry);
    this.#stopPolling();
  }

  /** For good: the page is gone. */
  stop(): void {
    clearTimeout(this.#rest);
    this.#batch.stop();
    this.close();
  }

  seen(visible: boolean): void {
    clearTimeout(this.#rest);
    if (!visible) this.#rest = setTimeout(() => this.close(), HIDDEN_MS);
    else if (!this.#source) this.open();
  }

  #opened(): void {
    this.#failures = 0;
    this.#stopPolling();
    this.#report('live', true);
    // What happened while nobody listened is unknown; ask for everything on screen once.
    void this.#client.invalidateQueries();
  }

  #heard(data: string): void {
    const event = parseLiveEvent(data);
    if (!event) return;
    this.#report('live', true);
    for (const key of staleKeys(event)) this.#batch.add(key);
  }

  #failed(source: EventSource): void {
    this.#failures += 1;
    const polling = this.#failures >= FAILURES_BEFORE_POLLING;
    this.#report(polling ? 'polling' : 'reconnecting', false);
    // The server may have ended it because the session is over: the first read after that says so.
    if (this.#failures === 1) void this.#client.invalidateQueries();
    if (polling) this.#poll ??= setInterval(() => void this.#client.invalidateQueries(), POLL_MS);
    if (source.readyState !== EventSource.CLOSED) return;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.open(), reconnectDelay(this.#failures, Math.random()));
  }

  #stopPolling(): void {
    clearInterval(this.#poll);
    this.#poll = undefined;
  }
}

/** Follows what is visible; returns how to end it. */
export function followFeed(client: QueryClient, report: Report): () => void {
  const line = new FeedLine(client, report);
  const onVisibility = () => line.seen(!document.hidden);
  line.open();
  document.addEventListener('visibilitychange', onVisibility);
  return () => {
    document.removeEventListener('visibilitychange', onVisibility);
    line.stop();
  };
}
