import { iso } from './random';
import { statusOf } from './run-view';
import type { State } from './state';

export interface TrueRun {
  id: string;
  /** What the client sent as its marker, or null. */
  marker: string | null;
  repository: string;
  workflow: string;
  event: string;
  ref: string;
  sha: string;
  inputs: Record<string, string>;
  createdAt: string;
  attempt: number;
  status: string;
  conclusion: string | null;
  /** When a request to cancel it was taken; it stops a moment later. */
  cancelledAt: string | null;
  endedAt: string | null;
}

/** Every run that was asked for (not the seeded checks), oldest first. */
export function truth(state: State, now: number): TrueRun[] {
  return [...state.runs.values()]
    .filter((run) => run.event === 'workflow_dispatch')
    .map((run) => {
      const attempt = run.attempts.at(-1);
      const seen = attempt ? statusOf(attempt, now) : { status: 'queued', conclusion: null };
      return {
        id: String(run.id),
        marker: run.inputs.aetherstack || null,
        repository: run.repo.fullName,
        workflow: run.workflow.path,
        event: run.event,
        ref: run.branch,
        sha: run.sha,
        inputs: run.inputs,
        createdAt: iso(run.createdAt),
        attempt: run.attempts.length,
        status: seen.status,
        conclusion: seen.conclusion,
        cancelledAt: attempt?.cancelledAt ? iso(attempt.cancelledAt) : null,
        endedAt: attempt && seen.status === 'completed' ? iso(attempt.endsAt) : null,
      };
    });
}
