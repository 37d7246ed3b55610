import { organizationUser } from './people-view';
import { iso, nodeId } from './random';
import { API, WEB } from './respond';
import type { RepoState } from './types';

const PLAIN = [
  'assignees{/user}',
  'branches{/branch}',
  'collaborators{/collaborator}',
  'comments{/number}',
  'commits{/sha}',
  'compare/{base}...{head}',
  'contents/{+path}',
  'contributors',
  'deployments',
  'downloads',
  'events',
  'forks',
  'hooks',
  'issues{/number}',
  'keys{/key_id}',
  'labels{/name}',
  'languages',
  'merges',
  'milestones{/number}',
  'notifications{?since,all,participating}',
  'pulls{/number}',
  'releases{/id}',
  'stargazers',
  'statuses/{sha}',
  'subscribers',
  'subscription',
  'tags',
  'teams',
];

function links(repo: RepoState): Record<string, string> {
  const url = `${API}/repos/${repo.fullName}`;
  const named = PLAIN.map((path) => [`${path.split(/[/{]/)[0]}_url`, `${url}/${path}`]);
  return {
    ...Object.fromEntries(named),
    archive_url: `${url}/{archive_format}{/ref}`,
    blobs_url: `${url}/git/blobs{/sha}`,
    git_commits_url: `${url}/git/commits{/sha}`,
    git_refs_url: `${url}/git/refs{/sha}`,
    git_tags_url: `${url}/git/tags{/sha}`,
    issue_comment_url: `${url}/issues/comments{/number}`,
    issue_events_url: `${url}/issues/events{/number}`,
    trees_url: `${url}/git/trees{/sha}`,
  };
}

/** `minimal-repository`: what runs and events carry. */
export function minimalRepository(repo: RepoState) {
  return {
    id: repo.id,
    node_id: nodeId('R', repo.id),
    name: repo.name,
    full_name: repo.fullName,
    private: repo.private,
    owner: organizationUser,
    html_url: `${WEB}/${repo.fullName}`,
    description: repo.description,
    fork: false,
    url: `${API}/repos/${repo.fullName}`,
    ...links(repo),
  };
}

/** `repository`: what lists of repositories carry. */
export function repository(repo: RepoState, canPush: boolean) {
  const last = Math.max(repo.createdAt, ...[...repo.commits.values()].map((commit) => commit.at));
  return {
    ...minimalRepository(repo),
    clone_url: `${WEB}/${repo.fullName}.git`,
    git_url: `git://github.com/${repo.fullName}.git`,
    ssh_url: `git@github.com:${repo.fullName}.git`,
    svn_url: `${WEB}/${repo.fullName}`,
    mirror_url: null,
    homepage: null,
    language: repo.language,
    forks_count: 0,
    forks: 0,
    stargazers_count: 3,
    watchers_count: 3,
    watchers: 3,
    size: 412,
    default_branch: repo.defaultBranch,
    open_issues_count: 0,
    open_issues: 0,
    is_template: false,
    topics: [],
    has_issues: true,
    has_projects: false,
    has_wiki: false,
    has_pages: false,
    has_downloads: true,
    has_discussions: false,
    archived: false,
    disabled: false,
    visibility: repo.private ? 'private' : 'public',
    license: {
      key: 'mit',
      name: 'MIT License',
      spdx_id: 'MIT',
      url: `${API}/licenses/mit`,
      node_id: 'MDc6TGljZW5zZTEz',
    },
    allow_forking: false,
    web_commit_signoff_required: false,
    pushed_at: iso(last),
    created_at: iso(repo.createdAt),
    updated_at: iso(last),
    permissions: { admin: canPush, maintain: canPush, push: canPush, triage: canPush, pull: true },
  };
}

/** `full-repository`: `GET /repos/{owner}/{repo}`. */
export function fullRepository(repo: RepoState, canPush: boolean) {
  return {
    ...repository(repo, canPush),
    organization: organizationUser,
    network_count: 0,
    subscribers_count: 4,
    temp_clone_token: null,
    allow_squash_merge: true,
    allow_merge_commit: false,
    allow_rebase_merge: true,
    allow_auto_merge: false,
    delete_branch_on_merge: true,
  };
}
