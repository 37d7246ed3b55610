import http from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

/** As the feed tells a browser. Milliseconds. */
const RETRY_MS = 1_000;

export interface Seen {
  kind: string;
  /** Milliseconds since the epoch. */
  at: number;
}

/** One browser tab: connects, and again after a break with the last id it saw, as an EventSource does. */
export class Viewer {
  readonly seen: Seen[] = [];
  /** Answers other than 200, and "start afresh". */
  readonly troubles: string[] = [];
  readonly #url: string;
  readonly #session: string;
  #lastId = '';
  #socket: http.ClientRequest | null = null;

  constructor(url: string, session: string) {
    this.#url = url;
    this.#session = session;
  }

  /** Resolves when the feed has said hello. */
  connect(): Promise<void> {
    const headers = { 'x-session': this.#session, ...(this.#lastId ? { 'last-event-id': this.#lastId } : {}) };
    return new Promise((resolve, reject) => {
      const request = http.get(`${this.#url}/events`, { headers, agent: false }, (answer) => {
        if (answer.statusCode !== 200) {
          this.troubles.push(`answered ${answer.statusCode}`);
          return resolve();
        }
        let rest = '';
        answer.setEncoding('utf8').on('data', (part: string) => {
          const frames = (rest + part).split('\n\n');
          rest = frames.pop() ?? '';
          for (const frame of frames) if (request === this.#socket && this.#read(frame)) resolve();
        });
        answer.on('error', () => {});
        answer.on('close', () => resolve());
      });
      this.#socket = request;
      request.on('error', (error) => (request === this.#socket ? reject(error) : resolve()));
    });
  }

  /** The cable is pulled, and put back. */
  async drop(): Promise<void> {
    this.leave();
    await wait(RETRY_MS);
    await this.connect();
  }

  leave(): void {
    const socket = this.#socket;
    this.#socket = null;
    socket?.destroy();
  }

  /** True for the hello. */
  #read(frame: string): boolean {
    const field = (name: string) => new RegExp(`^${name}: ?(.*)$`, 'm').exec(frame)?.[1];
    const event = field('event');
    const id = field('id');
    if (event === 'reset') this.troubles.push('had to start afresh');
    if (event === 'hello') {
      // Where "now" is; after a break the missed ones come next, so their own ids count.
      if (this.#lastId === '' && id) this.#lastId = id;
      return true;
    }
    if (event || !id) return false;
    this.#lastId = id;
    this.seen.push({ kind: (JSON.parse(field('data') ?? '{}') as { kind: string }).kind, at: Date.now() });
    return false;
  }
}
