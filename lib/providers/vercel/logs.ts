import { type LogChunk, type ProviderContext, ProviderError } from '../port';
import { call } from './client';
import { readDeployment } from './runs';
import { eventsSchema } from './schema';
import { type Place, teamQuery } from './target';

const ENDED = new Set(['READY', 'ERROR', 'CANCELED', 'DELETED']);
/** Kinds of events that are lines of the build's own output. */
const LINES = new Set(['command', 'stdout', 'stderr', 'fatal', 'exit']);

/**
 * The build log from a moment on, while it grows. The cursor is the time of the last line (epoch milliseconds) and how many
 * lines of that very millisecond were shown, because Vercel reads on from a time.
 * Source: https://vercel.com/docs/rest-api/reference/endpoints/deployments/get-deployment-events
 */
export async function readLog(c: ProviderContext, place: Place, id: string, cursor: string | null): Promise<LogChunk> {
  const from = cursorOf(cursor);
  // Asked first: what has ended before its lines were read has all of them.
  const { readyState } = await readDeployment(c, place, id);
  const query = {
    builds: '1',
    direction: 'forward',
    follow: '0',
    limit: '-1',
    ...(from.at > 0 ? { since: String(from.at) } : {}),
    ...teamQuery(place),
  };
  const path = `/v3/deployments/${encodeURIComponent(id)}/events`;
  const all = (await call(c, { method: 'GET', path, query, about: `deployment ${id}` }, eventsSchema)) ?? [];
  const lines = all.flatMap((each) => (each && LINES.has(each.type) ? [{ at: each.created, text: textOf(each) }] : []));
  const fresh = [
    ...lines.filter(({ at }) => at === from.at).slice(from.shown),
    ...lines.filter(({ at }) => at > from.at),
  ].sort((a, b) => a.at - b.at);
  const at = fresh.at(-1)?.at ?? from.at;
  const shown = lines.filter((line) => line.at === at).length;
  return {
    text: fresh.map(({ text }) => (text.endsWith('\n') ? text : `${text}\n`)).join(''),
    cursor: ENDED.has(readyState) ? null : `${at}.${Math.max(shown, at === from.at ? from.shown : 0)}`,
  };
}

function textOf(
  event: { text?: string | null | undefined } | { payload: { text?: string | null | undefined } },
): string {
  return ('payload' in event ? event.payload.text : event.text) ?? '';
}

function cursorOf(cursor: string | null): { at: number; shown: number } {
  if (cursor === null) return { at: 0, shown: 0 };
  const found = /^(\d{1,15})\.(\d{1,6})$/.exec(cursor);
  if (!found)
    throw new ProviderError('rejected', 'bad_cursor', 'This place in the log is not known. Load the log again.');
  return { at: Number(found[1]), shown: Number(found[2]) };
}
