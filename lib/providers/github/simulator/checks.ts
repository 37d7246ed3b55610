import { appView } from './apps';
import { checkRunRoutes, checksMadeAt, latestMade, madeCheckView } from './check-runs';
import { headCommit } from './commit-view';
import { commitRoute } from './commits';
import { commitStatusView, newestStatuses } from './deployments';
import { resolveCommit } from './git';
import { iso, nodeId, objectId } from './random';
import { minimalRepository } from './repo-view';
import { API, ok, paged, problem, type Reply, WEB } from './respond';
import type { RepoCall, RepoRoute } from './router';
import { listedJobs, statusOf, suiteId } from './run-view';
import type { State } from './state';
import type { Attempt, JobPlan, RepoState, Run } from './types';

const ACTIONS = appView({ id: 15_368, slug: 'github-actions', name: 'GitHub Actions' });

interface Check {
  run: Run;
  attempt: Attempt;
  jobs: JobPlan[];
}

/** What Actions has to say about a commit: the last attempt of each of its runs. */
function checksOf(state: State, repo: RepoState, sha: string, now: number): Check[] {
  const found: Check[] = [];
  for (const run of state.runsOf.get(sha) ?? []) {
    const attempt = run.attempts.at(-1);
    if (run.repo === repo && attempt && run.createdAt <= now)
      found.push({ run, attempt, jobs: listedJobs(attempt, now) });
  }
  return found.reverse();
}

function checkRun({ run }: Check, job: JobPlan, now: number) {
  const { status, conclusion } = statusOf(job, now);
  const url = `${API}/repos/${run.repo.fullName}/check-runs/${job.id}`;
  const html = `${WEB}/${run.repo.fullName}/actions/runs/${run.id}/job/${job.id}`;
  return {
    id: job.id,
    name: job.name,
    node_id: nodeId('CR', job.id),
    head_sha: run.sha,
    external_id: objectId('check', job.id).slice(0, 32),
    url,
    html_url: html,
    details_url: html,
    status,
    conclusion,
    started_at: iso(now >= job.startedAt ? job.startedAt : job.createdAt),
    completed_at: status === 'completed' ? iso(job.endsAt) : null,
    output: { title: null, summary: null, text: null, annotations_count: 0, annotations_url: `${url}/annotations` },
    check_suite: { id: suiteId(run) },
    app: ACTIONS,
    pull_requests: [],
  };
}

function checkSuite(check: Check, now: number) {
  const { run, attempt } = check;
  const { status, conclusion } = statusOf(attempt, now);
  const url = `${API}/repos/${run.repo.fullName}/check-suites/${suiteId(run)}`;
  return {
    id: suiteId(run),
    node_id: nodeId('CS', suiteId(run)),
    head_branch: run.branch,
    head_sha: run.sha,
    status,
    conclusion,
    url,
    before: run.repo.commits.get(run.sha)?.parents[0] ?? '0'.repeat(40),
    after: run.sha,
    pull_requests: [],
    app: ACTIONS,
    repository: minimalRepository(run.repo),
    created_at: iso(run.createdAt),
    updated_at: iso(Math.min(now, attempt.endsAt)),
    latest_check_runs_count: check.jobs.length,
    check_runs_url: `${url}/check-runs`,
    head_commit: headCommit(run.repo, run.sha),
    rerequestable: true,
    runs_rerequestable: false,
  };
}

type CommitCall = RepoCall & { sha: string };

function atCommit(docs: string, handle: (call: CommitCall) => Reply): (call: RepoCall) => Reply {
  return (call) => {
    const sha = resolveCommit(call.repo, call.params.ref ?? '');
    return sha ? handle({ ...call, sha }) : problem(422, `No commit found for SHA: ${call.params.ref}`, docs);
  };
}

