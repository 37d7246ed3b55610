import type { ConfigurationEntry, ConfigurationReads, ProviderContext, TargetConfig } from '../port';
import { HiddenValue, ProviderError } from '../port';
import { read } from './client';
import { IN_APP_YAML } from './manifest';
import { serviceSchema, type Version, versionSchema, versionsSchema } from './schema';
import { pageOf, pathOf, placeOf, type Store, storeFor, storeOf } from './target';

const PAGE = '100';
const FIELDS = 'id,createTime,envVariables';
const aboutOf = ({ service, project }: Store) => ({ about: `service ${service}`, project });

/** What serves there. Which names its code asks for App Engine does not tell. */
export async function readPlaces(c: ProviderContext, config: TargetConfig): Promise<ConfigurationReads> {
  const store = storeFor(config);
  const version = await servingVersion(c, store);
  const place = {
    ...{ id: placeOf(store), scope: 'version', label: `${store.service} (${store.project})`, environment: null },
    ...{ url: pageOf(store), identity: pathOf(store) },
    absent: version === null ? `No version of ${store.service} gets requests. Deploy one first.` : null,
  };
  return { places: [place], complete: true, named: null, problem: null };
}

/** The one that most requests go to; of two with as many, the one whose name comes last. */
async function servingVersion(c: ProviderContext, store: Store): Promise<string | null> {
  const { split } = await read(c, { path: pathOf(store), ...aboutOf(store) }, serviceSchema);
  const shares = Object.entries(split?.allocations ?? {}).filter(([, share]) => share > 0);
  const [most] = shares.sort(([a, x], [b, y]) => y - x || (a < b ? 1 : -1));
  return most?.[0] ?? null;
}

/** What the version that serves has, and since which one. Costs two requests. */
export async function listSettings(c: ProviderContext, place: string): Promise<ConfigurationEntry[]> {
  const store = storeOf(place);
  const id = await servingVersion(c, store);
  if (id === null) return [];
  const line = await versionsUpTo(c, store, id);
  const [serving] = line;
  return Object.entries(serving?.envVariables ?? {}).map(([name, value]) => ({
    ...({ kind: 'variable', name, createdAt: null } as const),
    updatedAt: sinceOf(line, name, value),
    value: new HiddenValue(value),
  }));
}

/** The version and those that were made before it, newest first; alone where not all of them were read. */
async function versionsUpTo(c: ProviderContext, store: Store, id: string): Promise<Version[]> {
  const path = `${pathOf(store)}/versions`;
  const query = { view: 'FULL', pageSize: PAGE, fields: `versions(${FIELDS}),nextPageToken` };
  const { versions = [], nextPageToken } = await read(c, { path, query, ...aboutOf(store) }, versionsSchema);
  // In which order a page is App Engine does not say.
  const sorted = versions.toSorted((a, b) => momentOf(b) - momentOf(a));
  const at = sorted.findIndex((each) => each.id === id);
  if (at >= 0 && !nextPageToken) return sorted.slice(at);
  const one = { path: `${path}/${encodeURIComponent(id)}`, query: { view: 'FULL', fields: FIELDS } };
  const about = { about: `version ${id} of service ${store.service}`, project: store.project };
  return [sorted[at] ?? (await read(c, { ...one, ...about }, versionSchema)), UNKNOWN];
}

/** Stands for the versions that were not read. */
const UNKNOWN: Version = { id: '' };

const momentOf = ({ createTime }: Version) => Date.parse(createTime ?? '') || 0;

/** When the oldest version without a break was made that has the same; null where older ones were not read. */
function sinceOf(line: readonly Version[], name: string, value: string): string | null {
  const broken = line.findIndex((each) => each.envVariables?.[name] !== value);
  if (broken >= 0 && line[broken] === UNKNOWN) return null;
  const oldest = broken < 0 ? line.at(-1) : line[broken - 1];
  return oldest && momentOf(oldest) > 0 ? new Date(momentOf(oldest)).toISOString() : null;
}

/** Nothing is sent, whatever is asked for. */
export async function refuseChange(_: ProviderContext, place: string): Promise<never> {
  storeOf(place);
  throw new ProviderError('rejected', 'read_only_place', IN_APP_YAML);
}
