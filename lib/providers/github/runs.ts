import { DETAIL_HEADER } from '@/lib/http/quota';
import { type Observation, type ProviderContext, ProviderError, type RemoteRef, type WaitingGate } from '../port';
import { read, readPages, write } from './client';
import { readRun } from './deploy';
import { readWaiting } from './gates';
import { toObservation } from './map';
import { explainPages } from './pages-failure';
import { type Job, jobsSchema, type Run, runSchema } from './schema';
import type { Place } from './target';

/** GitHub runs at most 256 jobs of a matrix; a run may have several. */
const MAX_JOB_PAGES = 10;

/**
 * One attempt of a run with its jobs and steps. A re-run at GitHub is another attempt and never changes this one.
 * While the attempt is not listed, the answer carries the number of the newest one that is.
 */
export async function observe(c: ProviderContext, place: Place, ref: RemoteRef): Promise<Observation> {
  const newest = await readRun(c, place, ref.id);
  // Right after a re-run GitHub may still show the attempt before it, which has ended.
  if (newest.run_attempt < ref.attempt) return notYetListed(ref, newest);
  const run = newest.run_attempt > ref.attempt ? await readAttempt(c, place, ref) : newest;
  const [jobs, pending] = await Promise.all([
    readJobs(c, place, ref, run.status !== 'completed'),
    run.status === 'waiting' ? readPending(c, place, ref) : [],
  ]);
  const seen = toObservation(run, jobs, pending);
  return seen.phase === 'failed' ? explainPages(c, place, run, seen) : seen;
}

async function readAttempt(c: ProviderContext, place: Place, ref: RemoteRef): Promise<Run> {
  const answer = await read(
    c,
    {
      route: 'GET /repos/{owner}/{repo}/actions/runs/{run_id}/attempts/{attempt_number}',
      params: { owner: place.owner, repo: place.repo, run_id: ref.id, attempt_number: ref.attempt },
      about: { what: 'run', subject: ref.id },
    },
    runSchema,
  );
  return answer.data;
}

function readJobs(c: ProviderContext, place: Place, ref: RemoteRef, goesOn: boolean): Promise<Job[]> {
  return readPages(
    c,
    {
      route: 'GET /repos/{owner}/{repo}/actions/runs/{run_id}/attempts/{attempt_number}/jobs',
      params: { owner: place.owner, repo: place.repo, run_id: ref.id, attempt_number: ref.attempt },
      // Steps of a run that goes on may be as last seen; the end of one is read in full.
      ...(goesOn ? { headers: { [DETAIL_HEADER]: '1' } } : {}),
      about: { what: 'run', subject: ref.id },
    },
    jobsSchema,
    (page) => page.jobs,
    MAX_JOB_PAGES,
  );
}

/** Who may approve. Some credentials may not ask; then the screen says so in general words. */
async function readPending(c: ProviderContext, place: Place, ref: RemoteRef): Promise<WaitingGate[]> {
  try {
    return await readWaiting(c, place, ref);
  } catch (error) {
    if (error instanceof ProviderError && (error.kind === 'auth' || error.kind === 'notFound')) return [];
    throw error;
  }
}

function notYetListed(ref: RemoteRef, newest: Run): Observation {
  return {
    ref: { id: ref.id, attempt: newest.run_attempt, url: newest.html_url },
    phase: 'queued',
    rawPhase: 'attempt not listed yet',
    sha: newest.head_sha,
    startedAt: null,
    finishedAt: null,
    waitingFor: 'GitHub to list the new attempt',
    failure: null,
    steps: [],
  };
}

/** Asks for an orderly end; the run is over only when `observe` says so. */
export async function cancel(c: ProviderContext, place: Place, ref: RemoteRef): Promise<void> {
  try {
    await write(c, {
      route: 'POST /repos/{owner}/{repo}/actions/runs/{run_id}/cancel',
      params: { owner: place.owner, repo: place.repo, run_id: ref.id },
      about: { what: 'run', subject: ref.id },
    });
  } catch (error) {
    if (!(error instanceof ProviderError) || error.code !== 'conflict') throw error;
    throw new ProviderError(
      'rejected',
      'already_finished',
      'The run has already ended at GitHub, so there is nothing to cancel. Its result appears here in a moment.',
    );
  }
}

/**
 * Runs the failed jobs again: same run, next attempt. A repeated call adopts the attempt that is already there.
 * Source: https://docs.github.com/en/rest/actions/workflow-runs#re-run-failed-jobs-from-a-workflow-run
 */
export async function retry(c: ProviderContext, place: Place, ref: RemoteRef): Promise<RemoteRef> {
  const run = await readRun(c, place, ref.id);
  const next = { id: ref.id, attempt: ref.attempt + 1, url: run.html_url };
  if (run.run_attempt > ref.attempt) return next;
  if (run.status !== 'completed') {
    throw new ProviderError(
      'rejected',
      'still_running',
      'The run has not ended yet at GitHub. Wait for its end, or cancel it, before running the failed jobs again.',
    );
  }
  await write(c, {
    route: 'POST /repos/{owner}/{repo}/actions/runs/{run_id}/rerun-failed-jobs',
    params: { owner: place.owner, repo: place.repo, run_id: ref.id },
    about: { what: 'run', subject: ref.id },
  });
  return next;
}
