import { z } from 'zod';
import type { ConfigurationEntry, ProviderContext, SettingKind, SettingName, WantedSetting } from '../port';
import { HiddenValue, ProviderError } from '../port';
import { read, write } from './client';
import { type Store, storeOf } from './configuration-store';
import { sealFor } from './sealed-box';

const secretsSchema = z.object({
  total_count: z.number().int(),
  secrets: z.array(z.object({ name: z.string(), created_at: z.string(), updated_at: z.string() })),
});
const variablesSchema = z.object({
  total_count: z.number().int(),
  variables: z.array(z.object({ name: z.string(), value: z.string(), created_at: z.string(), updated_at: z.string() })),
});
const keySchema = z.object({ key_id: z.string(), key: z.string() });

/** GitHub's own limits: 1,000 for an organisation, 500 variables for a repository. Variables come 30 a page. */
const MAX_PAGES = { secret: 10, variable: 34 } as const;

/** Everything in one place. Costs two requests, more beyond 100 secrets or 30 variables. */
export async function listSettings(c: ProviderContext, place: string): Promise<ConfigurationEntry[]> {
  const store = storeOf(place);
  const [secrets, variables] = await Promise.all([listSecrets(c, store), listVariables(c, store)]);
  return [...secrets, ...variables];
}

async function listSecrets(c: ProviderContext, store: Store): Promise<ConfigurationEntry[]> {
  const rows = await pages(c, store, 'secret', secretsSchema, (page) => page.secrets);
  return rows.map((row) => ({ ...entryOf('secret', row), value: null }));
}

async function listVariables(c: ProviderContext, store: Store): Promise<ConfigurationEntry[]> {
  const rows = await pages(c, store, 'variable', variablesSchema, (page) => page.variables);
  return rows.map((row) => ({ ...entryOf('variable', row), value: new HiddenValue(row.value) }));
}

function entryOf(kind: SettingKind, row: { name: string; created_at: string; updated_at: string }) {
  return { kind, name: row.name, createdAt: momentOf(row.created_at), updatedAt: momentOf(row.updated_at) };
}

function momentOf(text: string): string | null {
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}

async function pages<P extends { total_count: number }, T>(
  c: ProviderContext,
  store: Store,
  kind: SettingKind,
  schema: z.ZodType<P>,
  rowsOf: (page: P) => T[],
): Promise<T[]> {
  const all: T[] = [];
  for (let page = 1; page <= MAX_PAGES[kind]; page++) {
    const per_page = kind === 'secret' ? 100 : 30;
    const call = { route: `GET ${store.lists[kind]}`, params: { ...store.params, per_page, page }, about: store.about };
    const { data } = await read(c, call, schema);
    const rows = rowsOf(data);
    all.push(...rows);
    if (rows.length === 0 || all.length >= data.total_count) break;
  }
  return all;
}

/** Creates or replaces one. A secret is sealed with the key that GitHub has at this moment. */
export async function writeSetting(
  c: ProviderContext,
  place: string,
  setting: WantedSetting,
): Promise<'created' | 'replaced'> {
  const store = writable(place);
  return setting.kind === 'secret' ? writeSecret(c, store, setting) : writeVariable(c, store, setting);
}

async function writeSecret(c: ProviderContext, store: Store, setting: WantedSetting): Promise<'created' | 'replaced'> {
  const base = store.lists.secret;
  const params = store.params;
  const { data: key } = await read(c, { route: `GET ${base}/public-key`, params, about: store.about }, keySchema);
  const encrypted_value = await sealFor(key.key, setting.value);
  const body = { ...params, secret_name: setting.name, encrypted_value, key_id: key.key_id };
  const answer = await write(c, { route: `PUT ${base}/{secret_name}`, params: body, about: store.about });
  return answer.status === 201 ? 'created' : 'replaced';
}

/**
 * Mostly it is there; when not, it is made, and when somebody made it in between, it is replaced after all. Each step is
 * one request whose answer was clear before the next is sent.
 */
async function writeVariable(
  c: ProviderContext,
  store: Store,
  setting: WantedSetting,
): Promise<'created' | 'replaced'> {
  const { about, lists, params } = store;
  const value = setting.value.reveal();
  const replace = () =>
    write(c, { route: `PATCH ${lists.variable}/{name}`, params: { ...params, name: setting.name, value }, about });
  if (await unless('notFound', replace)) return 'replaced';
  const make = () =>
    write(c, { route: `POST ${lists.variable}`, params: { ...params, name: setting.name, value }, about });
  if (await unless('conflict', make)) return 'created';
  await replace();
  return 'replaced';
}

/** False when it ended in that refusal. */
async function unless(refusal: 'notFound' | 'conflict', work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (error instanceof ProviderError && (error.kind === refusal || error.code === refusal)) return false;
    throw error;
  }
}

/** Takes one away; one that is gone already is no failure. */
export async function removeSetting(
  c: ProviderContext,
  place: string,
  { kind, name }: SettingName,
): Promise<'removed' | 'absent'> {
  const store = writable(place);
  const route = `DELETE ${store.lists[kind]}/{name}`;
  const gone = await unless('notFound', () =>
    write(c, { route, params: { ...store.params, name }, about: store.about }),
  );
  return gone ? 'removed' : 'absent';
}

function writable(place: string): Store {
  const store = storeOf(place);
  if (store.scope !== 'organization') return store;
  throw new ProviderError(
    'rejected',
    'read_only_place',
    'What an organisation keeps for several repositories is changed in its own settings at GitHub.',
  );
}
