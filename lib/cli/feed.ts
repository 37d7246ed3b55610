import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from './client.ts';
import { CliError, EXIT } from './exit.ts';

/** Asked again so often while the live feed is silent. */
const POLL_MS = 3_000;

export interface Pause {
  waitMs: number;
}

/** A console that restarts, or says when to come back, is asked again; what it refuses for good is not. */
export function bearable(error: unknown): Pause {
  if (error instanceof CliError && (error.exit === EXIT.unreachable || error.waitMs !== undefined))
    return { waitMs: error.waitMs ?? 0 };
  throw error;
}

/** Until it is time to look again, `left` ms at most: the feed's word, or the pause that was asked for. Throws when interrupted. */
export async function nextLook(feed: Feed, asked: Pause | null, left: number, signal: AbortSignal): Promise<void> {
  if (asked) {
    const ms = Math.max(100, Math.min(Math.max(POLL_MS, asked.waitMs), left));
    await sleep(ms, undefined, { signal }).catch(() => undefined);
  } else await feed.nextChange(Math.min(POLL_MS, left));
  if (signal.aborted) throw new CliError(EXIT.interrupted, 'interrupted', 'Interrupted.');
}

/** Wakes when the live feed names the deployment. Nothing depends on it: without it the next look is only later. */
export class Feed {
  readonly #stop = new AbortController();
  #wake: () => void = () => undefined;

  constructor(client: Client, id: string, signal: AbortSignal) {
    signal.addEventListener('abort', () => this.close(), { once: true });
    void this.#read(client, id).catch(() => undefined);
  }

  async nextChange(atMostMs: number): Promise<void> {
    if (this.#stop.signal.aborted) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, Math.max(100, atMostMs));
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  close(): void {
    this.#stop.abort();
    this.#wake();
  }

  async #read(client: Client, id: string): Promise<void> {
    const response = await client.open('/events', {}, true);
    const reader = response.body?.getReader();
    this.#stop.signal.addEventListener('abort', () => void reader?.cancel().catch(() => undefined), { once: true });
    const decoder = new TextDecoder();
    let rest = '';
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
      rest += decoder.decode(part.value, { stream: true });
      const frames = rest.split('\n\n');
      rest = frames.pop() ?? '';
      if (frames.some((frame) => frame.includes(`"deploymentId":"${id}"`))) this.#wake();
    }
  }
}
