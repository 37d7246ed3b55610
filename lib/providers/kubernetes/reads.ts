import {
  type ConfigurationEntry,
  type ConfigurationPlace,
  type ConfigurationReads,
  HiddenValue,
  type ProviderContext,
  ProviderError,
  type SettingName,
} from '../port';
import { liveNames } from './live';
import type { KubernetesTarget } from './manifest';
import { runningSince } from './running';
import type { Container, Deployment } from './schema';
import { aboutStore, readDeployment, readStore, type Store, type StoreRef } from './stores';
import { type Place, placeId } from './target';

/** Three requests: the Deployment, since when its pods run, and with what; one more for each source that may be left out. */
export async function readPlaces(c: ProviderContext, target: KubernetesTarget): Promise<ConfigurationReads> {
  const { namespace, deployment } = target;
  const found = await readDeployment(c, namespace, deployment);
  const container = containerOf(found, target);
  const [since, live] = await Promise.all([
    runningSince(c, target, found),
    liveNames(c, { namespace, deployment, container: container.name }, found),
  ]);
  const renew = `Start it anew: kubectl rollout restart deployment/${deployment} -n ${namespace}.`;
  const own: Place = {
    ...{ kind: 'container', namespace, name: deployment, container: container.name, prefix: '', writable: false },
  };
  const sources = sourcesOf(target, container);
  const unreadable = unread(target, sources).map((each) => ({
    ...asPlace(c, each),
    absent: notRead(each, deployment),
  }));
  const read = sources.map(async (each) => ({
    ...asPlace(c, each),
    absent: isOptional(container, each) ? await leftOut(c, each, deployment) : null,
  }));
  return {
    places: [{ ...asPlace(c, own), absent: null }, ...(await Promise.all(read)), ...unreadable],
    complete: true,
    named: namedBy(container),
    readsAll: true,
    running: { since, renew },
    ...(live ? { liveNames: live } : {}),
    problem: null,
  };
}

export function containerOf(
  { spec }: Deployment,
  { deployment, container }: Pick<KubernetesTarget, 'deployment' | 'container'>,
): Container {
  const { containers } = spec.template.spec;
  const [only] = containers;
  const found =
    container === undefined && containers.length === 1 ? only : containers.find(({ name }) => name === container);
  if (found) return found;
  const names = containers.map(({ name }) => name).join(', ');
  const sentence =
    container === undefined
      ? `Deployment ${deployment} has more than one container (${names}). Name one in the runtime settings.`
      : `Deployment ${deployment} has no container ${container}; it has ${names}. Correct the runtime settings.`;
  throw new ProviderError('rejected', 'which_container', sentence);
}

/**
 * What it takes whole, nearest first: of two sources of one name the later in the list counts, and what the container says
 * itself counts before all. Source: the description of `envFrom` in the Kubernetes API.
 */
function sourcesOf({ namespace, configMapName, secretName }: KubernetesTarget, { envFrom }: Container): Place[] {
  const found = (envFrom ?? []).flatMap(({ prefix, configMapRef, secretRef }) => {
    const name = configMapRef?.name ?? secretRef?.name;
    if (!name) return [];
    const kind = configMapRef ? ('configmap' as const) : ('secret' as const);
    const writable = !prefix && name === (kind === 'configmap' ? configMapName : secretName);
    return [{ kind, namespace, name, container: null, prefix: prefix ?? '', writable }];
  });
  const nearest = found.reverse();
  return nearest.filter((each, i) => nearest.findIndex((other) => placeId(other) === placeId(each)) === i);
}

/** A container starts without it. Named twice, it has to be so both times. */
function isOptional({ envFrom }: Container, { kind, name }: Place): boolean {
  const named = (envFrom ?? [])
    .map(({ configMapRef, secretRef }) => (kind === 'configmap' ? configMapRef : secretRef))
    .filter((ref) => ref?.name === name);
  return named.length > 0 && named.every((ref) => ref?.optional === true);
}

/** A sentence when it is left out. Whatever else keeps it from being read is said where it is read. */
async function leftOut(c: ProviderContext, { kind, namespace, name }: Place, deployment: string) {
  if (kind === 'container') return null;
  const ref: StoreRef = { kind, namespace, name };
  try {
    await readStore(c, ref);
    return null;
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    if (error.kind !== 'notFound') return null;
    const { about, made } = aboutStore(ref, 'get');
    return `${about} is not there, and Deployment ${deployment} does without it (optional). Make it first: ${made}.`;
  }
}

