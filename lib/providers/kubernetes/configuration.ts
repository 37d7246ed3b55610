import {
  type ConfigurationEntry,
  HiddenValue,
  type ProviderContext,
  ProviderError,
  type SettingName,
  type WantedSetting,
} from '../port';
import { OWN_MANAGER } from './ages';
import { call } from './client';
import { listContainer } from './reads';
import { anySchema } from './schema';
import { aboutStore, readStore, type Store, type StoreRef, storePath } from './stores';
import { type Place, placeOf } from './target';

/** One request; for what a Deployment says itself, one more for each ConfigMap and Secret that it takes single keys of. */
export async function listSettings(c: ProviderContext, id: string): Promise<ConfigurationEntry[]> {
  const place = placeOf(id);
  const { kind, namespace, name, container, prefix } = place;
  if (kind === 'container') return listContainer(c, namespace, { deployment: name, container: container ?? '' });
  const { keys } = await readStore(c, { kind, namespace, name });
  return keys.map(({ key, value, updatedAt }) => ({
    ...{ kind: kind === 'secret' ? ('secret' as const) : ('variable' as const), name: `${prefix}${key}` },
    ...{ createdAt: null, updatedAt, value: value === null ? null : new HiddenValue(value) },
  }));
}

/**
 * Two requests: what is there, and a server-side apply of this one key, under a manager of its own so that its age is known
 * and no other key is touched. It fails when the object was changed in between.
 */
export async function writeSetting(
  c: ProviderContext,
  id: string,
  { kind, name, value }: WantedSetting,
): Promise<'created' | 'replaced'> {
  const { ref, store } = await openStore(c, id, kind);
  const known = store.keys.find(({ key }) => key === name);
  if (known?.binary) throw notText(name);
  if (known?.appliedBy) throw appliedBy(known.appliedBy, name);
  const text = value.reveal();
  const isSecret = ref.kind === 'secret';
  await call(
    c,
    {
      ...{ method: 'PATCH', patch: 'apply', path: storePath(ref), ...aboutStore(ref, 'patch') },
      // `force`: the person was shown that it is replaced, whoever wrote it; who applies it was asked for above.
      query: { fieldManager: `${OWN_MANAGER}${name}`, force: 'true' },
      body: {
        ...{ apiVersion: 'v1', kind: isSecret ? 'Secret' : 'ConfigMap' },
        metadata: { name: ref.name, resourceVersion: store.resourceVersion },
        // `stringData` does not go with server-side apply: what was applied stays owned under another field.
        data: { [name]: isSecret ? Buffer.from(text, 'utf8').toString('base64') : text },
      },
    },
    anySchema,
  );
  return known ? 'replaced' : 'created';
}

/** Two requests: what is there, and a JSON merge patch that takes this one key away. */
export async function removeSetting(
  c: ProviderContext,
  id: string,
  { kind, name }: SettingName,
): Promise<'removed' | 'absent'> {
  const { ref, store } = await openStore(c, id, kind);
  const known = store.keys.find(({ key }) => key === name);
  if (!known) return 'absent';
  if (known.appliedBy) throw appliedBy(known.appliedBy, name);
  await call(
    c,
    {
      ...{ method: 'PATCH', patch: 'merge', path: storePath(ref), ...aboutStore(ref, 'patch') },
      query: { fieldManager: 'aetherstack' },
      body: {
        metadata: { resourceVersion: store.resourceVersion },
        [known.binary ? 'binaryData' : 'data']: { [name]: null },
      },
    },
    anySchema,
  );
  return 'removed';
}

async function openStore(
  c: ProviderContext,
  id: string,
  kind: SettingName['kind'],
): Promise<{ ref: StoreRef; store: Store }> {
  const ref = writable(placeOf(id), kind);
  const store = await readStore(c, ref);
  if (!store.immutable) return { ref, store };
  const sentence = `${aboutStore(ref, 'patch').about} is immutable. Make another one and let the Deployment read that.`;
  throw new ProviderError('rejected', 'immutable', sentence);
}

function writable({ kind, namespace, name, writable: may }: Place, wanted: SettingName['kind']): StoreRef {
  if (kind === 'container' || !may) {
    const sentence = 'Settings are written only into the ConfigMap and the Secret that the runtime settings name.';
    throw new ProviderError('rejected', 'read_only_place', sentence);
  }
  if ((kind === 'secret') === (wanted === 'secret')) return { kind, namespace, name };
  const sentence = 'A secret goes into the Secret and a variable into the ConfigMap. Choose the other place.';
  throw new ProviderError('rejected', 'other_kind', sentence);
}

function notText(name: string): ProviderError {
  const sentence = `${name} is kept there as bytes (binaryData), which no variable is read from. Remove it first.`;
  return new ProviderError('rejected', 'binary', sentence);
}

/** Their next apply would be refused for a conflict with us, or bring back what was removed. */
function appliedBy(manager: string, name: string): ProviderError {
  const who = manager.replace(/[^\w.:/ -]/g, '').slice(0, 60);
  const sentence = `${name} is owned by “${who}”, which applies it from elsewhere (server-side apply) and would fail over a value from here. Change it there, or take it out of what is applied there.`;
  return new ProviderError('rejected', 'applied_elsewhere', sentence);
}
