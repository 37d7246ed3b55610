import { notFound, ok, paged, problem, type Reply } from './respond';
import type { RepoCall, RepoRoute } from './router';
import { runView, statusOf, suiteId } from './run-view';
import type { Attempt, Run } from './types';
import { findWorkflow } from './workflows';

const GET_RUN = '/actions/workflow-runs#get-a-workflow-run';
/** With filters GitHub gives at most this many results. */
const FILTERED_LIMIT = 1_000;
const FILTERS = ['actor', 'branch', 'event', 'status', 'created', 'head_sha', 'check_suite_id'];

export function findRun({
  repo,
  params,
  state,
}: Pick<RepoCall, 'repo' | 'params' | 'state'>): { run: Run; attempt: Attempt } | null {
  const run = state.runs.get(Number(params.run));
  const attempt = run?.repo === repo ? run.attempts.at(-1) : undefined;
  return run && attempt ? { run, attempt } : null;
}

function listRuns(call: RepoCall): Reply {
  const { repo, params, state, url, now } = call;
  const workflow = params.workflow === undefined ? null : findWorkflow(repo, params.workflow);
  if (workflow === undefined) return notFound('/actions/workflow-runs#list-workflow-runs-for-a-workflow');
  const created = createdRange(url.searchParams.get('created'));
  const matching: { run: Run; attempt: Attempt }[] = [];
  for (const run of state.runs.values()) {
    const attempt = run.attempts.at(-1);
    const isListed = run.repo === repo && run.visibleAt <= now && (!workflow || run.workflow === workflow);
    if (attempt && isListed && created(run.createdAt) && passes(run, attempt, url.searchParams, now))
      matching.push({ run, attempt });
  }
  matching.sort((a, b) => b.run.createdAt - a.run.createdAt || b.run.id - a.run.id);
  const reachable = FILTERS.some((name) => url.searchParams.has(name)) ? matching.slice(0, FILTERED_LIMIT) : matching;
  const { items, headers } = paged(url, reachable);
  return ok(
    { total_count: reachable.length, workflow_runs: items.map(({ run, attempt }) => runView(run, attempt, now)) },
    headers,
  );
}

function passes(run: Run, attempt: Attempt, query: URLSearchParams, now: number): boolean {
  const wanted = (name: string, value: string) => !query.has(name) || query.get(name) === value;
  if (
    !wanted('actor', run.actor.login) ||
    !wanted('branch', run.branch) ||
    !wanted('event', run.event) ||
    !wanted('head_sha', run.sha) ||
    !wanted('check_suite_id', String(suiteId(run)))
  )
    return false;
  const status = query.get('status');
  if (!status) return true;
  const seen = statusOf(attempt, now);
  return status === seen.status || status === seen.conclusion;
}

/** `created` as GitHub's search writes dates: `>=X`, `<X`, `X..Y`, `X`. Compared in whole seconds. */
function createdRange(value: string | null): (at: number) => boolean {
  if (!value) return () => true;
  const second = (text: string) => Math.floor(Date.parse(text) / 1000);
  const range = /^(.+)\.\.(.+)$/.exec(value);
  if (range?.[1] && range[2]) {
    const [from, to] = [
      range[1] === '*' ? Number.NEGATIVE_INFINITY : second(range[1]),
      range[2] === '*' ? Number.POSITIVE_INFINITY : second(range[2]),
    ];
    return (at) => Math.floor(at / 1000) >= from && Math.floor(at / 1000) <= to;
  }
  const [, operator = '', text = ''] = /^(>=|<=|>|<)?(.+)$/.exec(value) ?? [];
  const limit = second(text);
  return (at) => {
    const created = Math.floor(at / 1000);
    if (operator === '>=') return created >= limit;
    if (operator === '>') return created > limit;
    if (operator === '<=') return created <= limit;
    if (operator === '<') return created < limit;
    return text.length === 10 ? created >= limit && created < limit + 86_400 : created === limit;
  };
}

