import { ProviderError, type TargetConfig } from '../port';
import { type KubernetesTarget, targetConfig } from './manifest';

/** Settings are validated when they are stored; this catches what was stored before a change of the schema. */
export function workloadOf(config: TargetConfig): KubernetesTarget {
  const parsed = targetConfig.safeParse(config);
  if (parsed.success) return parsed.data;
  const sentence = 'The target’s settings do not fit this version. Open them, save them again, and look once more.';
  throw new ProviderError('rejected', 'bad_target', sentence);
}

export type PlaceKind = 'container' | 'configmap' | 'secret';

/** One store of settings: `configmap shop/backend-settings`, and `container shop/backend/app` for what a Deployment says. */
export interface Place {
  kind: PlaceKind;
  namespace: string;
  name: string;
  /** Only of `container`. */
  container: string | null;
  /** What the container puts before each name. */
  prefix: string;
  /** The target's settings name it as one to write into. */
  writable: boolean;
}

const PART = '[a-z0-9][a-z0-9.-]{0,252}';
const PLACE = new RegExp(
  `^(configmap|secret|read-configmap|read-secret|container):(${PART})/(${PART})(?:/(${PART}))?(?:#([\\w.-]{1,253}))?$`,
);

export function placeId({ kind, namespace, name, container, prefix, writable }: Place): string {
  const word = kind === 'container' || writable ? kind : `read-${kind}`;
  return `${word}:${namespace}/${name}${container === null ? '' : `/${container}`}${prefix === '' ? '' : `#${prefix}`}`;
}

export function placeOf(id: string): Place {
  const [, word, namespace = '', name = '', container = null, prefix = ''] = PLACE.exec(id) ?? [];
  if (word === undefined || (word === 'container') !== (container !== null))
    throw new ProviderError(
      'rejected',
      'bad_place',
      'A cluster keeps no settings in such a place. Load the page again.',
    );
  const kind = word.replace('read-', '') as PlaceKind;
  return { kind, namespace, name, container, prefix, writable: kind !== 'container' && kind === word };
}
