import { createHash } from 'node:crypto';
import type { SimulatorWorld } from '@/lib/providers/port';

/** Somebody changed keys of a ConfigMap or Secret. */
export const PATCHED = 'kubernetes.patched';
/** Pods of a Deployment were made anew. */
export const RESTARTED = 'kubernetes.restarted';

export type StoreKind = 'configmap' | 'secret';

export interface Owner {
  manager: string;
  operation: 'Apply' | 'Update';
  at: number;
}

export interface SimulatedStore {
  kind: StoreKind;
  namespace: string;
  name: string;
  /** As text; a Secret's are written in base64 on the wire. */
  data: Map<string, string>;
  owners: Map<string, Owner>;
  version: number;
  madeAt: number;
}

export interface Patched {
  kind: StoreKind;
  namespace: string;
  name: string;
  set: Record<string, string | null>;
  manager: string;
  operation: Owner['operation'];
}

export const NAMESPACES = ['staging', 'production'] as const;
export const DEPLOYMENT = 'backend';
const LONG_AGO_MS = 120 * 86_400_000;
const PODS = 2;

/** What production has and staging lacks is the example's gap. */
function first(namespace: string): [StoreKind, string, Record<string, string>][] {
  const production = namespace === 'production';
  return [
    [
      'configmap',
      'backend-settings',
      { LOG_LEVEL: production ? 'warning' : 'debug', FEATURES: 'exports', ...(production ? { REGION: 'eu' } : {}) },
    ],
    ['secret', 'backend-secrets', { API_TOKEN: `sandbox-cluster-api-token-${namespace}` }],
    ['secret', 'backend-db', { password: `sandbox-cluster-password-${namespace}` }],
  ];
}

/** A number in [0, 1) that depends on nothing but its arguments, so a replay gives the same world. */
export function chance(...keys: (string | number)[]): number {
  return createHash('sha1').update(keys.join('\u0000')).digest().readUIntBE(0, 6) / 2 ** 48;
}

export const startOf = (world: SimulatorWorld) => (world.facts()[0]?.at ?? world.now()) - LONG_AGO_MS;

/** Every ConfigMap and Secret, worked out anew from the facts. */
export function storesOf(world: SimulatorWorld): SimulatedStore[] {
  const madeAt = startOf(world);
  const all = NAMESPACES.flatMap((namespace) =>
    first(namespace).map(([kind, name, data]): SimulatedStore => {
      const owner: Owner = { manager: 'kubectl-create', operation: 'Update', at: madeAt };
      const owners = new Map(Object.keys(data).map((key) => [key, owner]));
      return { kind, namespace, name, data: new Map(Object.entries(data)), owners, version: 100, madeAt };
    }),
  );
  for (const { kind, data, at } of world.facts()) {
    if (kind !== PATCHED) continue;
    const change = data as unknown as Patched;
    const store = all.find(
      (each) => each.kind === change.kind && each.namespace === change.namespace && each.name === change.name,
    );
    if (store) applyTo(store, change, at);
  }
  return all;
}

/** Who changes a key owns it; what an apply of before owned and leaves out now is taken away. */
function applyTo(store: SimulatedStore, { set, manager, operation }: Patched, at: number): void {
  const left = [...store.owners].filter(
    ([key, owner]) =>
      operation === 'Apply' && owner.operation === 'Apply' && owner.manager === manager && !(key in set),
  );
  for (const [key, value] of [...left.map(([key]) => [key, null] as const), ...Object.entries(set)]) {
    if (value === null) {
      store.data.delete(key);
      store.owners.delete(key);
    } else if (store.data.get(key) !== value) {
      store.data.set(key, value);
      store.owners.set(key, { manager, operation, at });
    }
  }
  store.version += 1;
}

/** When each running pod was made. */
export function podsOf(world: SimulatorWorld, namespace: string): number[] {
  const restarts = world.facts().filter(({ kind, data }) => kind === RESTARTED && data.namespace === namespace);
  const made = restarts.at(-1)?.at ?? startOf(world);
  return Array.from({ length: PODS }, (_, i) => made + i * 1_000);
}