function getRun(call: RepoCall): Reply {
  const found = findRun(call);
  return found ? ok(runView(found.run, found.attempt, call.now)) : notFound(GET_RUN);
}

function getAttempt(call: RepoCall): Reply {
  const attempt = findRun(call)?.run.attempts[Number(call.params.attempt) - 1];
  const found = findRun(call);
  return found && attempt
    ? ok(runView(found.run, attempt, call.now))
    : notFound('/actions/workflow-runs#get-a-workflow-run-attempt');
}

async function cancel(call: RepoCall, force: boolean): Promise<Reply> {
  const docs = `/actions/workflow-runs#${force ? 'force-' : ''}cancel-a-workflow-run`;
  const found = findRun(call);
  if (!found) return notFound(docs);
  if (statusOf(found.attempt, call.now).status === 'completed')
    return problem(409, 'Cannot cancel a workflow run that is completed.', docs);
  if (found.attempt.cancelledAt === null || force) {
    await call.world.record({
      at: call.now,
      kind: 'run.cancelled',
      data: { run: found.run.id, force, actor: call.caller.login },
    });
    call.state.fold(call.world.facts());
  }
  return { status: 202, body: {} };
}

const MONTH = 30 * 86_400_000;

async function rerun(call: RepoCall, onlyFailed: boolean): Promise<Reply> {
  const docs = `/actions/workflow-runs#re-run-${onlyFailed ? 'failed-jobs-from-' : ''}a-workflow${onlyFailed ? '-run' : ''}`;
  const found = findRun(call);
  if (!found) return notFound(docs);
  const { run, attempt } = found;
  const seen = statusOf(attempt, call.now);
  if (seen.status !== 'completed') return problem(403, 'This workflow is already running', docs);
  if (call.now - run.createdAt > MONTH)
    return problem(403, 'Unable to retry this workflow run because it was created over a month ago', docs);
  if (onlyFailed && seen.conclusion === 'success') return problem(403, 'This workflow run cannot be retried', docs);
  await call.world.record({
    at: call.now,
    kind: 'run.rerun',
    data: { run: run.id, onlyFailed, actor: call.caller.login, pace: call.world.scenario().pace },
  });
  call.state.fold(call.world.facts());
  return { status: 201, body: {} };
}

const LIST = '/actions/workflow-runs#list-workflow-runs-for-a-repository';
const RERUN = '/actions/workflow-runs#re-run-a-workflow';

export const runRoutes: readonly RepoRoute[] = [
  { method: 'GET', path: '/actions/runs', needs: 'actions=read', docs: LIST, handle: listRuns },
  { method: 'GET', path: '/actions/workflows/{workflow}/runs', needs: 'actions=read', docs: LIST, handle: listRuns },
  { method: 'GET', path: '/actions/runs/{run}', needs: 'actions=read', docs: GET_RUN, handle: getRun },
  {
    method: 'GET',
    path: '/actions/runs/{run}/attempts/{attempt}',
    needs: 'actions=read',
    docs: GET_RUN,
    handle: getAttempt,
  },
  {
    method: 'POST',
    path: '/actions/runs/{run}/cancel',
    needs: 'actions=write',
    docs: '/actions/workflow-runs#cancel-a-workflow-run',
    handle: (call) => cancel(call, false),
  },
  {
    method: 'POST',
    path: '/actions/runs/{run}/force-cancel',
    needs: 'actions=write',
    docs: '/actions/workflow-runs#force-cancel-a-workflow-run',
    handle: (call) => cancel(call, true),
  },
  {
    method: 'POST',
    path: '/actions/runs/{run}/rerun',
    needs: 'actions=write',
    docs: RERUN,
    handle: (call) => rerun(call, false),
  },
  {
    method: 'POST',
    path: '/actions/runs/{run}/rerun-failed-jobs',
    needs: 'actions=write',
    docs: RERUN,
    handle: (call) => rerun(call, true),
  },
];
