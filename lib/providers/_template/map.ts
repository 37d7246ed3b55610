import type { Observation, Phase } from '../port';
import type { Run } from './schema';

/** The vendor's words. A map, not an object, because a word may be `constructor`. */
const PHASES = new Map<string, Phase>([
  ['waiting', 'queued'],
  ['building', 'building'],
  ['releasing', 'deploying'],
  ['live', 'done'],
  ['failed', 'failed'],
  ['stopped', 'cancelled'],
]);

/** A run in our words. A word that is not in the map is `unrecognised`; it never means success. */
export function toObservation(run: Run): Observation {
  const phase = PHASES.get(run.state) ?? 'unrecognised';
  return {
    ref: { id: run.id, attempt: 1, url: run.url },
    phase,
    rawPhase: run.state,
    sha: run.commit,
    startedAt: run.startedAt,
    finishedAt: run.finishedAt,
    waitingFor: phase === 'queued' ? 'a free builder' : null,
    failure: phase === 'failed' ? { step: null, sentence: 'The run failed. Open it at the vendor to see why.' } : null,
    steps: [],
  };
}
