import { ProviderError, type TargetConfig } from '../port';
import { targetConfig } from './manifest';

/** A service of an app, which has the id of its project. */
export interface Store {
  project: string;
  service: string;
}

/** The settings of a target, checked again: they come from a database row. */
export function storeFor(config: TargetConfig): Store {
  const found = targetConfig.safeParse(config);
  if (found.success) return found.data;
  const issue = found.error.issues[0];
  const where = issue ? ` (${issue.path.join('.') || 'settings'}: ${issue.message})` : '';
  const sentence = `The settings of this target are not complete${where}. Mend them under What you deploy.`;
  throw new ProviderError('rejected', 'bad_target', sentence);
}

/** `project/service` */
export function storeOf(place: string): Store {
  const [project, service = '', ...more] = place.split('/');
  const found = targetConfig.safeParse({ project, service });
  if (found.success && more.length === 0) return found.data;
  const sentence = 'App Engine keeps no settings in such a place. Load the page again.';
  throw new ProviderError('rejected', 'bad_place', sentence);
}

export const placeOf = ({ project, service }: Store) => `${project}/${service}`;
export const pathOf = ({ project, service }: Store) => `/v1/apps/${project}/services/${service}`;

export function pageOf({ project, service }: Store): string {
  return `https://console.cloud.google.com/appengine/versions?serviceId=${service}&project=${project}`;
}
