import { type DeploymentNote, type ProviderContext, type RecordRef, scopeWords } from '../port';
import { read, send } from './client';
import { type Event, eventsSchema, madeSchema } from './schema';

const SECOND = 1_000;
/** An event is listed under the time that it is of, and not always at once. */
const AROUND_SECONDS = 3_600;
const TEXT = 4_000;

/** Tags are kept in small letters there. */
const markOf = ({ marker }: DeploymentNote) => `aetherstack_deployment:${marker}`.toLowerCase();

const refOf = (c: ProviderContext, { id_str, id }: Event): RecordRef => {
  const known = id_str ?? String(id ?? '');
  const app = c.origin.replace(/\/\/api\.(datadoghq|ddog-gov)/, '//app.$1').replace('//api.', '//');
  return { id: known, url: `${app}/event/event?id=${encodeURIComponent(known)}` };
};

export async function find(c: ProviderContext, note: DeploymentNote): Promise<RecordRef | null> {
  const mark = markOf(note);
  const at = Math.floor(note.liveAt / SECOND);
  const { events } = await read(c, '/events', eventsSchema, {
    ...{ start: String(at - AROUND_SECONDS), end: String(at + AROUND_SECONDS) },
    ...{ tags: mark, unaggregated: 'true' },
  });
  const found = events.find(({ tags }) => tags?.some((tag) => tag.toLowerCase() === mark));
  return found ? refOf(c, found) : null;
}

export async function create(c: ProviderContext, note: DeploymentNote): Promise<RecordRef> {
  const link = note.link === null ? '' : `\n${note.link}`;
  const { event } = await send(c, '/events', madeSchema, {
    title: note.title,
    text: `${note.text}${link}`.slice(0, TEXT),
    ...{ alert_type: 'info', priority: 'normal' },
    aggregation_key: markOf(note).slice(0, 100),
    date_happened: Math.floor(note.liveAt / SECOND),
    tags: [...scopeWords(note.scope).map(({ text }) => text.replaceAll('"', '')), markOf(note)],
  });
  return refOf(c, event);
}