/** What the settings name for writing and the container does not take whole: whatever is written there would not be read. */
function unread({ namespace, configMapName, secretName }: KubernetesTarget, sources: readonly Place[]): Place[] {
  const wanted = [
    ['configmap', configMapName],
    ['secret', secretName],
  ] as const;
  return wanted.flatMap(([kind, name]) => {
    if (name === undefined || sources.some((each) => each.kind === kind && each.name === name && each.writable))
      return [];
    return [{ kind, namespace, name, container: null, prefix: '', writable: true }];
  });
}

function notRead({ kind, name }: Place, deployment: string): string {
  const ref = kind === 'configmap' ? 'configMapRef' : 'secretRef';
  return `Deployment ${deployment} does not take it whole, so what is written there would not be read. Add to its container: envFrom: [{ ${ref}: { name: ${name} } }].`;
}

const WORDS = { container: 'Deployment', configmap: 'ConfigMap', secret: 'Secret' } as const;
const SCOPES = { container: 'container', configmap: 'config-map', secret: 'secret' } as const;

function asPlace(c: ProviderContext, place: Place): Omit<ConfigurationPlace, 'absent'> {
  const { kind, namespace, name, prefix, writable } = place;
  return {
    id: placeId(place),
    identity: `${new URL(c.origin).origin} ${placeId({ ...place, writable: true })}`,
    // One called like an environment of ours is that environment's.
    environment: namespace,
    scope: kind === 'container' || writable ? SCOPES[kind] : 'other',
    label: `${namespace} → ${WORDS[kind]} ${name}${prefix === '' ? '' : ` as ${prefix}…`}`,
    url: null,
  };
}

/** The names that the container does not start without. */
function namedBy({ env }: Container): SettingName[] {
  return (env ?? []).flatMap(({ name, valueFrom }): SettingName[] => {
    const { configMapKeyRef, secretKeyRef } = valueFrom ?? {};
    if (secretKeyRef && !secretKeyRef.optional) return [{ kind: 'secret', name }];
    return configMapKeyRef && !configMapKeyRef.optional ? [{ kind: 'variable', name }] : [];
  });
}

/** What a container says itself: values, and single keys of a ConfigMap or Secret under a name of its own. */
export async function listContainer(
  c: ProviderContext,
  namespace: string,
  target: { deployment: string; container: string },
): Promise<ConfigurationEntry[]> {
  const { env } = containerOf(await readDeployment(c, namespace, target.deployment), target);
  const stores = new Map<string, Promise<Store | null>>();
  const entries = await Promise.all((env ?? []).map((each) => entryOf(c, namespace, stores, each)));
  // Of two with one name the later counts.
  return [...new Map(entries.filter((each) => each !== null).map((each) => [each.name, each])).values()];
}

type Variable = NonNullable<Container['env']>[number];

async function entryOf(
  c: ProviderContext,
  namespace: string,
  stores: Map<string, Promise<Store | null>>,
  { name, value, valueFrom }: Variable,
): Promise<ConfigurationEntry | null> {
  const plain = { kind: 'variable', name, createdAt: null, updatedAt: null } as const;
  if (!valueFrom) return { ...plain, value: new HiddenValue(value ?? '') };
  const ref = valueFrom.secretKeyRef ?? valueFrom.configMapKeyRef;
  // What the cluster fills in, such as the pod's own address, is nobody's setting.
  if (!ref) return null;
  const kind = valueFrom.secretKeyRef ? ('secret' as const) : ('configmap' as const);
  const known = stores.get(`${kind} ${ref.name}`) ?? readable(c, { kind, namespace, name: ref.name });
  stores.set(`${kind} ${ref.name}`, known);
  const store = await known;
  const kept = store?.keys.find(({ key }) => key === ref.key);
  // Where the store may not be read, nobody can say that the key is not there.
  if (store && !kept) return null;
  const boxed = kept?.value === undefined || kept.value === null ? null : new HiddenValue(kept.value);
  const updatedAt = kept?.updatedAt ?? null;
  return { kind: kind === 'secret' ? 'secret' : 'variable', name, createdAt: null, updatedAt, value: boxed };
}

/** Null where the account may not look; a store that is not there has no keys. */
async function readable(c: ProviderContext, ref: StoreRef): Promise<Store | null> {
  try {
    return await readStore(c, ref);
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    if (error.kind === 'notFound') return { resourceVersion: '', immutable: false, keys: [] };
    if (error.code === 'missing_permission') return null;
    throw error;
  }
}
