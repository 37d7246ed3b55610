import type { ConfigurationEntry, ConfigurationPlace, ConfigurationReads, ProviderContext } from '../port';
import { HiddenValue, ProviderError, type SettingName, type WantedSetting } from '../port';
import { readProject } from './deploy';
import { manifest } from './manifest';
import { iso } from './map';
import type { Place } from './target';
import {
  changeVariable,
  createVariable,
  deleteVariable,
  listVariables,
  type ProjectRef,
  readValue,
  type Variable,
} from './variables';

/** One of a project's environments, or one branch in its previews. */
interface Store extends ProjectRef {
  target: 'production' | 'preview';
  branch: string | null;
}

/** `production:team:project`, and for one branch of the previews `branch:team:project:name`. */
function storeOf(place: string): Store {
  const [, scope, team = '', project = '', branch = null] =
    /^(production|preview|branch):([\w-]*):([\w.-]+)(?::(.+))?$/su.exec(place) ?? [];
  if (!project || (scope === 'branch') !== (branch !== null)) throw unknownPlace();
  return { team: team || undefined, project, target: scope === 'production' ? 'production' : 'preview', branch };
}

function unknownPlace(): ProviderError {
  return new ProviderError('rejected', 'bad_place', 'Vercel keeps no settings in such a place. Load the page again.');
}

/** Nearest first. Which of them a build reads, and what beside them (`.env` files, say), Vercel does not tell. */
export async function readPlaces(c: ProviderContext, place: Place): Promise<ConfigurationReads> {
  const project = await readProject(c, place);
  const at = (scope: 'production' | 'preview' | 'branch', word: string, branch?: string): ConfigurationPlace => {
    const id = [scope, place.team ?? '', project.id, ...(branch ? [branch] : [])].join(':');
    return {
      ...{ id, scope, environment: null, absent: null, label: `${project.name} → ${word}` },
      identity: [new URL(c.origin).origin, project.id, scope, ...(branch ? [branch] : [])].join(' '),
      url: pageOf(c, place, project.name),
    };
  };
  const all = at('preview', 'Preview');
  const own = at('branch', `Preview of ${place.defaultRef}`, place.defaultRef);
  // “Cannot set Production Branch "main" for a Preview Environment Variable”: a 400.
  const isProductionBranch = place.defaultRef === project.link?.productionBranch;
  const previews = isProductionBranch ? [all] : [own, all];
  const places = place.production ? [at('production', 'Production')] : previews;
  return { places, complete: true, named: null, problem: null };
}

/** Team pages are known by the team’s short name only. */
function pageOf(c: ProviderContext, { team }: Place, project: string): string | null {
  const known = team && !team.startsWith('team_') && new URL(c.origin).origin === manifest.defaultOrigin;
  return known ? `https://vercel.com/${team}/${encodeURIComponent(project)}/settings/environment-variables` : null;
}

const targetsOf = ({ target }: Variable): string[] => (typeof target === 'string' ? [target] : (target ?? []));
/** What a person chose there, *Config* or *Secret*; of an entry from before, what it is stored as. */
const isSecret = ({ visibility, type }: Variable) =>
  visibility ? visibility === 'secret' : type !== 'plain' && type !== 'encrypted';

/** Another environment, one of the team’s own among them, reads the same entry. */
const isShared = (each: Variable) => targetsOf(each).length > 1 || (each.customEnvironmentIds ?? []).length > 0;

function isIn(store: Store, each: Variable): boolean {
  return targetsOf(each).includes(store.target) && (each.gitBranch ?? null) === store.branch && each.type !== 'system';
}

/** Costs one request. An encrypted variable is listed without its value: reading it back is what Vercel advises against. */
export async function listSettings(c: ProviderContext, place: string): Promise<ConfigurationEntry[]> {
  const store = storeOf(place);
  const all = await listVariables(c, store);
  return all.filter((each) => isIn(store, each)).map((each) => entryOf(each, each.value));
}

/**
 * One by its name, as a list of one or none, with its value also where Vercel gives that only to who asks for this very one:
 * its dashboard and its command line store a *Config* encrypted. One request, or two.
 */
