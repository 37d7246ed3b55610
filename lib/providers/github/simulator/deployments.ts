import { resolveCommit } from './git';
import { simpleUser } from './people-view';
import { type CommitStatus, type DeploymentRecord, published, type RecordStatus } from './published';
import { iso, nodeId } from './random';
import { API, notFound, ok, paged, problem, type Reply, WEB } from './respond';
import type { RepoCall, RepoRoute } from './router';

const CREATE = '/deployments/deployments#create-a-deployment';
const LIST = '/deployments/deployments#list-deployments';
const SAY = '/deployments/statuses#create-a-deployment-status';
const STATUSES = '/deployments/statuses#list-deployment-statuses';
const MARK = '/commits/statuses#create-a-commit-status';
const STATES = ['error', 'failure', 'inactive', 'in_progress', 'queued', 'pending', 'success'];

function recordView({ state }: RepoCall, record: DeploymentRecord) {
  const url = `${API}/repos/${record.repo}/deployments/${record.id}`;
  return {
    url,
    id: record.id,
    node_id: nodeId('DE', record.id),
    sha: record.sha,
    ref: record.ref,
    task: record.task,
    payload: record.payload,
    original_environment: record.environment,
    environment: record.environment,
    description: record.description,
    creator: simpleUser(state.person(record.creator)),
    created_at: iso(record.at),
    updated_at: iso(record.statuses.at(-1)?.at ?? record.at),
    statuses_url: `${url}/statuses`,
    repository_url: `${API}/repos/${record.repo}`,
    transient_environment: record.transient,
    production_environment: record.production,
  };
}

function statusView({ state }: RepoCall, record: DeploymentRecord, said: RecordStatus) {
  const url = `${API}/repos/${record.repo}/deployments/${record.id}`;
  return {
    url: `${url}/statuses/${said.id}`,
    id: said.id,
    node_id: nodeId('DES', said.id),
    state: said.state,
    creator: simpleUser(state.person(said.creator)),
    description: said.description,
    environment: record.environment,
    target_url: said.logUrl || `${WEB}/${record.repo}/deployments`,
    ...(said.logUrl ? { log_url: said.logUrl } : {}),
    created_at: iso(said.at),
    updated_at: iso(said.at),
    deployment_url: url,
    repository_url: `${API}/repos/${record.repo}`,
    ...(said.environmentUrl ? { environment_url: said.environmentUrl } : {}),
  };
}

function listRecords(call: RepoCall): Reply {
  const { state, world, repo, url } = call;
  const asked = (name: string) => url.searchParams.get(name);
  const found = published(state, world).deployments.filter(
    (one) =>
      one.repo === repo.fullName &&
      [one.sha, null].includes(asked('sha')) &&
      [one.environment, null].includes(asked('environment')) &&
      [one.task, null].includes(asked('task')),
  );
  const { items, headers } = paged(url, found.toReversed());
  return ok(
    items.map((one) => recordView(call, one)),
    headers,
  );
}

async function createRecord(call: RepoCall): Promise<Reply> {
  const { state, world, repo, body, now, caller } = call;
  const sha = typeof body.ref === 'string' ? resolveCommit(repo, body.ref) : null;
  if (!sha) return problem(422, `No ref found for: ${String(body.ref)}`, CREATE);
  const head = repo.branches.get(repo.defaultBranch);
  // GitHub's own default merges the default branch into what is deployed when that is behind it.
  if (body.auto_merge !== false && head !== sha)
    return { status: 202, body: { message: `Auto-merged ${repo.defaultBranch} into ${body.ref} on deployment.` } };
  if (!Array.isArray(body.required_contexts))
    return problem(409, 'Conflict: Commit status checks failed for the ref.', CREATE);
  if (typeof body.description === 'string' && [...body.description].length > 140)
    return problem(422, 'Validation Failed', CREATE, [
      { resource: 'Deployment', code: 'custom', field: 'description', message: 'description is too long' },
    ]);
  const data = {
    id: 2_400_000_000 + published(state, world).deployments.length * 7,
    repo: repo.fullName,
    sha,
    ref: body.ref,
    task: body.task ?? 'deploy',
    environment: body.environment ?? 'production',
    description: body.description ?? null,
    payload: body.payload ?? {},
    production: body.production_environment === true,
    transient: body.transient_environment === true,
    creator: caller.login,
  };
  await world.record({ at: now, kind: 'deployment.created', data });
  const made = published(state, world).deployments.at(-1);
  return made ? { status: 201, body: recordView(call, made) } : notFound(CREATE);
}

