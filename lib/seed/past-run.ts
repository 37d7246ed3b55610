import type { StepStatus } from '@/lib/providers/port';
import type { PastDeployment } from './past';
import { type SeedJob, seedJobs } from './runs';

const QUEUE_MS = 1_900;
const BETWEEN_JOBS_MS = 700;

export interface PastStep {
  key: string;
  position: number;
  job: string;
  jobId: string;
  number: number;
  name: string;
  status: StepStatus;
  startedAt: Date | null;
  endedAt: Date | null;
}

/** The jobs and steps of a past run, up to where it ended early. Times are epoch milliseconds. */
export function runOf(each: PastDeployment): { startsAt: number; endsAt: number; steps: PastStep[] } {
  const startsAt = each.at + QUEUE_MS;
  const steps: PastStep[] = [];
  let clock = startsAt;
  let over = false;
  for (const [index, job] of (seedJobs[each.component] ?? []).entries()) {
    if (index > 0 && !over) clock += BETWEEN_JOBS_MS;
    const ran = runJob(each, job, { id: `past-${index + 1}`, from: clock, skipped: over });
    steps.push(...ran.steps.map((step, at) => ({ ...step, position: steps.length + at })));
    clock = ran.endsAt;
    over = over || ran.endedHere;
  }
  return { startsAt, endsAt: clock + 300, steps };
}

function runJob(each: PastDeployment, job: SeedJob, place: { id: string; from: number; skipped: boolean }) {
  let clock = place.from;
  let over = place.skipped;
  let endedHere = false;
  const steps: Omit<PastStep, 'position'>[] = job.steps.map(([name, ms], index) => {
    const base = { key: `${place.id}:${index + 1}`, job: job.name, jobId: place.id, number: index + 1, name };
    if (over) return { ...base, status: 'skipped', startedAt: null, endedAt: null };
    const startedAt = new Date(clock);
    clock += Math.round(ms * each.pace);
    endedHere = name === each.endedIn;
    over = endedHere;
    return { ...base, status: endedHere ? ended(each) : 'succeeded', startedAt, endedAt: new Date(clock) };
  });
  const self: Omit<PastStep, 'position'> = {
    key: `${place.id}:0`,
    job: job.name,
    jobId: place.id,
    number: 0,
    name: job.name,
    status: place.skipped ? 'skipped' : endedHere ? ended(each) : 'succeeded',
    startedAt: place.skipped ? null : new Date(place.from),
    endedAt: place.skipped ? null : new Date(clock),
  };
  return { steps: [self, ...steps], endsAt: clock, endedHere };
}

function ended(each: PastDeployment): StepStatus {
  return each.outcome === 'cancelled' ? 'cancelled' : 'failed';
}
