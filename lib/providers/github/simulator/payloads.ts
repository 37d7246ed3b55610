import { headCommit } from './commit-view';
import { organizationUser, simpleUser } from './people-view';
import { iso, nodeId } from './random';
import { repository } from './repo-view';
import { API, WEB } from './respond';
import { jobView, runView } from './run-view';
import type { Attempt, JobPlan, Person, RepoState, Run } from './types';

export interface Payload {
  event: 'workflow_run' | 'workflow_job' | 'deployment_review' | 'push';
  action: string | null;
  repo: string;
  body: Record<string, unknown>;
}

export function envelope(repo: RepoState, sender: Person) {
  const { permissions: _permissions, ...view } = repository(repo, true);
  const { url, repos_url, events_url, avatar_url, login, id, node_id } = organizationUser;
  const base = `${API}/orgs/${login}`;
  const organization = {
    login,
    id,
    node_id,
    url: base,
    repos_url,
    events_url,
    hooks_url: `${base}/hooks`,
    issues_url: `${base}/issues`,
    members_url: `${base}/members{/member}`,
    public_members_url: `${base}/public_members{/member}`,
    avatar_url,
    description: '',
  };
  return {
    repository: { ...view, owner: { ...view.owner, url }, custom_properties: {} },
    organization: { ...organization, repos_url: `${base}/repos`, events_url: `${base}/events` },
    sender: simpleUser(sender),
  };
}

/** Source: https://docs.github.com/webhooks/webhook-events-and-payloads#workflow_run */
export function runPayload(
  run: Run,
  attempt: Attempt,
  action: 'requested' | 'in_progress' | 'completed',
  at: number,
): Payload {
  const { repo, workflow } = run;
  const created = iso(repo.createdAt);
  const description = {
    id: workflow.id,
    node_id: nodeId('W', workflow.id),
    name: workflow.name,
    path: workflow.path,
    state: 'active',
    created_at: created,
    updated_at: created,
    url: `${API}/repos/${repo.fullName}/actions/workflows/${workflow.id}`,
    html_url: `${WEB}/${repo.fullName}/blob/${repo.defaultBranch}/${workflow.path}`,
    badge_url: `${WEB}/${repo.fullName}/workflows/${encodeURIComponent(workflow.name)}/badge.svg`,
  };
  const body = {
    action,
    workflow_run: runView(run, attempt, at),
    workflow: description,
    ...envelope(repo, attempt.actor),
  };
  return { event: 'workflow_run', action, repo: repo.fullName, body };
}

/** Source: https://docs.github.com/webhooks/webhook-events-and-payloads#workflow_job */
export function jobPayload(
  run: Run,
  attempt: Attempt,
  job: JobPlan,
  action: 'waiting' | 'queued' | 'in_progress' | 'completed',
  at: number,
): Payload {
  const body = { action, workflow_job: jobView(run, attempt.number, job, at), ...envelope(run.repo, attempt.actor) };
  return { event: 'workflow_job', action, repo: run.repo.fullName, body };
}

export interface Pushed {
  repo: RepoState;
  ref: string;
  before: string;
  after: string;
  by: Person;
  at: number;
}

/** Source: https://docs.github.com/webhooks/webhook-events-and-payloads#push */
export function pushPayload({ repo, ref, before, after, by }: Pushed): Payload {
  const node = repo.commits.get(after);
  const isNewRef = /^0+$/.test(before) || before === '';
  const { author, committer, ...head } = headCommit(repo, after);
  const names = (status: string) =>
    (node?.changes ?? []).filter((change) => change.status === status).map((change) => change.path);
  const commit = {
    ...head,
    distinct: true,
    url: `${WEB}/${repo.fullName}/commit/${after}`,
    author: { ...author, username: by.login },
    committer: { ...committer, username: by.login },
    added: names('added'),
    removed: names('removed'),
    modified: names('modified'),
  };
  const { repository: view, ...rest } = envelope(repo, by);
  const seconds = (text: string) => Math.floor(Date.parse(text) / 1000);
  const body = {
    ref,
    before: isNewRef ? '0'.repeat(40) : before,
    after,
    created: isNewRef,
    deleted: false,
    forced: false,
    base_ref: null,
    compare: isNewRef
      ? `${WEB}/${repo.fullName}/compare/${ref.replace(/^refs\/(heads|tags)\//, '')}`
      : `${WEB}/${repo.fullName}/compare/${before.slice(0, 12)}...${after.slice(0, 12)}`,
    commits: isNewRef ? [] : [commit],
    head_commit: commit,
    repository: {
      ...view,
      url: `${WEB}/${repo.fullName}`,
      owner: { ...view.owner, name: view.owner.login, email: null },
      created_at: seconds(view.created_at),
      pushed_at: seconds(view.pushed_at),
      stargazers: 3,
      master_branch: repo.defaultBranch,
    },
    pusher: { name: by.login, email: by.email },
    ...rest,
  };
  return { event: 'push', action: null, repo: repo.fullName, body };
}
