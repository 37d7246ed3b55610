import type { Observation, ObservedStep, Phase, StepStatus, WaitingGate } from '../port';
import type { Job, Run } from './schema';

/** A job with one of these words in its name is the one that changes the target. */
const DEPLOYING = /deploy|publish|release|pages/i;

// Maps, not objects: a vendor's word may be `constructor`.
const OPEN = new Map<string, 'queued' | 'waiting' | 'running'>([
  ['queued', 'queued'],
  ['requested', 'queued'],
  ['pending', 'queued'],
  ['waiting', 'waiting'],
  ['in_progress', 'running'],
]);

const ENDED = new Map<string, Phase>([
  ['success', 'done'],
  ['failure', 'failed'],
  ['startup_failure', 'failed'],
  // These four end a run without saying that the work was done, so they never count as done.
  ['skipped', 'failed'],
  ['neutral', 'failed'],
  ['stale', 'failed'],
  ['cancelled', 'cancelled'],
  ['timed_out', 'timed_out'],
  ['action_required', 'waiting'],
]);

const STEP_ENDED = new Map<string, StepStatus>([
  ['success', 'succeeded'],
  ['failure', 'failed'],
  ['startup_failure', 'failed'],
  ['timed_out', 'failed'],
  ['cancelled', 'cancelled'],
  ['stale', 'cancelled'],
  ['skipped', 'skipped'],
  ['neutral', 'skipped'],
]);

const ENDED_WITHOUT_FAILED_JOB: Record<string, string> = {
  startup_failure:
    'GitHub could not start the workflow. Its file at this revision is probably invalid: open the run at GitHub.',
  skipped: 'GitHub skipped every job, so nothing was deployed. Look at the “if:” conditions of the workflow.',
  neutral:
    'GitHub ended the run as neutral: neither a success nor a failure. Look at the run there before you rely on it.',
  stale: 'GitHub gave the run up because it stood still for too long. Deploy again.',
};

/** One look at a run, in our words. Total over GitHub's known words; any other word is `unrecognised`. */
export function toObservation(run: Run, jobs: Job[], pending: readonly WaitingGate[] = []): Observation {
  const phase = phaseOf(run, jobs);
  const ended = phase === 'done' || phase === 'failed' || phase === 'cancelled' || phase === 'timed_out';
  return {
    ref: { id: run.id, attempt: run.run_attempt, url: run.html_url },
    phase,
    rawPhase: run.conclusion ? `${run.status}/${run.conclusion}` : (run.status ?? 'none'),
    sha: run.head_sha,
    startedAt: startOf(run, jobs),
    finishedAt: ended ? (latest(jobs.map((job) => job.completed_at)) ?? run.updated_at) : null,
    waitingFor: waitingFor(phase, run, jobs, pending),
    ...(run.status === 'waiting' ? { held: { since: standingSince(run, jobs), gates: [...pending] } } : {}),
    failure: phase === 'failed' || phase === 'timed_out' ? failureOf(run, jobs) : null,
    steps: jobs.flatMap(stepsOf),
  };
}

export function phaseOf(run: Pick<Run, 'status' | 'conclusion'>, jobs: Job[]): Phase {
  if (run.status === 'completed') return ENDED.get(run.conclusion ?? '') ?? 'unrecognised';
  const open = OPEN.get(run.status ?? '');
  if (open !== 'running') return open ?? 'unrecognised';
  return isDeploying(jobs) ? 'deploying' : 'building';
}

function isDeploying(jobs: Job[]): boolean {
  const running = jobs.filter((job) => job.status === 'in_progress');
  if (running.length > 0) return running.some((job) => DEPLOYING.test(job.name));
  const finished = jobs.filter((job) => job.status === 'completed' && job.conclusion !== 'skipped');
  const last = finished.sort((a, b) => (a.completed_at ?? '').localeCompare(b.completed_at ?? '')).at(-1);
  return last !== undefined && DEPLOYING.test(last.name);
}

