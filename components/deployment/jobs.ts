import type { JobView, StepView } from '@/lib/deployments/model/view';

/** Which job a person wants to see first: the one that failed, else the one that runs, else the last that did anything. */
export function jobOfInterest(jobs: readonly JobView[]): JobView | null {
  const find = (status: JobView['status']) => jobs.find((job) => job.status === status);
  return find('failed') ?? find('running') ?? jobs.findLast((job) => job.startedAt !== null) ?? jobs[0] ?? null;
}

/** The step that runs now, with its job; null when nothing runs. */
export function currentStep(jobs: readonly JobView[]): { job: JobView; step: StepView | null } | null {
  const job = jobs.find((each) => each.status === 'running');
  if (!job) return null;
  return { job, step: job.steps.find((step) => step.status === 'running') ?? null };
}

export function stepsDone(jobs: readonly JobView[]): { done: number; total: number } {
  const steps = jobs.flatMap((job) => job.steps);
  return {
    done: steps.filter((step) => step.status !== 'queued' && step.status !== 'running').length,
    total: steps.length,
  };
}
