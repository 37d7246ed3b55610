import { PEOPLE } from './history';
import type { Limits } from './limits';
import { ORGANIZATION, simpleUser } from './people-view';
import { iso } from './random';
import { minimalRepository, repository } from './repo-view';
import { canPush } from './repos';
import { API, notFound, ok, paged, WEB } from './respond';
import type { Call, Route } from './router';

const TEMPLATES: Record<string, string> = {
  authorizations_url: '/authorizations',
  code_search_url: '/search/code?q={query}{&page,per_page,sort,order}',
  commit_search_url: '/search/commits?q={query}{&page,per_page,sort,order}',
  current_user_repositories_url: '/user/repos{?type,page,per_page,sort}',
  current_user_url: '/user',
  emails_url: '/user/emails',
  emojis_url: '/emojis',
  events_url: '/events',
  feeds_url: '/feeds',
  followers_url: '/user/followers',
  following_url: '/user/following{/target}',
  gists_url: '/gists{/gist_id}',
  issue_search_url: '/search/issues?q={query}{&page,per_page,sort,order}',
  issues_url: '/issues',
  keys_url: '/user/keys',
  label_search_url: '/search/labels?q={query}&repository_id={repository_id}{&page,per_page}',
  notifications_url: '/notifications',
  organization_repositories_url: '/orgs/{org}/repos{?type,page,per_page,sort}',
  organization_teams_url: '/orgs/{org}/teams',
  organization_url: '/orgs/{org}',
  public_gists_url: '/gists/public',
  rate_limit_url: '/rate_limit',
  repository_search_url: '/search/repositories?q={query}{&page,per_page,sort,order}',
  repository_url: '/repos/{owner}/{repo}',
  starred_gists_url: '/gists/starred',
  starred_url: '/user/starred{/owner}{/repo}',
  user_organizations_url: '/user/orgs',
  user_repositories_url: '/users/{user}/repos{?type,page,per_page,sort}',
  user_search_url: '/search/users?q={query}{&page,per_page,sort,order}',
  user_url: '/users/{user}',
};

const root = {
  ...Object.fromEntries(Object.entries(TEMPLATES).map(([name, path]) => [name, `${API}${path}`])),
  current_user_authorizations_html_url: `${WEB}/settings/connections/applications{/client_id}`,
};

const anyone = { method: 'GET', needs: null, who: 'anyone' } as const;
const signedIn = { method: 'GET', needs: null, who: 'token' } as const;

export function accountRoutes(limits: Limits): readonly Route[] {
  return [
    { ...anyone, path: '/', docs: '/meta/meta#github-api-root', handle: () => ok(root) },
    {
      ...anyone,
      path: '/meta',
      docs: '/meta/meta#get-github-meta-information',
      handle: () => ok({ verifiable_password_authentication: false }),
    },
    { ...anyone, path: '/rate_limit', docs: '/rate-limit/rate-limit', handle: (call) => rateLimit(call, limits) },
    { ...signedIn, path: '/user', docs: '/users/users#get-the-authenticated-user', handle: user },
    {
      ...signedIn,
      path: '/user/emails',
      docs: '/users/emails',
      handle: ({ caller, state }) =>
        ok([{ email: state.person(caller.login).email, primary: true, verified: true, visibility: 'private' }]),
    },
    {
      ...signedIn,
      path: '/user/repos',
      docs: '/repos/repos#list-repositories-for-the-authenticated-user',
      handle: listRepositories,
    },
    {
      ...signedIn,
      path: '/orgs/{org}/repos',
      docs: '/repos/repos#list-organization-repositories',
      handle(call) {
        if (call.params.org?.toLowerCase() !== ORGANIZATION.login)
          return notFound('/repos/repos#list-organization-repositories');
        const { items, headers } = paged(call.url, [...call.state.repos.values()]);
        return ok(
          items.map((repo) => ({ ...minimalRepository(repo), ...repository(repo, canPush(call)) })),
          headers,
        );
      },
    },
  ];
}

function listRepositories(call: Call) {
  const { items, headers } = paged(call.url, [...call.state.repos.values()]);
  return ok(
    items.map((repo) => repository(repo, canPush(call))),
    headers,
  );
}

function user({ caller, state, options }: Call) {
  const person = state.person(caller.login);
  const joined = iso(Date.UTC(2019, 2, 4) + options.seed * 1000);
  return ok({
    ...simpleUser(person),
    name: person.name,
    company: '@aetherstack',
    blog: '',
    location: null,
    email: person.email,
    hireable: null,
    bio: null,
    twitter_username: null,
    notification_email: person.email,
    public_repos: 4,
    public_gists: 0,
    followers: PEOPLE.length,
    following: 2,
    created_at: joined,
    updated_at: joined,
    private_gists: 0,
    total_private_repos: 3,
    owned_private_repos: 0,
    disk_usage: 1_200,
    collaborators: 0,
    two_factor_authentication: true,
    plan: { name: 'pro', space: 976_562_499, private_repos: 9_999, collaborators: 0 },
  });
}

function rateLimit({ caller, now }: Call, limits: Limits) {
  const { limit, used, resetAt } = limits.peek(caller.key, now);
  const reset = Math.ceil(resetAt / 1000);
  const core = { limit, used, remaining: Math.max(0, limit - used), reset };
  const other = (most: number) => ({ limit: most, used: 0, remaining: most, reset: Math.ceil(now / 1000) + 60 });
  return ok({
    resources: {
      core,
      search: other(30),
      graphql: other(5_000),
      integration_manifest: other(5_000),
      code_search: other(10),
    },
    rate: core,
  });
}
