import { writeLog } from './logs';
import { objectId } from './random';
import { LOG_HOST, notFound, ok, paged, type Reply, storeError } from './respond';
import type { RepoCall, RepoRoute } from './router';
import { jobView, listedJobs } from './run-view';
import { findRun } from './runs';
import type { State } from './state';
import type { Attempt, Run } from './types';

const LIST = '/actions/workflow-jobs#list-jobs-for-a-workflow-run';
const GET = '/actions/workflow-jobs#get-a-job-for-a-workflow-run';
const LOGS = '/actions/workflow-jobs#download-job-logs-for-a-workflow-run';
/** A signed log address is good for a minute. */
const SIGNED_MS = 60_000;

function jobsReply({ url, now }: RepoCall, run: Run, attempts: readonly Attempt[]): Reply {
  const all = attempts.flatMap((attempt) => listedJobs(attempt, now).map((job) => ({ attempt, job })));
  const { items, headers } = paged(url, all);
  return ok(
    { total_count: all.length, jobs: items.map(({ attempt, job }) => jobView(run, attempt.number, job, now)) },
    headers,
  );
}

function listJobs(call: RepoCall): Reply {
  const found = findRun(call);
  if (!found) return notFound(LIST);
  const wantsAll = call.url.searchParams.get('filter') === 'all';
  return jobsReply(call, found.run, wantsAll ? [...found.run.attempts].reverse() : [found.attempt]);
}

function listAttemptJobs(call: RepoCall): Reply {
  const found = findRun(call);
  const attempt = found?.run.attempts[Number(call.params.attempt) - 1];
  return found && attempt ? jobsReply(call, found.run, [attempt]) : notFound(LIST);
}

function findJob({ state, repo, params, now }: RepoCall) {
  const place = state.jobs.get(Number(params.job));
  return place && place.run.repo === repo && place.job.createdAt <= now ? place : null;
}

function getJob(call: RepoCall): Reply {
  const place = findJob(call);
  return place ? ok(jobView(place.run, place.attempt, place.job, call.now)) : notFound(GET);
}

const signature = (job: string, until: string, seed: number): string => objectId('log', job, until, seed);

function redirectToLog(call: RepoCall): Reply {
  const place = findJob(call);
  if (!place || place.job.endsAt > call.now || place.job.steps.length === 0) return notFound(LOGS);
  const until = String(call.now + SIGNED_MS);
  const query = new URLSearchParams({
    se: until,
    sp: 'r',
    sig: signature(String(place.job.id), until, call.options.seed),
  });
  return {
    status: 302,
    headers: { location: `https://${LOG_HOST}/actions-results/job-logs/${place.job.id}.txt?${query}` },
  };
}

/** The store that the signed addresses lead to. It knows no tokens: the address is the permission. */
export function serveLog(request: Request, state: State, now: number): Response {
  const url = new URL(request.url);
  const id = /\/job-logs\/(\d+)\.txt$/.exec(url.pathname)?.[1] ?? '';
  const until = url.searchParams.get('se') ?? '';
  const place = state.jobs.get(Number(id));
  if (!place || url.searchParams.get('sig') !== signature(id, until, state.seed))
    return storeError(404, 'BlobNotFound', 'The specified blob does not exist.');
  if (Number(until) < now)
    return storeError(403, 'AuthenticationFailed', 'Signature not valid in the specified time frame.');
  return new Response(writeLog(place.run, place.attempt, place.job), {
    headers: { 'content-type': 'text/plain; charset=utf-8' },
  });
}

export const jobRoutes: readonly RepoRoute[] = [
  { method: 'GET', path: '/actions/runs/{run}/jobs', needs: 'actions=read', docs: LIST, handle: listJobs },
  {
    method: 'GET',
    path: '/actions/runs/{run}/attempts/{attempt}/jobs',
    needs: 'actions=read',
    docs: LIST,
    handle: listAttemptJobs,
  },
  { method: 'GET', path: '/actions/jobs/{job}', needs: 'actions=read', docs: GET, handle: getJob },
  { method: 'GET', path: '/actions/jobs/{job}/logs', needs: 'actions=read', docs: LOGS, handle: redirectToLog },
];
