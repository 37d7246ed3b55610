import type { Actor } from '@/lib/auth/actor';
import { isPermitted } from '@/lib/auth/require';
import { onBeat } from './beats';
import type { Feed, FeedEvent } from './feed';

const HEARTBEAT_MS = 5000;
/** A reader slower than this many unsent events is dropped; it reconnects and replays. */
const MAX_BUFFERED = 500;

export interface StreamOptions {
  feed: Feed;
  actor: Actor;
  lastEventId: string | null;
  signal: AbortSignal;
  /** Asked at every heartbeat: a revoked session ends its stream within 5 s. */
  stillAllowed: () => Promise<Actor | null>;
  /** Called once, when the stream has ended for whatever reason. */
  onEnd?: () => void;
  /** 5,000 unless a test is in a hurry. */
  heartbeatMs?: number;
}

/** Server-sent events: replay after `Last-Event-ID`, then live. https://html.spec.whatwg.org/multipage/server-sent-events.html */
export function eventStream(options: StreamOptions): ReadableStream<Uint8Array> {
  let reader: Reader | undefined;
  return new ReadableStream<Uint8Array>({
    start: (controller) => {
      reader = new Reader(options, controller);
      return reader.begin();
    },
    cancel: () => reader?.finish(),
  });
}

const encoder = new TextEncoder();

/** One open stream. Whoever reads may leave between any two awaits; after that nothing is written. */
class Reader {
  readonly #options: StreamOptions;
  readonly #controller: ReadableStreamDefaultController<Uint8Array>;
  readonly #subscription: ReturnType<Feed['subscribe']>;
  readonly #stopBeat: () => void;
  #actor: Actor;
  /** Events that came while the missed ones were read; null once live. */
  #early: FeedEvent[] | null = [];
  #done = false;
  #away = false;

  constructor(options: StreamOptions, controller: ReadableStreamDefaultController<Uint8Array>) {
    this.#options = options;
    this.#controller = controller;
    this.#actor = options.actor;
    this.#subscription = options.feed.subscribe((event) =>
      this.#early ? this.#early.push(event) : this.#deliver(event),
    );
    this.#stopBeat = onBeat(options.heartbeatMs ?? HEARTBEAT_MS, () => void this.#check());
    options.signal.addEventListener('abort', () => this.finish(), { once: true });
  }

  async begin(): Promise<void> {
    if (this.#options.signal.aborted) return this.finish();
    const { cursor } = this.#subscription;
    this.#send(`retry: 1000\nid: ${cursor}\nevent: hello\ndata: {}\n\n`);
    const missed = await this.#missed(cursor);
    if (missed === null) this.#send('event: reset\ndata: {}\n\n');
    for (const event of [...(missed ?? []), ...(this.#early ?? [])]) this.#deliver(event);
    this.#early = null;
  }

  finish(): void {
    if (this.#done) return;
    this.#done = true;
    this.#stopBeat();
    this.#subscription.stop();
    this.#options.onEnd?.();
    try {
      this.#controller.close();
    } catch {
      // The reader closed it first.
    }
  }

  async #missed(until: string): Promise<FeedEvent[] | null> {
    const { feed, lastEventId } = this.#options;
    return lastEventId ? feed.replay(lastEventId, until).catch(() => null) : [];
  }

  /** While the database is away nobody is turned out: whoever looks is told, and told again when it is back. */
  async #check(): Promise<void> {
    const now = await this.#options.stillAllowed().catch(() => 'away' as const);
    if (!now) return this.finish();
    const wasAway = this.#away;
    this.#away = now === 'away';
    if (now !== 'away') this.#actor = now;
    this.#send(this.#away === wasAway ? ': beat\n\n' : `event: ${this.#away ? 'away' : 'back'}\ndata: {}\n\n`);
  }

  #deliver(event: FeedEvent): void {
    if (maySee(this.#actor, event)) this.#send(frame(event));
  }

  #send(text: string | Uint8Array<ArrayBuffer>): void {
    if (this.#done) return;
    if ((this.#controller.desiredSize ?? 0) < -MAX_BUFFERED) this.finish();
    else this.#controller.enqueue(typeof text === 'string' ? encoder.encode(text) : text);
  }
}

function maySee(actor: Actor, event: FeedEvent): boolean {
  if (actor.kind !== 'user' && actor.kind !== 'token') return false;
  if (event.topic === 'audit') return isPermitted(actor, 'audit.read', null);
  if (event.topic === 'member') return isPermitted(actor, 'member.read', null);
  return isPermitted(actor, 'deployment.read', event.environment);
}

const frames = new WeakMap<FeedEvent, Uint8Array<ArrayBuffer>>();

/** Written once for all who see it. */
function frame(event: FeedEvent): Uint8Array<ArrayBuffer> {
  const written = frames.get(event) ?? encoder.encode(frameText(event));
  frames.set(event, written);
  return written;
}

function frameText({ environment: _, ...event }: FeedEvent): string {
  return `id: ${event.cursor}\ndata: ${JSON.stringify(event)}\n\n`;
}
