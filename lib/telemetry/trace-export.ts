import { log } from '@/lib/kernel/log';
import type { EndedSpan, SpanAttributes } from '@/lib/kernel/trace';
import { tracesBody } from './otlp';

/** More than that wait for nobody: the oldest are dropped, and counted. */
const MOST_WAITING = 2_048;
const AT_ONCE = 512;
const WITHIN_MS = 10_000;
/** A collector that is away is said now and then, not each five seconds. */
const SAY_EVERY_MS = 300_000;

export interface TraceExportOptions {
  /** The whole address, `…/v1/traces`. */
  url: string;
  headers: Readonly<Record<string, string>>;
  resource: SpanAttributes;
  fetch?: typeof globalThis.fetch;
  now?: () => number;
}

/** Keeps spans and sends them in batches. Nothing here ever throws or keeps work waiting: spans are lost before requests are. */
export class TraceExport {
  readonly #options: TraceExportOptions;
  #waiting: EndedSpan[] = [];
  #lost = 0;
  #saidAt = Number.NEGATIVE_INFINITY;
  #sending: Promise<void> | null = null;

  constructor(options: TraceExportOptions) {
    this.#options = options;
  }

  add(span: EndedSpan): void {
    this.#waiting.push(span);
    if (this.#waiting.length <= MOST_WAITING) return;
    this.#waiting.shift();
    this.#lost += 1;
  }

  /** Sends what waits; whoever calls it while it sends waits for the same. */
  flush(): Promise<void> {
    this.#sending ??= this.#send().finally(() => {
      this.#sending = null;
    });
    return this.#sending;
  }

  async #send(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, AT_ONCE);
      const problem = await this.#post(batch);
      if (problem === null) continue;
      this.#lost += batch.length;
      this.#say(problem);
      return;
    }
  }

  async #post(batch: readonly EndedSpan[]): Promise<string | null> {
    const { url, headers, resource, fetch = globalThis.fetch } = this.#options;
    try {
      const answer = await fetch(url, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify(tracesBody(batch, resource)),
        redirect: 'error',
        signal: AbortSignal.timeout(WITHIN_MS),
      });
      await answer.body?.cancel();
      return answer.ok ? null : `It answered ${answer.status}.`;
    } catch (error) {
      return error instanceof Error ? error.name : 'unknown';
    }
  }

  #say(problem: string): void {
    const now = this.#options.now?.() ?? Date.now();
    if (now - this.#saidAt < SAY_EVERY_MS) return;
    this.#saidAt = now;
    log.warn('traces could not be handed over', { host: new URL(this.#options.url).host, problem, lost: this.#lost });
  }
}