export function stepStatus(status: string, conclusion: string | null): StepStatus {
  if (status === 'completed') return STEP_ENDED.get(conclusion ?? '') ?? 'unrecognised';
  const open = OPEN.get(status);
  if (!open) return 'unrecognised';
  return open === 'running' ? 'running' : 'queued';
}

function stepsOf(job: Job): ObservedStep[] {
  const whole: ObservedStep = {
    key: `${job.id}:0`,
    job: job.name,
    jobId: job.id,
    number: 0,
    name: job.name,
    status: stepStatus(job.status, job.conclusion),
    startedAt: job.status === 'completed' || job.status === 'in_progress' ? job.started_at : null,
    endedAt: job.completed_at,
  };
  const steps = job.steps.map((step) => ({
    key: `${job.id}:${step.number}`,
    job: job.name,
    jobId: job.id,
    number: step.number,
    name: step.name,
    status: stepStatus(step.status, step.conclusion),
    ...(step.conclusion === 'timed_out' ? { timedOut: true as const } : {}),
    startedAt: step.started_at,
    endedAt: step.completed_at,
  }));
  return [whole, ...steps];
}

function failureOf(run: Run, jobs: Job[]): Observation['failure'] {
  const job = jobs.find((each) => stepStatus(each.status, each.conclusion) === 'failed');
  if (!job) {
    const sentence =
      ENDED_WITHOUT_FAILED_JOB[run.conclusion ?? ''] ?? 'The run failed without a failed job. Open it at GitHub.';
    return { step: null, sentence };
  }
  const step = job.steps.find((each) => stepStatus(each.status, each.conclusion) === 'failed');
  if (!step) {
    return {
      step: job.name,
      sentence: `The job “${job.name}” failed before any of its steps did. Open the run at GitHub to see why.`,
    };
  }
  const how = job.conclusion === 'timed_out' ? 'ran into the time limit' : 'failed';
  return { step: step.name, sentence: `The step “${step.name}” of the job “${job.name}” ${how}. Its log says why.` };
}

function waitingFor(phase: Phase, run: Run, jobs: Job[], pending: readonly WaitingGate[]): string | null {
  if (phase === 'waiting')
    return run.conclusion === 'action_required' ? 'a maintainer’s approval of the run at GitHub' : approvals(pending);
  if (phase !== 'queued') return null;
  if (run.status === 'pending') return 'an earlier run in the same concurrency group';
  const labels = jobs.find((job) => OPEN.get(job.status) === 'queued')?.labels ?? [];
  return labels.length > 0 ? `a free runner (${labels.slice(0, 3).join(', ')})` : 'a free runner';
}

function approvals(pending: readonly WaitingGate[]): string {
  const [first] = pending;
  if (!first) return 'a protection rule of the environment at GitHub';
  const environment = first.environment ? ` of “${first.environment}”` : '';
  const people = first.reviewers.map(({ name }) => name);
  if (people.length > 0) return `approval${environment} at GitHub by ${people.slice(0, 6).join(', ')}`;
  return first.waitMinutes > 0
    ? `the wait timer${environment} (${first.waitMinutes} min)`
    : `a protection rule${environment} at GitHub`;
}

/** Since when jobs stand before an environment; the run itself where GitHub does not say. */
function standingSince(run: Run, jobs: Job[]): string | null {
  const since = jobs.filter((job) => job.status === 'waiting').map((job) => job.created_at);
  return since.filter((at) => at !== null).sort()[0] ?? run.updated_at;
}

function startOf(run: Run, jobs: Job[]): string | null {
  const started = jobs.filter((job) => job.status !== 'queued').map((job) => job.started_at);
  const earliest = started
    .filter((at) => at !== null)
    .sort()
    .at(0);
  return earliest ?? (run.status === 'completed' ? run.run_started_at : null);
}

function latest(times: (string | null)[]): string | null {
  return (
    times
      .filter((at) => at !== null)
      .sort()
      .at(-1) ?? null
  );
}
