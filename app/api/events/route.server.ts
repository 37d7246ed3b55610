import { currentActor } from '@/lib/auth/session';
import { readSessionByHash } from '@/lib/auth/sessions';
import { takeSeat } from '@/lib/realtime/seats';
import { eventStream } from '@/lib/realtime/stream';
import { getRuntime } from '@/lib/runtime';

/** The live feed of the console. Resumes by `Last-Event-ID`; a browser that cannot send it may use `?after=`. */
export async function GET(request: Request): Promise<Response> {
  const actor = await currentActor();
  if (actor.kind !== 'user')
    return Response.json({ sentence: 'You are signed out. Sign in and try again.' }, { status: 401 });
  const runtime = await getRuntime();
  await runtime.feed.ready();
  const leave = takeSeat(actor.id);
  if (!leave) {
    const sentence = 'You have 10 live views open. Close a tab, or reload this one later.';
    return Response.json({ code: 'too_many_streams', sentence }, { status: 429, headers: { 'Retry-After': '60' } });
  }
  const stream = eventStream({
    feed: runtime.feed,
    actor,
    lastEventId: request.headers.get('last-event-id') ?? new URL(request.url).searchParams.get('after'),
    signal: request.signal,
    onEnd: leave,
    stillAllowed: () => readSessionByHash(runtime.database.db, actor.sessionHash, actor.ip),
  });
  return new Response(stream, {
    headers: {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'private, no-store, no-transform',
      'X-Accel-Buffering': 'no',
    },
  });
}