function recordOf({ state, world, repo, params }: RepoCall): DeploymentRecord | undefined {
  const id = Number(params.deployment_id);
  return published(state, world).deployments.find((one) => one.repo === repo.fullName && one.id === id);
}

async function say(call: RepoCall): Promise<Reply> {
  const { state, world, body, now, caller } = call;
  const record = recordOf(call);
  if (!record) return notFound(SAY);
  if (!STATES.includes(String(body.state))) return problem(422, `${String(body.state)} is not a state.`, SAY);
  const description = String(body.description ?? '');
  if ([...description].length > 140) return problem(422, 'description is too long (maximum is 140 characters)', SAY);
  const count = published(state, world).deployments.reduce((sum, one) => sum + one.statuses.length, 0);
  const data = {
    id: 5_100_000_000 + count,
    deployment: record.id,
    state: body.state,
    description,
    logUrl: String(body.log_url ?? body.target_url ?? ''),
    environmentUrl: String(body.environment_url ?? ''),
    creator: caller.login,
  };
  await world.record({ at: now, kind: 'deployment.said', data });
  published(state, world);
  const made = record.statuses.at(-1);
  return made ? { status: 201, body: statusView(call, record, made) } : notFound(SAY);
}

function listStatuses(call: RepoCall): Reply {
  const record = recordOf(call);
  if (!record) return notFound(STATUSES);
  const { items, headers } = paged(call.url, record.statuses.toReversed());
  return ok(
    items.map((each) => statusView(call, record, each)),
    headers,
  );
}

export function commitStatusView({ state }: Pick<RepoCall, 'state'>, status: CommitStatus) {
  const creator = simpleUser(state.person(status.creator));
  return {
    url: `${API}/repos/${status.repo}/statuses/${status.sha}`,
    avatar_url: creator.avatar_url,
    id: status.id,
    node_id: nodeId('SC', status.id),
    state: status.state,
    description: status.description,
    target_url: status.targetUrl,
    context: status.context,
    created_at: iso(status.at),
    updated_at: iso(status.at),
  };
}

/** The newest status of each context that clients made at a commit. */
export function newestStatuses({ state, world, repo }: RepoCall, sha: string): CommitStatus[] {
  const all = published(state, world).statuses.filter((one) => one.repo === repo.fullName && one.sha === sha);
  return [...new Map(all.map((one) => [one.context, one])).values()];
}

async function mark(call: RepoCall): Promise<Reply> {
  const { state, world, repo, params, body, now, caller } = call;
  const { sha = '' } = params;
  if (!repo.commits.has(sha)) return problem(422, `No commit found for SHA: ${sha}`, MARK);
  if (!['error', 'failure', 'pending', 'success'].includes(String(body.state)))
    return problem(422, 'Validation Failed', MARK, [{ resource: 'Status', code: 'custom', field: 'state' }]);
  const data = {
    id: 30_900_000 + published(state, world).statuses.length,
    repo: repo.fullName,
    sha,
    state: body.state,
    context: body.context ?? 'default',
    description: body.description ?? null,
    targetUrl: body.target_url ?? null,
    creator: caller.login,
  };
  await world.record({ at: now, kind: 'commit.status', data });
  const made = published(state, world).statuses.at(-1);
  if (!made) return notFound(MARK);
  const creator = simpleUser(state.person(made.creator));
  return { status: 201, body: { ...commitStatusView(call, made), creator } };
}

export const deploymentRoutes: readonly RepoRoute[] = [
  { method: 'GET', path: '/deployments', needs: 'deployments=read', docs: LIST, handle: listRecords },
  { method: 'POST', path: '/deployments', needs: 'deployments=write', docs: CREATE, handle: createRecord },
  {
    method: 'GET',
    path: '/deployments/{deployment_id}/statuses',
    needs: 'deployments=read',
    docs: STATUSES,
    handle: listStatuses,
  },
  { method: 'POST', path: '/deployments/{deployment_id}/statuses', needs: 'deployments=write', docs: SAY, handle: say },
  { method: 'POST', path: '/statuses/{sha}', needs: 'statuses=write', docs: MARK, handle: mark },
];
