import type { DeploymentStatus } from '../../deployments/model/status';
import { STATUS_VIEW } from '../../deployments/model/status';
import { bareVersion } from '../../deployments/model/version';

/** What a look from outside found. Commit ids may be shortened to seven digits or more. */
export interface Seen {
  sha: string | null;
  version: string | null;
  byName: string | null;
}

export interface Release {
  number: number;
  sha: string;
  version: string;
  /** Other names of the same commit that count too. */
  also?: readonly string[];
}

export interface Known {
  /** What this console counts as live; null when it never deployed here. */
  current: Release | null;
  /** On their way to this target: either may be live at any moment. */
  inFlight: readonly Release[];
  /** Others of this target, newest first. */
  past: readonly (Release & { status: DeploymentStatus })[];
}

/**
 * What is wrong with what is live, as a sentence; null when this console put it there or is about to. A target on which
 * nothing was ever deployed from here cannot have drifted.
 */
export function driftOf(seen: Seen, known: Known): string | null {
  const { current, inFlight, past } = known;
  if (!current || (seen.sha === null && seen.version === null)) return null;
  if ([current, ...inFlight].some((each) => isThat(seen, each))) return null;
  const what = seen.sha?.slice(0, 7) ?? seen.version ?? '';
  const should = `#${current.number} (${current.sha.slice(0, 7)}) should be live`;
  const other = past.find((each) => isThat(seen, each));
  if (other?.status === 'succeeded')
    return `Somebody deployed ${what} again outside this console${by(seen)}, an earlier version (#${other.number}); ${should}.`;
  if (other)
    return `${what} is live, although #${other.number} ended here as “${STATUS_VIEW[other.status].label}”; ${should}.`;
  return `Somebody deployed ${what} outside this console${by(seen)}; ${should}.`;
}

/** The same after a deployment was live that ended this drift in our books: nobody has to have put it there since. */
export function sameDriftOf(seen: Seen, known: Known): string | null {
  const drift = driftOf(seen, known);
  if (drift === null || !known.current) return drift;
  return `${drift} The same was live before #${known.current.number}: that did not mend it, or it was put there again.`;
}

const by = ({ byName }: Seen) => (byName ? ` (${byName})` : '');

export function isThat(seen: Pick<Seen, 'sha' | 'version'>, release: Omit<Release, 'number'>): boolean {
  if (seen.sha !== null) return seen.sha.length >= 7 && release.sha.startsWith(seen.sha);
  const said = seen.version === null ? null : bareVersion(seen.version);
  return said !== null && [release.version, ...(release.also ?? [])].some((name) => bareVersion(name) === said);
}

/** Seconds until an idle target is looked at again: under five minutes, spread out so that looks do not come in bursts. */
export function nextLookSeconds(random: number): number {
  return 225 + Math.floor(random * 45);
}
