import { ProviderError, type TargetConfig } from '../port';
import { targetConfig } from './manifest';

/** A container's variables, and where they are. */
export interface Store {
  project: string;
  region: string;
  service: string;
  /** Null: the one that takes the requests, or the only one. */
  container: string | null;
}

/** The settings of a target, checked again: they come from a database row. */
export function storeFor(config: TargetConfig): Store {
  const found = targetConfig.safeParse(config);
  if (found.success) return { ...found.data, container: found.data.container ?? null };
  const issue = found.error.issues[0];
  const where = issue ? ` (${issue.path.join('.') || 'settings'}: ${issue.message})` : '';
  const sentence = `The settings of this target are not complete${where}. Mend them under What you deploy.`;
  throw new ProviderError('rejected', 'bad_target', sentence);
}

/** `project/region/service`, and `/container` where it has a name. */
export function placeOf({ project, region, service, container }: Store): string {
  return [project, region, service, ...(container === null ? [] : [container])].join('/');
}

export function storeOf(place: string): Store {
  const [project, region, service, container, ...more] = place.split('/');
  const found = targetConfig.safeParse({ project, region, service, container });
  if (found.success && more.length === 0) return { ...found.data, container: found.data.container ?? null };
  const sentence = 'Cloud Run keeps no settings in such a place. Load the page again.';
  throw new ProviderError('rejected', 'bad_place', sentence);
}

export function pathOf({ project, region, service }: Store): string {
  return `/v2/projects/${project}/locations/${region}/services/${service}`;
}

/** For people. */
export function labelOf({ service, region, container }: Store): string {
  return container === null ? `${service} (${region})` : `${service} (${region}) → ${container}`;
}

export function pageOf({ project, region, service }: Store): string {
  return `https://console.cloud.google.com/run/detail/${region}/${service}/revisions?project=${project}`;
}
