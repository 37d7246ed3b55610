import { iso, nodeId } from './random';
import { fullRepository } from './repo-view';
import { API, ok, paged, WEB } from './respond';
import type { Call, RepoRoute } from './router';

export function canPush(call: Pick<Call, 'caller'>): boolean {
  const { permissions } = call.caller;
  return permissions === 'all' || permissions.contents === 'write';
}

export const repositoryRoutes: readonly RepoRoute[] = [
  {
    method: 'GET',
    path: '',
    needs: 'metadata=read',
    docs: '/repos/repos#get-a-repository',
    handle: (call) => ok(fullRepository(call.repo, canPush(call))),
  },
  {
    method: 'GET',
    path: '/environments',
    needs: 'actions=read',
    docs: '/deployments/environments#list-environments',
    handle({ repo, url }) {
      const { items, headers } = paged(url, repo.environments);
      const environments = items.map(({ id, name, createdAt }) => ({
        id,
        node_id: nodeId('EN', id),
        name,
        url: `${API}/repos/${repo.fullName}/environments/${encodeURIComponent(name)}`,
        html_url: `${WEB}/${repo.fullName}/deployments/activity_log?environments_filter=${encodeURIComponent(name)}`,
        created_at: iso(createdAt),
        updated_at: iso(createdAt),
        can_admins_bypass: true,
        protection_rules: [],
        deployment_branch_policy: null,
      }));
      return ok({ total_count: repo.environments.length, environments }, headers);
    },
  },
];
