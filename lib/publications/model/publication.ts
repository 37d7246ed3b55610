import type { PlacedState } from '../../providers/port';

/** What became of one package at one place. `verified`: fetched as a client does, and its content is the same. */
export const PUBLICATION_STATES = [
  'accepted',
  'validating',
  'scanning',
  'active',
  'verified',
  'quarantined',
  'rejected',
  'unlisted',
] as const;
export type PublicationState = (typeof PUBLICATION_STATES)[number];

/** A place goes forwards; it may take away at any time what it had let through. What is missing changes nothing. */
const NEXT: Record<PublicationState, readonly PublicationState[]> = {
  accepted: ['validating', 'scanning', 'active', 'quarantined', 'rejected', 'unlisted'],
  validating: ['scanning', 'active', 'quarantined', 'rejected', 'unlisted'],
  scanning: ['active', 'quarantined', 'rejected', 'unlisted'],
  active: ['verified', 'quarantined', 'rejected', 'unlisted'],
  verified: ['quarantined', 'rejected', 'unlisted'],
  quarantined: ['scanning', 'active', 'rejected', 'unlisted'],
  // Sent once more, by another deployment.
  rejected: ['accepted', 'active'],
  unlisted: ['accepted', 'active'],
};

export function mayBecome(from: PublicationState | null, to: PublicationState): boolean {
  return from === null ? to !== 'verified' : NEXT[from].includes(to);
}

/** Null: the place says nothing that would be news. A version that is not shown yet is on its way, as long as it was sent. */
export function stateOf(placed: PlacedState): PublicationState | null {
  return placed === 'absent' || placed === 'unrecognised' ? null : placed;
}

export const PUBLICATION_WORDS: Record<PublicationState, { label: string; sentence: string }> = {
  accepted: { label: 'Accepted', sentence: 'The gallery took the package.' },
  validating: { label: 'Validating', sentence: 'The gallery validates it.' },
  scanning: { label: 'Scanning', sentence: 'The gallery scans it.' },
  active: { label: 'Active', sentence: 'The gallery says that it is there.' },
  verified: { label: 'Verified', sentence: 'A client gets it, and it is the same package.' },
  quarantined: { label: 'Quarantined', sentence: 'The gallery holds it for its administrators.' },
  rejected: { label: 'Rejected', sentence: 'The gallery refused it.' },
  unlisted: { label: 'Unlisted', sentence: 'New installs do not get it any more.' },
};

/** In which state the gallery works, so that time counts. */
export const WORKING: readonly PublicationState[] = ['accepted', 'validating', 'scanning', 'active', 'quarantined'];

export type Within = { validating: number; scanning: number; active: number; quarantined: number };

/** Minutes that a state may last; null where nothing is waited for. */
export function minutesFor(state: PublicationState, within: Within): number | null {
  if (state === 'accepted') return within.validating;
  if (state === 'verified' || state === 'rejected' || state === 'unlisted') return null;
  return within[state];
}

/** In which state clients get it, by the gallery's own word at least. */
export const LIVE_STATES: readonly PublicationState[] = ['active', 'verified'];

/** Once the deployment is over, the gallery is asked again after so many minutes: often while it works, else once a day. */
export function minutesToLook(state: PublicationState): number {
  return WORKING.includes(state) ? 10 : 1_440;
}

/** What a gallery that no longer shows a version says of one that clients got; of one that it still works on, nothing. */
export function goneState(before: PublicationState): PublicationState | null {
  return LIVE_STATES.includes(before) ? 'unlisted' : null;
}

/** Of a version that was put live and that clients do not get any more. */
export function takenSentence(state: PublicationState, detail: string | null): string {
  return `The gallery does not give it to new installs any more. ${detail ?? PUBLICATION_WORDS[state].sentence}`;
}
