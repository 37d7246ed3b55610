import { headCommit } from './commit-view';
import { simpleUser } from './people-view';
import { iso, nodeId } from './random';
import { minimalRepository } from './repo-view';
import { API, WEB } from './respond';
import type { Attempt, Gate, JobPlan, Run, StepPlan } from './types';

export interface Seen {
  status: 'queued' | 'waiting' | 'in_progress' | 'completed';
  conclusion: string | null;
}

/** What something planned looks like at a moment. */
export function statusOf(
  plan: {
    startsAt?: number;
    startedAt?: number;
    endsAt: number;
    conclusion: string;
    gate?: Gate | null;
    jobs?: readonly JobPlan[];
  },
  now: number,
): Seen {
  if (now >= plan.endsAt) return { status: 'completed', conclusion: plan.conclusion };
  if (stands(plan.gate, now) || standsStill(plan.jobs, now)) return { status: 'waiting', conclusion: null };
  const start = plan.startsAt ?? plan.startedAt ?? 0;
  return { status: now >= start ? 'in_progress' : 'queued', conclusion: null };
}

/** Whether a job is before an environment that has not let it in. */
export function stands(gate: Gate | null | undefined, now: number): boolean {
  return gate ? now >= gate.since && now < gate.until : false;
}

/** A run waits while one of its jobs does and none runs. */
function standsStill(jobs: readonly JobPlan[] = [], now: number): boolean {
  return (
    jobs.some((job) => stands(job.gate, now)) &&
    !jobs.some((job) => now >= job.startedAt && now < job.endsAt && !stands(job.gate, now))
  );
}

/** The check suite of a run. */
export const suiteId = (run: Run): number => 41_200_000_000 + (run.id % 1_000_000_000);

function lastChange(attempt: Attempt, now: number): number {
  const moments = [
    attempt.createdAt,
    attempt.startsAt,
    attempt.endsAt,
    ...attempt.jobs.flatMap((job) => [job.createdAt, job.gate?.since ?? 0, job.startedAt, job.endsAt]),
  ];
  return Math.max(attempt.createdAt, ...moments.filter((moment) => moment <= now));
}

/** `workflow-run` of the REST contract; webhooks carry the same. */
export function runView(run: Run, attempt: Attempt, now: number) {
  const repoUrl = `${API}/repos/${run.repo.fullName}`;
  const url = `${repoUrl}/actions/runs/${run.id}`;
  const { status, conclusion } = statusOf(attempt, now);
  return {
    id: run.id,
    name: run.workflow.name,
    node_id: nodeId('WFR', run.id),
    head_branch: run.branch,
    head_sha: run.sha,
    path: run.workflow.path,
    display_title: run.title,
    run_number: run.number,
    event: run.event,
    status,
    conclusion,
    workflow_id: run.workflow.id,
    check_suite_id: suiteId(run),
    check_suite_node_id: nodeId('CS', suiteId(run)),
    url,
    html_url: `${WEB}/${run.repo.fullName}/actions/runs/${run.id}`,
    pull_requests: [],
    created_at: iso(run.createdAt),
    updated_at: iso(lastChange(attempt, now)),
    actor: simpleUser(run.actor),
    run_attempt: attempt.number,
    referenced_workflows: [],
    run_started_at: iso(attempt.createdAt),
    triggering_actor: simpleUser(attempt.actor),
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    check_suite_url: `${repoUrl}/check-suites/${suiteId(run)}`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    previous_attempt_url: attempt.number > 1 ? `${url}/attempts/${attempt.number - 1}` : null,
    workflow_url: `${repoUrl}/actions/workflows/${run.workflow.id}`,
    head_commit: headCommit(run.repo, run.sha),
    repository: minimalRepository(run.repo),
    head_repository: minimalRepository(run.repo),
  };
}

function stepView(step: StepPlan, now: number) {
  const hasBegun = now >= step.startedAt;
  const { status, conclusion } = statusOf(step, now);
  const isDone = status === 'completed';
  return {
    name: step.name,
    status,
    conclusion,
    number: step.number,
    started_at: hasBegun ? iso(step.startedAt) : null,
    completed_at: isDone ? iso(step.endsAt) : null,
  };
}

/** `job` of the REST contract. Steps appear once a runner has taken the job. */
export function jobView(run: Run, attempt: number, job: JobPlan, now: number) {
  const repoUrl = `${API}/repos/${run.repo.fullName}`;
  const { status, conclusion } = statusOf(job, now);
  const hasRunner = status !== 'queued' && status !== 'waiting' && job.conclusion !== 'skipped';
  return {
    id: job.id,
    run_id: run.id,
    workflow_name: run.workflow.name,
    head_branch: run.branch,
    run_url: `${repoUrl}/actions/runs/${run.id}`,
    run_attempt: attempt,
    node_id: nodeId('CR', job.id),
    head_sha: run.sha,
    url: `${repoUrl}/actions/jobs/${job.id}`,
    html_url: `${WEB}/${run.repo.fullName}/actions/runs/${run.id}/job/${job.id}`,
    status,
    conclusion,
    created_at: iso(job.createdAt),
    started_at: iso(now >= job.startedAt ? job.startedAt : job.createdAt),
    completed_at: status === 'completed' ? iso(job.endsAt) : null,
    name: job.name,
    steps: hasRunner ? job.steps.map((step) => stepView(step, now)) : [],
    check_run_url: `${repoUrl}/check-runs/${job.id}`,
    labels: run.ownRunners ? ['self-hosted', 'linux', 'release'] : ['ubuntu-latest'],
    runner_id: hasRunner ? 1_000_000_000 + (job.id % 1_000) : null,
    runner_name: hasRunner ? `GitHub Actions ${job.id % 1_000}` : null,
    runner_group_id: hasRunner ? 0 : null,
    runner_group_name: hasRunner ? 'GitHub Actions' : null,
  };
}

/** Jobs are listed from the moment they are queued: those that wait for another job are not there yet. */
export function listedJobs(attempt: Attempt, now: number): JobPlan[] {
  return attempt.jobs.filter((job) => job.createdAt <= now);
}
