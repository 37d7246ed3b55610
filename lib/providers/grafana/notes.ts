import {
  type DeploymentNote,
  type ProviderContext,
  ProviderError,
  type RecordRef,
  type ScopeWord,
  scopeWords,
  valuesOf,
} from '../port';
import { annotations } from './client';
import { annotationsSchema, madeSchema } from './schema';

const HOUR = 3_600_000;
const UID = /^[a-zA-Z0-9_-]{1,40}$/;

const markOf = ({ marker }: DeploymentNote) => `aetherstack:${marker}`;

/** Dashboard, panel and tags of a line. Throws `rejected` for a dashboard or panel that can be none. */
function placeOf(scope: string) {
  const words = scopeWords(scope);
  const [uid] = valuesOf(words, 'dashboard');
  const [panel] = valuesOf(words, 'panel');
  if ((uid !== undefined && !UID.test(uid)) || (panel !== undefined && !/^\d{1,9}$/.test(panel))) {
    const sentence = 'A dashboard is named by its uid, a panel by its number. Mend it at the target.';
    throw new ProviderError('rejected', 'bad_scope', sentence);
  }
  const isTag = ({ key }: ScopeWord) => key !== 'dashboard' && key !== 'panel';
  const tags = words.filter(isTag).map(({ text }) => text.replaceAll('"', ''));
  return { uid: uid ?? null, panelId: panel === undefined ? null : Number(panel), tags };
}

/** https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/create-dashboard-url-variables/ */
export function page(
  { origin }: Pick<ProviderContext, 'origin'>,
  scope: string,
  { from, to }: { from: number; to: number },
): string | null {
  const { uid, panelId } = placeOf(scope);
  if (uid === null) return null;
  const search = new URLSearchParams({ from: String(from), to: String(to) });
  if (panelId !== null) search.set('viewPanel', String(panelId));
  return `${origin}/d/${uid}?${search}`;
}

function refOf(c: ProviderContext, { scope, liveAt }: DeploymentNote, { id }: { id: number }): RecordRef {
  const url = page(c, scope, { from: liveAt - HOUR, to: liveAt + HOUR });
  return { id: String(id), url: url ?? c.origin };
}

/** The marker is a tag of its own, so that it is found by it wherever it is shown. */
export async function find(c: ProviderContext, note: DeploymentNote): Promise<RecordRef | null> {
  const mark = markOf(note);
  const query = [
    ['from', String(note.liveAt - HOUR)],
    ['to', String(note.liveAt + HOUR)],
    ['tags', mark],
    ['type', 'annotation'],
    ['limit', '10'],
  ] as const;
  const found = (await annotations(c, annotationsSchema, { query })).find(({ tags }) => tags?.includes(mark));
  return found ? refOf(c, note, found) : null;
}

/** Text in annotations is HTML there, and what we write is none. */
const plain = (text: string) => text.replace(/[<>&"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

export async function create(c: ProviderContext, note: DeploymentNote): Promise<RecordRef> {
  const { uid, panelId, tags } = placeOf(note.scope);
  const link = note.link === null ? '' : ` <a href="${plain(note.link)}">Look at it</a>`;
  const made = await annotations(c, madeSchema, {
    body: {
      ...(uid === null ? {} : { dashboardUID: uid }),
      ...(panelId === null ? {} : { panelId }),
      time: note.liveAt,
      tags: [...tags, markOf(note)],
      text: `${plain(note.title)}: ${plain(note.text)}${link}`,
    },
  });
  return refOf(c, note, made);
}
