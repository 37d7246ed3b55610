import type http from 'node:http';
import { Readable } from 'node:stream';
import { readSession, readSessionByHash } from '@/lib/auth/sessions';
import { takeSeat } from '@/lib/realtime/seats';
import { eventStream } from '@/lib/realtime/stream';
import type { Runtime } from '@/lib/runtime';

/** `GET /events` of a worker: what `/api/events` does, with a session from a header instead of the sealed cookie. */
export async function serveEvents(runtime: Runtime, request: http.IncomingMessage, response: http.ServerResponse) {
  const { db } = runtime.database;
  const actor = await readSession(db, String(request.headers['x-session']), null);
  const leave = actor && takeSeat(actor.id);
  if (!actor || !leave) return response.writeHead(actor ? 429 : 401).end();
  await runtime.feed.ready();
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  const lastEventId = request.headers['last-event-id'];
  const stream = eventStream({
    feed: runtime.feed,
    actor,
    lastEventId: typeof lastEventId === 'string' ? lastEventId : null,
    signal: gone.signal,
    stillAllowed: () => readSessionByHash(db, actor.sessionHash, null),
    onEnd: leave,
  });
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  Readable.fromWeb(stream as never)
    .on('error', () => response.destroy())
    .pipe(response);
  return response;
}
