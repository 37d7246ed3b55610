import type { Actor } from '@/lib/auth/actor';
import { permits } from '@/lib/members/model/policy';
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
  /** 5,000 unless a test is in a hurry. */
  heartbeatMs?: number;
}

/** Server-sent events: replay after `Last-Event-ID`, then live. https://html.spec.whatwg.org/multipage/server-sent-events.html */
export function eventStream(options: StreamOptions): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let stop = () => {};
  return new ReadableStream<Uint8Array>({
    async start(controller) {
      let actor = options.actor;
      let live = false;
      let done = false;
      const early: FeedEvent[] = [];
      // A reader may leave between any two awaits; to write to a closed stream throws, here and in the feed's own loop.
      const send = (text: string) => {
        if (done) return;
        if ((controller.desiredSize ?? 0) < -MAX_BUFFERED) return finish();
        controller.enqueue(encoder.encode(text));
      };
      const deliver = (event: FeedEvent) => {
        if (maySee(actor, event)) send(frame(event));
      };
      const subscription = options.feed.subscribe((event) => (live ? deliver(event) : early.push(event)));
      const beat = setInterval(async () => {
        const now = await options.stillAllowed().catch(() => actor);
        if (!now) return finish();
        actor = now;
        send(': beat\n\n');
      }, options.heartbeatMs ?? HEARTBEAT_MS);
      const finish = () => {
        if (done) return;
        done = true;
        clearInterval(beat);
        subscription.stop();
        try {
          controller.close();
        } catch {
          // The reader closed it first.
        }
      };
      stop = finish;
      options.signal.addEventListener('abort', finish, { once: true });
      if (options.signal.aborted) return finish();
      send(`retry: 1000\nid: ${subscription.cursor}\nevent: hello\ndata: {}\n\n`);
      const missed = options.lastEventId
        ? await options.feed.replay(options.lastEventId, subscription.cursor).catch(() => null)
        : [];
      if (done) return;
      if (missed === null) send('event: reset\ndata: {}\n\n');
      for (const event of missed ?? []) deliver(event);
      for (const event of early) deliver(event);
      live = true;
    },
    cancel: () => stop(),
  });
}

function maySee(actor: Actor, event: FeedEvent): boolean {
  if (actor.kind !== 'user') return false;
  if (event.topic === 'member') return permits(actor.grants, 'member.read', null);
  return permits(actor.grants, 'deployment.read', event.environment);
}

function frame({ environment: _, ...event }: FeedEvent): string {
  return `id: ${event.cursor}\ndata: ${JSON.stringify(event)}\n\n`;
}
