import type { ConfigurationEntry, ConfigurationPlace, ConfigurationReads, ProviderContext } from '../port';
import { HiddenValue, ProviderError, type SettingName, type WantedSetting } from '../port';
import { readSite } from './deploy';
import type { Place } from './target';
import {
  type AccountRef,
  type Context,
  createVariable,
  deleteValue,
  listVariables,
  setValue,
  type Variable,
  type VariableValue,
} from './variables';

interface Store extends AccountRef {
  scope: 'branch' | 'production' | 'branch-deploy' | 'all' | 'team';
  where: Context;
}

/** `production:account:site`, `branch:account:site:name`, and `team:account` for what several projects share. */
function storeOf(place: string): Store {
  const [, scope, account = '', site = null, branch = null] =
    /^(branch|production|branch-deploy|all|team):([\w-]+)(?::([\w-]+)(?::(.+))?)?$/su.exec(place) ?? [];
  const known =
    scope !== undefined && (scope === 'team') === (site === null) && (scope === 'branch') === (branch !== null);
  if (!known)
    throw new ProviderError('rejected', 'bad_place', 'Netlify keeps no settings in such a place. Load the page again.');
  const context = scope === 'team' ? 'all' : (scope as Context['context']);
  return { account, site, scope: scope as Store['scope'], where: { context, parameter: branch } };
}

const WORDS = { production: 'Production', 'branch-deploy': 'Branch deploys', all: 'All contexts' } as const;

/**
 * Nearest first: the context of the target’s own deploys, the widest one, then what the team shares. A branch’s own values
 * reach Netlify’s builds alone: the command line of a workflow builds for all branch deploys.
 */
export async function readPlaces(c: ProviderContext, place: Place, isRuntime = false): Promise<ConfigurationReads> {
  const { id: site, name, account_id, account_slug, admin_url } = await readSite(c, place);
  const account = account_id ?? account_slug;
  const called = name ?? place.site;
  if (!account) {
    const problem = `Netlify does not tell to which team ${called} belongs, so its variables cannot be read.`;
    return { places: [], complete: false, named: null, problem };
  }
  const url = admin_url?.startsWith('https://') ? `${admin_url.replace(/\/+$/, '')}/configuration/env` : null;
  const at = (scope: Store['scope'], label: string, id: string): ConfigurationPlace => ({
    ...{ id, scope, label, environment: null, absent: null, url: scope === 'team' ? null : url },
    identity: `${new URL(c.origin).origin} ${id}`,
  });
  const own = (scope: keyof typeof WORDS) => at(scope, `${called} → ${WORDS[scope]}`, `${scope}:${account}:${site}`);
  const ref = place.defaultRef;
  const branch = isRuntime ? [] : [at('branch', `${called} → Branch ${ref}`, `branch:${account}:${site}:${ref}`)];
  const nearest = place.production ? [own('production')] : [...branch, own('branch-deploy')];
  const team = at('team', account_slug ?? account, `team:${account}`);
  return { places: [...nearest, own('all'), team], complete: true, named: null, problem: null };
}

const isAt =
  ({ where }: Store) =>
  ({ context, context_parameter }: VariableValue) =>
    context === where.context && (context === 'branch' ? context_parameter === where.parameter : true);

/** Costs one request. Netlify tells when a variable was changed in any context, so the time counts for each of them. */
export async function listSettings(c: ProviderContext, place: string): Promise<ConfigurationEntry[]> {
  const store = storeOf(place);
  const all = await listVariables(c, store);
  return all.flatMap((each) => {
    const found = each.values.find(isAt(store));
    if (!found) return [];
    const readable = !each.is_secret && typeof found.value === 'string';
    const kind = each.is_secret ? ('secret' as const) : ('variable' as const);
    const value = readable ? new HiddenValue(found.value ?? '') : null;
    return [{ kind, name: each.key, createdAt: null, updatedAt: momentOf(each.updated_at), value }];
  });
}

function momentOf(text: string | null | undefined): string | null {
  const ms = Date.parse(text ?? '');
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}

/** One mutating request, whatever is there. */
export async function writeSetting(
  c: ProviderContext,
  place: string,
  { kind, name, value }: WantedSetting,
): Promise<'created' | 'replaced'> {
  const store = writable(place);
  // Source: https://developers.netlify.com/sdk/get-started/environment-variables (a secret has a value for each context)
  if (kind === 'secret' && store.scope === 'all') throw secretForAll(name);
  const found = await findIn(c, store, name);
  if (found && (found.is_secret === true) !== (kind === 'secret')) throw otherKind(name, found);
  const wanted = { key: name, value: value.reveal(), where: store.where };
  if (!found) {
    await createVariable(c, store, { ...wanted, isSecret: kind === 'secret' });
    return 'created';
  }
  await setValue(c, store, wanted);
  return found.values.some(isAt(store)) ? 'replaced' : 'created';
}

/** The value of this context; the variable itself with its last one. */
export async function removeSetting(
  c: ProviderContext,
  place: string,
  { kind, name }: SettingName,
): Promise<'removed' | 'absent'> {
  const store = writable(place);
  const found = await findIn(c, store, name);
  const value = found?.values.find(isAt(store));
  if (!found || !value || (found.is_secret === true) !== (kind === 'secret')) return 'absent';
  await deleteValue(c, store, name, found.values.length === 1 ? null : value.id);
  return 'removed';
}

async function findIn(c: ProviderContext, store: Store, name: string): Promise<Variable | undefined> {
  return (await listVariables(c, store)).find(({ key }) => key === name);
}

function writable(place: string): Store {
  const store = storeOf(place);
  if (store.scope !== 'team') return store;
  const sentence = 'What a team shares among its projects is changed in the team’s own settings at Netlify.';
  throw new ProviderError('rejected', 'read_only_place', sentence);
}

function secretForAll(name: string): ProviderError {
  const sentence = `Netlify keeps a secret for one context at a time, not for all of them. Write ${name} into Production, or into Branch deploys.`;
  return new ProviderError('rejected', 'secret_for_all', sentence);
}

function otherKind(name: string, found: Variable): ProviderError {
  const is = found.is_secret ? 'a secret' : 'a variable';
  const sentence = `${name} is ${is} in this project, in all its contexts alike. Remove it first to make it the other.`;
  return new ProviderError('rejected', 'other_kind', sentence);
}
