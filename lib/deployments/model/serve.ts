import type { Observation, Serving } from '../../providers/port';

/** A build that is there already and is to be served as it is: nothing is built for such a deployment. */
export interface Serve {
  verb: 'promote' | 'restore';
  /** The provider's name of the build. */
  remoteId: string;
  url: string | null;
}

/** What a host is still allowed to say about before, after it took the request; in milliseconds. */
const SETTLES_MS = 60_000;

/**
 * Where it is, by what the host serves. The build's own state tells nothing: it was finished before. `askedMs`: for how
 * long the host has had the request.
 */
export function servedObservation(serve: Serve, serving: Serving, askedMs: number): Observation {
  const { phase, waitingFor, failure } = placeOf(serve, serving, askedMs);
  const over = phase === 'done' || phase === 'failed';
  return {
    ref: { id: serve.remoteId, attempt: 1, url: serve.url ?? serving.ref?.url ?? '' },
    phase,
    rawPhase: `serving/${serving.change?.to === serve.remoteId ? serving.change.state : phase}`,
    sha: null,
    startedAt: null,
    finishedAt: null,
    waitingFor,
    failure,
    steps: [
      {
        ...{ key: `${serve.remoteId}:serve`, job: 'Serve', jobId: serve.remoteId, number: 0, name: 'Serve the build' },
        status: over ? (phase === 'done' ? 'succeeded' : 'failed') : 'running',
        startedAt: null,
        endedAt: null,
      },
    ],
  };
}

type Place = Pick<Observation, 'phase' | 'waitingFor' | 'failure'>;

function placeOf({ remoteId, verb }: Serve, { ref, change }: Serving, askedMs: number): Place {
  const going: Place = {
    phase: 'deploying',
    waitingFor: 'the host to lead its addresses to this build',
    failure: null,
  };
  const ours = change !== null && change.to === remoteId && (change.kind === verb || ref?.id !== remoteId);
  if (ours && change.state === 'going-on') return going;
  if (ours && change.state === 'failed')
    return failed(
      change.sentence ?? 'The host could not lead its addresses to this build. Look at it there, then try again.',
    );
  if (ref?.id === remoteId) return { phase: 'done', waitingFor: null, failure: null };
  if (askedMs < SETTLES_MS) return going;
  if (change ? change.to !== remoteId : ref !== null) return failed(ELSEWHERE);
  return going;
}

const ELSEWHERE =
  'The host serves another build: something else was put live there meanwhile. Look at what is live before you try again.';

function failed(sentence: string): Place {
  return { phase: 'failed', waitingFor: null, failure: { step: 'Serve the build', sentence } };
}

/**
 * Nobody has put anything else live since before the first request, as far as the host tells. "Not served now" alone is not
 * "was never taken": a person may have put something else live after it.
 */
export function isUntouched(before: string | null, { ref, change }: Serving): boolean {
  return (ref?.id ?? null) === before && change?.state !== 'going-on';
}

/** It is what the host serves, and nothing else is on its way. */
export function isServed({ remoteId }: { remoteId: string | null }, { ref, change }: Serving): boolean {
  const leaves = change?.state === 'going-on' && change.to !== remoteId;
  return remoteId !== null && ref?.id === remoteId && !leaves;
}

/** Whether the host has the request: it serves the build, or is about to. One that is done counts by what is served now. */
export function isTaken({ remoteId }: Serve, { ref, change }: Serving): boolean {
  return ref?.id === remoteId || (change?.to === remoteId && change.state === 'going-on');
}
