import { fullRepository } from './repo-view';
import { ok } from './respond';
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
];
