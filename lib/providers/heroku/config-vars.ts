import {
  type ConfigurationEntry,
  type ConfigurationReads,
  HiddenValue,
  type ProviderContext,
  ProviderError,
  type SettingName,
  type Taken,
  type WantedSetting,
} from '../port';
import { call } from './client';
import { readChanges, waitsFor } from './releases';
import { appSchema, configVarsSchema } from './schema';
import type { Place } from './target';

const APP_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** An app’s config vars: the one place that its dynos read. Costs one request, since a name and an id lead to one app. */
export async function readPlaces(c: ProviderContext, { app }: Place): Promise<ConfigurationReads> {
  const path = `/apps/${encodeURIComponent(app)}`;
  const { id, name } = await call(c, { method: 'GET', path, about: `app ${app}` }, appSchema);
  const place = {
    ...{ id, scope: 'app', label: name, environment: null, absent: null },
    identity: `${new URL(c.origin).origin} ${id}`,
    url: `https://dashboard.heroku.com/apps/${name}/settings`,
  };
  // Which names the code asks for Heroku does not tell.
  return { places: [place], complete: true, named: null, problem: null };
}

/** Two requests: names with values, which leave this file boxed, and the releases that say when each was changed. */
export async function listSettings(c: ProviderContext, place: string): Promise<ConfigurationEntry[]> {
  const app = appOf(place);
  const vars = await readAll(c, app);
  const changes = await readChanges(c, app);
  return [...vars].map(([name, value]) => ({
    ...{ kind: 'secret' as const, name, createdAt: null, updatedAt: changes.get(name) ?? null },
    value: new HiddenValue(value),
  }));
}

/** One mutating request, and a look at the release that it made: the app’s dynos restart with that, or its release phase runs first. */
export async function writeSetting(
  c: ProviderContext,
  place: string,
  { kind, name, value }: WantedSetting,
): Promise<'created' | 'replaced' | Taken<'created' | 'replaced'>> {
  const app = appOf(place);
  requireSecret(kind);
  const there = (await readAll(c, app)).has(name);
  await change(c, app, { [name]: value.reveal() });
  return taken(there ? 'replaced' : 'created', await waitsFor(c, app, name));
}

/** One mutating request, with the same release; none when it is not there. */
export async function removeSetting(
  c: ProviderContext,
  place: string,
  { kind, name }: SettingName,
): Promise<'removed' | 'absent' | Taken<'removed'>> {
  const app = appOf(place);
  if (kind !== 'secret' || !(await readAll(c, app)).has(name)) return 'absent';
  await change(c, app, { [name]: null });
  return taken('removed', await waitsFor(c, app, name));
}

const taken = <T>(outcome: T, waits: string | null): T | Taken<T> => (waits === null ? outcome : { outcome, waits });

async function readAll(c: ProviderContext, app: string): Promise<Map<string, string>> {
  const all = await call(c, { method: 'GET', path: varsOf(app), secret: true, about: `app ${app}` }, configVarsSchema);
  return new Map(Object.entries(all).filter((each): each is [string, string] => each[1] !== null));
}

/** The others stay as they are. The answer holds all values: it is looked at and dropped. */
async function change(c: ProviderContext, app: string, body: Record<string, string | null>): Promise<void> {
  await call(c, { method: 'PATCH', path: varsOf(app), body, about: `app ${app}` }, configVarsSchema);
}

const varsOf = (app: string) => `/apps/${app}/config-vars`;

/** A place is an app’s id; anything else is refused before it can shape an address. */
function appOf(place: string): string {
  if (APP_ID.test(place)) return place;
  throw new ProviderError('rejected', 'bad_place', 'Heroku keeps no settings in such a place. Load the page again.');
}

function requireSecret(kind: SettingName['kind']): void {
  if (kind === 'secret') return;
  throw new ProviderError('rejected', 'kind_unknown', 'Heroku has one kind of setting only. Enter it as a secret.');
}