/** `filter=latest`, the default: of checks with one name from one workflow, the most recent. */
function latest(all: readonly { check: Check; job: JobPlan }[]) {
  const seen = new Set<string>();
  return all.filter(({ check, job }) => {
    const name = `${check.run.workflow.id} ${check.run.event} ${job.name}`;
    return !seen.has(name) && seen.add(name);
  });
}

function listCheckRuns(call: CommitCall): Reply {
  const { state, repo, sha, now, url } = call;
  const name = url.searchParams.get('check_name');
  const status = url.searchParams.get('status');
  const all = checksOf(state, repo, sha, now).flatMap((check) => check.jobs.map((job) => ({ check, job })));
  const isAll = url.searchParams.get('filter') === 'all';
  const made = checksMadeAt(call, sha);
  const views = [
    ...(isAll ? made : latestMade(made)).map(madeCheckView),
    ...(isAll ? all : latest(all)).map(({ check, job }) => checkRun(check, job, now)),
  ];
  const wanted = views.filter((one) => (!name || one.name === name) && (!status || one.status === status));
  const { items, headers } = paged(url, wanted);
  return ok({ total_count: wanted.length, check_runs: items }, headers);
}

function listCheckSuites({ state, repo, sha, now, url }: CommitCall): Reply {
  const all = checksOf(state, repo, sha, now);
  const { items, headers } = paged(url, all);
  return ok({ total_count: all.length, check_suites: items.map((check) => checkSuite(check, now)) }, headers);
}

/** Legacy commit statuses: one, from a coverage service, on every third commit. Checks never appear here. */
function statuses(repo: RepoState, sha: string) {
  const node = repo.commits.get(sha);
  if (!node || Number.parseInt(sha.slice(0, 2), 16) % 3 !== 0) return [];
  const url = `${API}/repos/${repo.fullName}/statuses/${sha}`;
  const at = iso(node.at + 90_000);
  return [
    {
      url,
      avatar_url: 'https://avatars.githubusercontent.com/in/254',
      id: 30_000_000 + Number.parseInt(sha.slice(0, 6), 16),
      node_id: nodeId('SC', sha),
      state: 'success',
      description: 'Coverage 91 %',
      target_url: 'https://coverage.example.com/aetherstack',
      context: 'coverage/project',
      created_at: at,
      updated_at: at,
    },
  ];
}

function combinedStatus(call: CommitCall): Reply {
  const { repo, sha, url } = call;
  const all = [...statuses(repo, sha), ...newestStatuses(call, sha).map((each) => commitStatusView(call, each))];
  const { items, headers } = paged(url, all);
  const base = `${API}/repos/${repo.fullName}/commits/${sha}`;
  const states = all.map((each) => each.state);
  const failed = states.some((each) => each === 'failure' || each === 'error');
  const pending = states.length === 0 || states.includes('pending');
  const state = failed ? 'failure' : pending ? 'pending' : 'success';
  return ok(
    {
      state,
      statuses: items,
      sha,
      total_count: all.length,
      repository: minimalRepository(repo),
      commit_url: base,
      url: `${base}/status`,
    },
    headers,
  );
}

const RUNS = '/checks/runs#list-check-runs-for-a-git-reference';
const SUITES = '/checks/suites#list-check-suites-for-a-git-reference';
const STATUS = '/commits/statuses#get-the-combined-status-for-a-specific-reference';

export const checkRoutes: readonly RepoRoute[] = [
  {
    method: 'GET',
    path: '/commits/{+ref}/check-runs',
    needs: 'checks=read',
    docs: RUNS,
    handle: atCommit(RUNS, listCheckRuns),
  },
  {
    method: 'GET',
    path: '/commits/{+ref}/check-suites',
    needs: 'checks=read',
    docs: SUITES,
    handle: atCommit(SUITES, listCheckSuites),
  },
  {
    method: 'GET',
    path: '/commits/{+ref}/status',
    needs: 'statuses=read',
    docs: STATUS,
    handle: atCommit(STATUS, combinedStatus),
  },
  commitRoute,
  ...checkRunRoutes,
];
