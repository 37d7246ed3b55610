import { organizationUser } from './people-view';
import { ok, type Reply } from './respond';
import type { RepoCall, RepoRoute } from './router';

/** As for every repository that was made since July 2026: names and ids, so that nobody gets them by taking a name over. */
const prefixOf = ({ repo }: RepoCall) =>
  `repo:${organizationUser.login}@${organizationUser.id}/${repo.name}@${repo.id}`;

const read = (call: RepoCall): Reply =>
  ok({ use_default: true, use_immutable_subject: true, sub_claim_prefix: prefixOf(call) });

export const subjectRoutes: readonly RepoRoute[] = [
  {
    method: 'GET',
    path: '/actions/oidc/customization/sub',
    needs: 'actions=read',
    docs: '/actions/oidc#get-the-customization-template-for-an-oidc-subject-claim-for-a-repository',
    handle: read,
  },
];
