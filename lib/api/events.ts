import 'server-only';
import { type Actor, personId } from '@/lib/auth/actor';
import { readSessionByHash } from '@/lib/auth/sessions';
import { serverEnv } from '@/lib/env/server';
import { answerTo } from '@/lib/pipeline/refusal';
import { factsOf } from '@/lib/pipeline/request';
import { takeSeat } from '@/lib/realtime/seats';
import { eventStream } from '@/lib/realtime/stream';
import { getRuntime } from '@/lib/runtime';
import { readTokenById } from '@/lib/tokens/server';
import { productionHost } from './api-route';
import { readingCaller } from './caller';
import { problem, problemOf } from './problem';

const HEADERS = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'private, no-store, no-transform',
  'X-Accel-Buffering': 'no',
};

/**
 * The live feed, for the console's session or a token. Resumes by `Last-Event-ID`; a browser that cannot send it may use
 * `?after=`. A token or session that ends, ends its stream within 5 s.
 */
export async function liveEvents(request: Request): Promise<Response> {
  const facts = factsOf(request.headers, serverEnv().AETHERSTACK_TRUSTED_PROXY_HOPS);
  const { requestId } = facts;
  const host = await productionHost(facts);
  const actor = await readingCaller(request.headers.get('authorization'), host).catch((error: unknown) => ({ error }));
  if ('error' in actor) return problemOf(answerTo(actor.error, requestId), requestId);
  const person = personId(actor);
  if (person === null) {
    const sentence = 'You are signed out. Sign in and try again.';
    return problem({ status: 401, code: 'signed_out', sentence, requestId });
  }
  // Its body is dropped and never cancelled: what is open behind it would stay until the connection is closed.
  if (request.method === 'HEAD') return new Response(null, { headers: HEADERS });
  const runtime = await getRuntime();
  await runtime.feed.ready();
  const leave = takeSeat(person);
  if (!leave) {
    const sentence = 'You have 10 live views open. Close a tab, or reload this one later.';
    return problem({ status: 429, code: 'too_many_streams', sentence, requestId, retryAfter: 60 });
  }
  const stream = eventStream({
    feed: runtime.feed,
    actor,
    lastEventId: request.headers.get('last-event-id') ?? new URL(request.url).searchParams.get('after'),
    signal: request.signal,
    onEnd: leave,
    stillAllowed: () => now(runtime.database.db, actor),
  });
  return new Response(stream, { headers: HEADERS });
}

async function now(db: Parameters<typeof readTokenById>[0], actor: Actor): Promise<Actor | null> {
  if (actor.kind === 'token') return await readTokenById(db, actor.id, actor.ip);
  return actor.kind === 'user' ? await readSessionByHash(db, actor.sessionHash, actor.ip) : null;
}
