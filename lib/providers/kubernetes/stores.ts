import type { ProviderContext } from '../port';
import { agesOf, appliersOf } from './ages';
import { call } from './client';
import { configMapSchema, type Deployment, deploymentSchema, type Metadata, secretSchema } from './schema';

const at = (text: string) => encodeURIComponent(text);

export interface Kept {
  key: string;
  /** Of a ConfigMap only. */
  value: string | null;
  updatedAt: string | null;
  binary: boolean;
  /** Who else owns it by a server-side apply; null: nobody. */
  appliedBy: string | null;
}

export interface Store {
  resourceVersion: string;
  immutable: boolean;
  keys: Kept[];
}

export interface StoreRef {
  kind: 'configmap' | 'secret';
  namespace: string;
  name: string;
}

const WORDS = { configmap: 'ConfigMap', secret: 'Secret' } as const;

export const storePath = ({ kind, namespace, name }: StoreRef) =>
  `/api/v1/namespaces/${at(namespace)}/${kind}s/${at(name)}`;

export function aboutStore({ kind, namespace, name }: StoreRef, verb: 'get' | 'patch') {
  const made = kind === 'configmap' ? `kubectl create configmap ${name}` : `kubectl create secret generic ${name}`;
  return {
    about: `${WORDS[kind]} ${name} in ${namespace}`,
    made: `${made} -n ${namespace}`,
    right: `“${verb}” on ${kind}s, resource name ${name}`,
  };
}

/** One request. Of a Secret the values are dropped as the answer is parsed. */
export async function readStore(c: ProviderContext, ref: StoreRef): Promise<Store> {
  const asked = { method: 'GET', path: storePath(ref), ...aboutStore(ref, 'get') } as const;
  if (ref.kind === 'secret') {
    const { metadata, immutable, data } = await call(c, asked, secretSchema);
    const keys = (data ?? []).map((key) => ({ key, value: null, binary: false }));
    return storeOf(metadata, immutable, keys);
  }
  const { metadata, immutable, data, binaryData } = await call(c, asked, configMapSchema);
  const text = Object.entries(data ?? {}).map(([key, value]) => ({ key, value, binary: false }));
  const binary = (binaryData ?? []).map((key) => ({ key, value: null, binary: true }));
  return storeOf(metadata, immutable, [...text, ...binary]);
}

function storeOf(
  metadata: Metadata,
  immutable: boolean | null | undefined,
  found: Pick<Kept, 'key' | 'value' | 'binary'>[],
): Store {
  const [ages, appliers] = [agesOf(metadata), appliersOf(metadata)];
  const keys = found.map((each) => ({
    ...each,
    updatedAt: ages.get(each.key) ?? null,
    appliedBy: appliers.get(each.key) ?? null,
  }));
  return { resourceVersion: metadata.resourceVersion, immutable: immutable ?? false, keys };
}

export function readDeployment(c: ProviderContext, namespace: string, name: string): Promise<Deployment> {
  const path = `/apis/apps/v1/namespaces/${at(namespace)}/deployments/${at(name)}`;
  const about = { about: `Deployment ${name} in ${namespace}`, made: null };
  const right = `“get” on deployments (apps), resource name ${name}`;
  return call(c, { method: 'GET', path, ...about, right }, deploymentSchema);
}
