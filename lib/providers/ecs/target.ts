import { ProviderError, type TargetConfig } from '../port';
import { type EcsTarget, targetConfig } from './manifest';

export type Place = EcsTarget;

/** One container of one service. */
export interface Store {
  cluster: string;
  service: string;
  container: string;
}

/** The settings of a target, checked again: they come from a database row. */
export function placeOf(config: TargetConfig): Place {
  const parsed = targetConfig.safeParse(config);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue ? ` (${issue.path.join('.') || 'settings'}: ${issue.message})` : '';
  const sentence = `The settings of this service are not complete${where}. Mend them under What you deploy.`;
  throw new ProviderError('rejected', 'bad_target', sentence);
}

export const idOf = ({ cluster, service, container }: Store) => `${cluster}/${service}/${container}`;

/** `cluster/service/container`; anything else is refused before it is asked about. */
export function storeOf(place: string): Store {
  const [, cluster, service, container] = /^([\w-]{1,255})\/([\w-]{1,255})\/([\w-]{1,255})$/.exec(place) ?? [];
  if (cluster && service && container) return { cluster, service, container };
  throw new ProviderError(
    'rejected',
    'bad_place',
    'Amazon ECS keeps no settings in such a place. Load the page again.',
  );
}

export const labelOf = ({ cluster, service }: Pick<Store, 'cluster' | 'service'>) => `${service} in ${cluster}`;
