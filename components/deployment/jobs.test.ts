import { expect, test } from 'vitest';
import type { JobView, StepView } from '@/lib/deployments/model/view';
import { currentStep, jobOfInterest, stepsDone } from './jobs';

function job(jobId: string, status: JobView['status'], steps: StepView['status'][] = []): JobView {
  const started = status === 'queued' ? null : '2026-01-02T03:04:05Z';
  return {
    jobId,
    name: jobId,
    status,
    startedAt: started,
    endedAt: null,
    steps: steps.map((each, i) => ({
      key: `${jobId}:${i}`,
      number: i + 1,
      name: `s${i}`,
      status: each,
      startedAt: null,
      endedAt: null,
    })),
  };
}

test('a failed job comes before a running one, and a job that never started comes last', () => {
  expect(jobOfInterest([job('a', 'succeeded'), job('b', 'running'), job('c', 'failed')])?.jobId).toBe('c');
  expect(jobOfInterest([job('a', 'succeeded'), job('b', 'queued')])?.jobId).toBe('a');
  expect(jobOfInterest([job('a', 'queued')])?.jobId).toBe('a');
  expect(jobOfInterest([])).toBeNull();
});

test('the current step is the running one of the running job', () => {
  const jobs = [job('a', 'succeeded', ['succeeded']), job('b', 'running', ['succeeded', 'running', 'queued'])];
  expect(currentStep(jobs)?.step?.name).toBe('s1');
  expect(stepsDone(jobs)).toEqual({ done: 2, total: 4 });
  expect(currentStep([job('a', 'succeeded')])).toBeNull();
});
