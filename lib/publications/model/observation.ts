import type { Observation } from '../../providers/port';
import type { PublicationState } from './publication';

interface Seen {
  state: PublicationState | 'unrecognised';
  sentence: string | null;
}

interface About {
  /** The gallery, as people call it. */
  label: string;
  /** The state has lasted longer than it may. */
  overdue: boolean;
  /** The deployment says already that it is being put live; from then on it only waits. */
  shown: boolean;
}

const WORK: Partial<Record<Seen['state'], (label: string) => string>> = {
  accepted: (label) => `${label} to validate it`,
  validating: (label) => `${label} to validate it`,
  scanning: (label) => `${label} to scan it`,
  quarantined: (label) => `the administrators of ${label}, who hold it in quarantine`,
};

/** A state of the gallery as the engine's phase. Only `active` is done; and that is not proof yet. */
export function publicationObserved(seen: Seen, about: About): Pick<Observation, 'phase' | 'waitingFor' | 'failure'> {
  const { label, overdue, shown } = about;
  const nothing = { waitingFor: null, failure: null };
  if (seen.state === 'unrecognised') return { phase: 'unrecognised', ...nothing };
  if (seen.state === 'active' || seen.state === 'verified') return { phase: 'done', ...nothing };
  if (seen.state === 'rejected') return failed(label, seen.sentence ?? `${label} refused the package.`);
  if (seen.state === 'unlisted')
    return failed(label, seen.sentence ?? `${label} has the version, and does not give it to new installs.`);
  const waitingFor = WORK[seen.state]?.(label) ?? null;
  if (overdue) return failed(label, overdueSentence(label, seen));
  return { phase: shown ? 'waiting' : 'deploying', waitingFor, failure: null };
}

function overdueSentence(label: string, { state, sentence }: Seen): string {
  const why = sentence ? ` ${sentence}` : '';
  return `${label} has not let it through in the time that this may take (it is ${state}).${why} Look at it there. Publish the same package once more when it goes on: what is there is asked first, and nothing is sent twice.`;
}

function failed(label: string, sentence: string): Pick<Observation, 'phase' | 'waitingFor' | 'failure'> {
  return { phase: 'failed', waitingFor: null, failure: { step: `Publish to ${label}`, sentence } };
}
