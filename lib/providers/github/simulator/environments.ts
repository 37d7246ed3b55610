import { NO_RULES } from './gate-facts';
import { PEOPLE } from './history';
import { ORGANIZATION, simpleUser } from './people-view';
import { iso, nodeId } from './random';
import { API, notFound, ok, paged, problem, type Reply, WEB } from './respond';
import type { RepoCall, RepoRoute } from './router';
import type { EnvironmentRules, EnvironmentState, RepoState } from './types';

/** The organisation's one team, and who is in it. */
export const TEAM = {
  id: 9_230_011,
  slug: 'release-managers',
  name: 'Release managers',
  members: ['yukihara', 'inesroca'],
};

const DOCS = '/deployments/environments';
const POLICIES = '/deployments/branch-policies#list-deployment-branch-policies';

function teamView() {
  const url = `${API}/organizations/${ORGANIZATION.id}/team/${TEAM.id}`;
  return {
    id: TEAM.id,
    node_id: nodeId('T', TEAM.id),
    name: TEAM.name,
    slug: TEAM.slug,
    description: '',
    privacy: 'closed',
    notification_setting: 'notifications_enabled',
    permission: 'pull',
    url,
    html_url: `${WEB}/orgs/${ORGANIZATION.login}/teams/${TEAM.slug}`,
    members_url: `${url}/members{/member}`,
    repositories_url: `${url}/repos`,
    parent: null,
    type: 'organization',
    organization_id: ORGANIZATION.id,
  };
}

/** Reviewers as environments and pending deployments show them. */
export function reviewersView(rules: EnvironmentRules) {
  return rules.reviewers.map(({ type, id }) => {
    const person = PEOPLE.find((one) => one.id === id);
    return { type, reviewer: type === 'Team' || !person ? teamView() : simpleUser(person) };
  });
}

/** Whether a person may answer for an environment, themselves or by their team. */
export function isReviewer(rules: EnvironmentRules, login: string): boolean {
  return rules.reviewers.some(({ type, id }) =>
    type === 'Team' ? TEAM.members.includes(login) : PEOPLE.find((one) => one.id === id)?.login === login,
  );
}

function rulesView({ id, rules = NO_RULES }: EnvironmentState) {
  const rule = (at: number, type: string) => ({ id: id * 10 + at, node_id: nodeId('GA', id * 10 + at), type });
  return [
    ...(rules.waitTimer > 0 ? [{ ...rule(1, 'wait_timer'), wait_timer: rules.waitTimer }] : []),
    ...(rules.reviewers.length > 0
      ? [
          {
            ...rule(2, 'required_reviewers'),
            prevent_self_review: rules.preventSelfReview,
            reviewers: reviewersView(rules),
          },
        ]
      : []),
    ...(rules.branches === null ? [] : [rule(3, 'branch_policy')]),
  ];
}

/** `environment` of the REST contract, and `can_admins_bypass`, which GitHub sends besides. */
export function environmentView(repo: RepoState, one: EnvironmentState) {
  const { id, name, createdAt, rules = NO_RULES } = one;
  return {
    id,
    node_id: nodeId('EN', id),
    name,
    url: `${API}/repos/${repo.fullName}/environments/${encodeURIComponent(name)}`,
    html_url: `${WEB}/${repo.fullName}/deployments/activity_log?environments_filter=${encodeURIComponent(name)}`,
    created_at: iso(createdAt),
    updated_at: iso(createdAt),
    can_admins_bypass: true,
    protection_rules: rulesView(one),
    deployment_branch_policy:
      rules.branches === null
        ? null
        : {
            protected_branches: rules.branches === 'protected',
            custom_branch_policies: rules.branches !== 'protected',
          },
  };
}

function found({ repo, params }: RepoCall): EnvironmentState | undefined {
  return repo.environments.find((one) => one.name.toLowerCase() === params.environment?.toLowerCase());
}

function list({ repo, url }: RepoCall): Reply {
  const { items, headers } = paged(url, repo.environments);
  const environments = items.map((one) => environmentView(repo, one));
  return ok({ total_count: repo.environments.length, environments }, headers);
}

async function set(call: RepoCall, name: string, rules: EnvironmentRules): Promise<EnvironmentState | undefined> {
  const { repo, world, state, now } = call;
  await world.record({ at: now, kind: 'environment.set', data: { repo: repo.fullName, name, rules } });
  state.fold(world.facts());
  return repo.environments.find((one) => one.name === name);
}

async function put(call: RepoCall): Promise<Reply> {
  const { body, repo, params } = call;
  const docs = `${DOCS}#create-or-update-an-environment`;
  const waitTimer = Number(body.wait_timer ?? 0);
  if (waitTimer < 0 || waitTimer > 43_200) return problem(422, 'Validation Failed', docs);
  const policy = (body.deployment_branch_policy ?? null) as { protected_branches?: boolean } | null;
  const before = found(call)?.rules?.branches;
  const rules: EnvironmentRules = {
    waitTimer,
    preventSelfReview: body.prevent_self_review === true,
    reviewers: ((body.reviewers ?? []) as EnvironmentRules['reviewers']).slice(0, 6),
    branches: policy && (policy.protected_branches ? 'protected' : Array.isArray(before) ? before : []),
  };
  const made = await set(call, found(call)?.name ?? String(params.environment), rules);
  return made ? ok(environmentView(repo, made)) : notFound(docs);
}

const policyView = ({ id, name, type }: { id: number; name: string; type: string }) => ({
  id,
  node_id: nodeId('GABP', id),
  name,
  type,
});

function listPolicies(call: RepoCall): Reply {
  const one = found(call);
  if (!one) return notFound(POLICIES);
  const all = Array.isArray(one.rules?.branches) ? one.rules.branches : [];
  const { items, headers } = paged(call.url, all);
  return ok({ total_count: all.length, branch_policies: items.map(policyView) }, headers);
}

async function addPolicy(call: RepoCall): Promise<Reply> {
  const one = found(call);
  const all = one?.rules?.branches;
  if (!one?.rules || !Array.isArray(all)) return notFound(POLICIES);
  const type = call.body.type === 'tag' ? ('tag' as const) : ('branch' as const);
  const policy = { id: one.id * 100 + all.length, name: String(call.body.name), type };
  await set(call, one.name, { ...one.rules, branches: [...all, policy] });
  return ok(policyView(policy));
}

const one = '/environments/{environment}';
const read = { method: 'GET', needs: 'actions=read' } as const;

export const environmentRoutes: readonly RepoRoute[] = [
  { ...read, path: '/environments', docs: `${DOCS}#list-environments`, handle: list },
  {
    ...read,
    path: one,
    docs: `${DOCS}#get-an-environment`,
    handle(call) {
      const environment = found(call);
      return environment ? ok(environmentView(call.repo, environment)) : notFound(`${DOCS}#get-an-environment`);
    },
  },
  {
    method: 'PUT',
    path: one,
    needs: 'administration=write',
    docs: `${DOCS}#create-or-update-an-environment`,
    handle: put,
  },
  { ...read, path: `${one}/deployment-branch-policies`, docs: POLICIES, handle: listPolicies },
  {
    method: 'POST',
    path: `${one}/deployment-branch-policies`,
    needs: 'administration=write',
    docs: POLICIES,
    handle: addPolicy,
  },
  {
    ...read,
    path: `${one}/deployment_protection_rules`,
    docs: '/deployments/protection-rules#get-all-deployment-protection-rules-for-an-environment',
    handle: (call) => (found(call) ? ok({ total_count: 0, custom_deployment_protection_rules: [] }) : notFound()),
  },
];