export async function listOne(c: ProviderContext, place: string, name: string): Promise<ConfigurationEntry[]> {
  const store = storeOf(place);
  const found = await findIn(c, store, name);
  if (!found) return [];
  const hiddenId = found.type === 'plain' || isSecret(found) ? undefined : found.id;
  return [
    hiddenId ? entryOf({ ...found, type: 'plain' }, await readValue(c, store, hiddenId)) : entryOf(found, found.value),
  ];
}

function entryOf(each: Variable, value: string | null | undefined): ConfigurationEntry {
  const isReadable = each.type === 'plain' && !isSecret(each) && typeof value === 'string';
  return {
    kind: isSecret(each) ? 'secret' : 'variable',
    name: each.key,
    createdAt: iso(each.createdAt),
    updatedAt: iso(each.updatedAt ?? each.createdAt),
    value: isReadable ? new HiddenValue(value) : null,
  };
}

/**
 * One request, or two where the entry also belongs to another environment: it leaves this one first, then gets one of its
 * own, so that the other keeps its value. When the second fails this one gets its former value back, or its sentence says
 * that it has none. Written once more after an unclear answer, it is made.
 */
export async function writeSetting(
  c: ProviderContext,
  place: string,
  { kind, name, value }: WantedSetting,
): Promise<'created' | 'replaced'> {
  const store = storeOf(place);
  const found = await findIn(c, store, name);
  if (found && isSecret(found) !== (kind === 'secret')) throw otherKind(name, found);
  if (found?.id && !isShared(found)) {
    await changeVariable(c, store, found.id, { value: value.reveal() });
    return 'replaced';
  }
  if (found?.id) await changeVariable(c, store, found.id, { target: without(store, found) });
  const type = kind === 'secret' ? 'sensitive' : found?.type === 'encrypted' ? 'encrypted' : 'plain';
  const wanted = { key: name, value: value.reveal(), type, target: [store.target] } as const;
  try {
    await createVariable(c, store, { ...wanted, ...(store.branch ? { gitBranch: store.branch } : {}) });
  } catch (error) {
    // After an unclear answer it may be there already: then the shared one has nothing to come back to.
    const isSure = !(error instanceof ProviderError && error.ambiguous);
    throw found?.id && isSure ? await giveBack(c, store, { ...found, id: found.id }, error) : error;
  }
  return found ? 'replaced' : 'created';
}

/** The shared entry is this environment's again; answers what to throw, which says so where that failed too. */
async function giveBack(c: ProviderContext, store: Store, found: Variable & { id: string }, error: unknown) {
  try {
    await changeVariable(c, store, found.id, { target: targetsOf(found) });
    return error;
  } catch {
    const why = error instanceof Error ? error.message : 'Vercel did not answer.';
    const sentence = `${found.key} is in no build of ${store.target} any more until it is entered again: ${why}`;
    return new ProviderError('rejected', 'variable_missing', sentence);
  }
}

/** What another environment has too stays there. */
export async function removeSetting(
  c: ProviderContext,
  place: string,
  { kind, name }: SettingName,
): Promise<'removed' | 'absent'> {
  const store = storeOf(place);
  const found = await findIn(c, store, name);
  if (!found?.id || isSecret(found) !== (kind === 'secret')) return 'absent';
  if (!isShared(found)) await deleteVariable(c, store, found.id);
  else await changeVariable(c, store, found.id, { target: without(store, found) });
  return 'removed';
}

const without = ({ target }: Store, found: Variable) => targetsOf(found).filter((each) => each !== target);

async function findIn(c: ProviderContext, store: Store, name: string): Promise<Variable | undefined> {
  return (await listVariables(c, store)).find((each) => each.key === name && isIn(store, each));
}

function otherKind(name: string, found: Variable): ProviderError {
  const is = isSecret(found) ? 'a secret' : 'a variable';
  const sentence = `${name} is ${is} there, and Vercel does not turn one into the other. Remove it first.`;
  return new ProviderError('rejected', 'other_kind', sentence);
}
