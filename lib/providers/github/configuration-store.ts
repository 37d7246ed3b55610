import { type ConfigurationPlace, ProviderError, type SettingKind } from '../port';
import type { About } from './errors';
import { manifest } from './manifest';
import { splitName } from './target';

export type StoreScope = 'environment' | 'repository' | 'organization';

/** A place and how it is reached. */
export interface Store {
  scope: StoreScope;
  /** Templates of the two lists; what is in braces is filled in, and encoded, from `params`. */
  lists: Record<SettingKind, string>;
  params: Record<string, string>;
  about: About;
}

const OF_REPOSITORY = '/repos/{owner}/{repo}/actions';
const OF_ENVIRONMENT = '/repos/{owner}/{repo}/environments/{environment_name}';

/** `scope:owner/name`, and for an environment its name behind a second colon. Throws for anything else. */
export function storeOf(place: string): Store {
  const [, scope, repository = '', environment] =
    /^(environment|repository|organization):([^:]+)(?::(.*))?$/su.exec(place) ?? [];
  const params = splitName(repository);
  if (scope === 'environment' && environment !== undefined) {
    if (!isEnvironmentName(environment)) throw unknownPlace();
    return {
      scope,
      lists: { secret: `${OF_ENVIRONMENT}/secrets`, variable: `${OF_ENVIRONMENT}/variables` },
      params: { ...params, environment_name: environment },
      about: { what: 'environment', subject: `${repository} → ${environment}` },
    };
  }
  const about: About = { what: 'repository', subject: repository };
  if (scope === 'repository' && environment === undefined)
    return {
      scope,
      lists: { secret: `${OF_REPOSITORY}/secrets`, variable: `${OF_REPOSITORY}/variables` },
      params,
      about,
    };
  if (scope === 'organization' && environment === undefined)
    return {
      scope,
      lists: {
        secret: `${OF_REPOSITORY}/organization-secrets`,
        variable: `${OF_REPOSITORY}/organization-variables`,
      },
      params,
      about,
    };
  throw unknownPlace();
}

/** One that is a step in a path once it is in an address names no environment. */
export function isEnvironmentName(name: string): boolean {
  return name.length > 0 && name.length <= 255 && name !== '.' && name !== '..' && !/\p{Cc}/u.test(name);
}

const PAGE: Record<StoreScope, (repository: string) => string> = {
  environment: (repository) => `https://github.com/${repository}/settings/environments`,
  repository: (repository) => `https://github.com/${repository}/settings/secrets/actions`,
  organization: (repository) => `https://github.com/organizations/${repository.split('/')[0]}/settings/secrets/actions`,
};

/** As people see it, on the server at `origin`. Pages of another server than github.com are not guessed. */
export function placeAt(
  scope: StoreScope,
  repository: string,
  { environment, absent = null, origin }: { environment?: string; absent?: string | null; origin: string },
): ConfigurationPlace {
  const server = new URL(origin).origin;
  const owner = repository.split('/')[0] ?? repository;
  const label = { environment: `${repository} → ${environment}`, repository, organization: owner }[scope];
  const id = environment === undefined ? `${scope}:${repository}` : `${scope}:${repository}:${environment}`;
  return {
    id,
    // GitHub tells capitals from small letters in none of these names.
    identity: `${server} ${id.toLowerCase()}`,
    environment: environment ?? null,
    scope,
    label,
    absent,
    url: server === manifest.defaultOrigin ? PAGE[scope](repository) : null,
  };
}

function unknownPlace(): ProviderError {
  return new ProviderError('rejected', 'bad_place', 'GitHub keeps no settings in such a place. Load the page again.');
}
