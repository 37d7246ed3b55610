import {
  type ConfigurationEntry,
  type ConfigurationReads,
  type ProviderContext,
  ProviderError,
  type SettingName,
  type WantedSetting,
} from '../port';
import { call, send } from './client';
import { readState } from './hosting';
import { targetConfig } from './manifest';
import { variableNameSchema, variablesSchema } from './schema';
import { appPath, type Place } from './target';

/** The variables of the target's app: one place, and what runs was started with others. One request. */
export async function readPlaces(c: ProviderContext, target: Place): Promise<ConfigurationReads> {
  const { app } = target;
  const { host } = new URL(c.origin);
  const label = `${app} on ${host}`;
  const place = {
    id: app,
    identity: `${host} ${app}`,
    environment: null,
    scope: 'app',
    label,
    absent: null,
    url: null,
  };
  const problem = 'A build does not say which variables it reads.';
  const live = await startedWith(c, target);
  return { places: [place], complete: true, named: null, problem, ...(live ? { liveNames: live } : {}) };
}

/**
 * Names whose change is not live, by values, which the agent compares: those that are not there any more were taken away. Null
 * where it does not say now; whatever keeps it from answering is said where the variables are listed.
 */
async function startedWith(c: ProviderContext, place: Place): Promise<SettingName[] | null> {
  try {
    const { live } = await readState(c, place);
    return (live?.changedNotLive ?? []).map((name) => ({ kind: 'secret', name }));
  } catch (error) {
    if (error instanceof ProviderError) return null;
    throw error;
  }
}

/** Names and ages; the agent never gives a value back. */
export async function listVariables(c: ProviderContext, place: string): Promise<ConfigurationEntry[]> {
  const path = `${placePath(place)}/environment`;
  const { variables } = await call(c, { method: 'GET', path, about: `app ${place}` }, variablesSchema);
  return variables.map(({ name, createdAt, updatedAt }) => ({
    kind: 'secret',
    name,
    createdAt,
    updatedAt,
    value: null,
  }));
}

const pathOf = (place: string, name: string) => `${placePath(place)}/environment/${encodeURIComponent(name)}`;

/** It counts for releases that start after it, so with the next deployment. */
export async function writeVariable(
  c: ProviderContext,
  place: string,
  { kind, name, value }: WantedSetting,
): Promise<'created' | 'replaced'> {
  requireSecret(kind);
  const wanted = {
    method: 'PUT',
    path: pathOf(place, name),
    body: { value: value.reveal() },
    about: `app ${place}`,
  } as const;
  const answer = await send(c, wanted);
  if (!variableNameSchema.safeParse(await answer.json().catch(() => null)).success) {
    const sentence = 'The agent’s answer cannot be read, so the variable may be written. Write it once more.';
    throw new ProviderError('protocol', 'unexpected_answer', sentence, { ambiguous: true });
  }
  return answer.status === 201 ? 'created' : 'replaced';
}

export async function removeVariable(
  c: ProviderContext,
  place: string,
  { kind, name }: SettingName,
): Promise<'removed' | 'absent'> {
  requireSecret(kind);
  try {
    await send(c, { method: 'DELETE', path: pathOf(place, name), about: `variable ${name} of ${place}` });
    return 'removed';
  } catch (error) {
    if (error instanceof ProviderError && error.code === 'not_found') return 'absent';
    throw error;
  }
}

/** A place is an app's name; anything else is refused before it can shape an address. */
function placePath(place: string): string {
  if (targetConfig.shape.app.safeParse(place).success) return appPath({ app: place });
  throw new ProviderError('rejected', 'bad_place', 'There is no such place on this server. Load the page again.');
}

function requireSecret(kind: SettingName['kind']): void {
  if (kind === 'secret') return;
  throw new ProviderError('rejected', 'kind_unknown', 'The agent keeps every variable as a secret. Enter it as one.');
}
