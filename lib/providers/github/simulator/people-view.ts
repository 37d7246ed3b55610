import { nodeId } from './random';
import { API, WEB } from './respond';
import type { Person } from './types';

/** `simple-user` of the REST contract. */
export function simpleUser(
  person: Person,
  type: 'User' | 'Organization' | 'Bot' = person.login.endsWith('[bot]') ? 'Bot' : 'User',
) {
  const url = `${API}/users/${encodeURIComponent(person.login)}`;
  return {
    login: person.login,
    id: person.id,
    node_id: nodeId(type === 'Organization' ? 'O' : 'U', person.id),
    avatar_url: `https://avatars.githubusercontent.com/u/${person.id}?v=4`,
    gravatar_id: '',
    url,
    html_url: `${WEB}/${person.login}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type,
    user_view_type: 'public',
    site_admin: false,
  };
}

export const ORGANIZATION: Person = {
  id: 149_307_711,
  login: 'aetherstack',
  name: 'AetherStack',
  email: 'team@aetherstack.example.com',
};

export const organizationUser = simpleUser(ORGANIZATION, 'Organization');
