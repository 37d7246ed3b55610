import type { StepStatus } from '@/lib/providers/port';

/** Times are ISO 8601 in UTC. */
export interface StepView {
  key: string;
  number: number;
  name: string;
  status: StepStatus;
  startedAt: string | null;
  endedAt: string | null;
}

export interface JobView {
  jobId: string;
  name: string;
  status: StepStatus;
  startedAt: string | null;
  endedAt: string | null;
  steps: StepView[];
}
