import { PUBLICATION_WORDS, type PublicationState } from '../publications/model/publication';
import { seededRandom } from './past';

/** How a gallery is told from another: ours, one that makes names by its API, one where people do. */
export type PlaceRole = 'own' | 'open' | 'guided';

export interface Became {
  state: Extract<PublicationState, 'verified' | 'accepted' | 'rejected' | 'unlisted'>;
  /** The gallery's words, or the reason of whoever took it back. */
  detail: string | null;
  /** What the simulated gallery makes of it. */
  fate: 'passes' | 'quarantines' | 'rejects';
}

const LIVE: Became = { state: 'verified', detail: null, fate: 'passes' };

const OTHERWISE: Record<string, Partial<Record<PlaceRole, Became>>> = {
  '0.9.1': { own: { state: 'unlisted', detail: 'It forgot which environment was chosen.', fate: 'passes' } },
  '0.10.0': {
    // The registry tells its administrators alone that it holds it back: to everybody else it does not show.
    open: { state: 'accepted', detail: null, fate: 'quarantines' },
    guided: { state: 'rejected', detail: 'Suspicious content was found in the package.', fate: 'rejects' },
  },
};

/** What became of a version at a place; null where nobody has published it yet: the newest waits for a press. */
export function becameOf(version: string, role: PlaceRole, newest: string): Became | null {
  return version === newest ? null : (OTHERWISE[version]?.[role] ?? LIVE);
}

/** How the deployment that published it ended. */
export function endOf({ state, detail }: Became, label: string): { ok: boolean; sentence: string } {
  if (state === 'accepted')
    return { ok: false, sentence: `${label} has not let it through in the time that this may take.` };
  if (state === 'rejected') return { ok: false, sentence: detail ?? PUBLICATION_WORDS.rejected.sentence };
  return { ok: true, sentence: `${label} gives it to a client, and its content is the one that was published.` };
}

const DAY = 86_400_000;
export const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** The days before today on which something was there, oldest first. Epoch milliseconds; days are UTC. */
export function daysSince(first: number, now: number): string[] {
  const days: string[] = [];
  for (let at = first; dayOf(at) < dayOf(now); at += DAY) days.push(dayOf(at));
  return days;
}

/** Sums at the end of each day that end below `total`, more on working days, the same each time. */
export function sumsBy(days: readonly string[], total: number, seed: number): number[] {
  const random = seededRandom(seed);
  const weights = days.map((day) => {
    const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
    return (weekday === 0 || weekday === 6 ? 0.4 : 1) * (0.8 + random() * 0.4);
  });
  // Today takes its share too, so that the next real count is not below the last of these.
  const all = weights.reduce((sum, weight) => sum + weight, 1);
  let sum = 0;
  return weights.map((weight) => {
    sum += weight;
    return Math.floor((total * sum) / all);
  });
}

/** The newest of those that were there on a day. `from`: epoch milliseconds. */
export function newestOn(day: string, versions: readonly { version: string; from: number }[]): string | null {
  const there = versions.filter(({ from }) => dayOf(from) <= day).sort((a, b) => a.from - b.from);
  return there.at(-1)?.version ?? null;
}
