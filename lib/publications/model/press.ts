import type { DeploymentStatus } from '../../deployments/model/status';
import type { PublishedTo } from './schemas';
import type { PublishPlace } from './view';

type Place = Pick<PublishPlace, 'targetId' | 'closed' | 'audience' | 'gallery'> & { cell: { state: string } | null };

/** Nothing that everybody gets is chosen by itself: the console's own galleries are, where they take it and lack it. */
export function chosenAtFirst(places: readonly Place[]): string[] {
  return places
    .filter(({ closed, cell, audience }) => audience === 'own' && closed === null && cell?.state !== 'verified')
    .map(({ targetId }) => targetId);
}

/** The places as they stand for a press that says why it goes through a freeze: where that may be said, it shuts none. */
export function openedFor<P extends Pick<PublishPlace, 'closed' | 'mayOverride'>>(
  places: readonly P[],
  reason: string | null,
): P[] {
  return places.map((place) => (reason !== null && place.mayOverride ? { ...place, closed: null } : place));
}

/** Whether it is let through a freeze at one of the chosen ones. */
export function goesThroughFreeze(
  places: readonly Pick<PublishPlace, 'targetId' | 'mayOverride'>[],
  chosen: ReadonlySet<string>,
): boolean {
  return places.some(({ targetId, mayOverride }) => mayOverride && chosen.has(targetId));
}

/** A press whose answer got lost is the same press; after any answer the next one is another, with a key of its own. */
export function keyAfter(
  key: string,
  answer: { ok: boolean; refusal?: { code: string } },
  fresh: () => string,
): string {
  return !answer.ok && answer.refusal?.code === 'unreachable' ? key : fresh();
}

/** The chosen ones that everybody gets it from. */
export function publicOnes<P extends Place>(places: readonly P[], chosen: ReadonlySet<string>): P[] {
  return places.filter(({ targetId, audience }) => audience === 'public' && chosen.has(targetId));
}

const BADLY: readonly DeploymentStatus[] = ['failed', 'errored', 'timed_out', 'cancelled', 'rejected', 'superseded'];

/** What became of a press at one place, as it stands now. */
export function outcomeWords({ place, outcome, number, status, sentence }: PublishedTo): {
  tone: 'good' | 'warn' | 'bad';
  title: string;
  words: string;
} {
  if (outcome === 'refused') return { tone: 'bad', title: `${place}: not asked for`, words: sentence ?? '' };
  const title = `${place}: #${number}`;
  if (status !== null && BADLY.includes(status)) {
    const words = `It was asked for before, and it is ${status.replace('_', ' ')}. Nothing was sent now: see why, then publish once more.`;
    return { tone: 'bad', title, words };
  }
  if (status === 'succeeded') return { tone: 'good', title, words: 'It is there already' };
  if (status === 'awaiting_approval') return { tone: 'warn', title, words: 'It waits for others to approve it' };
  return { tone: 'good', title, words: outcome === 'created' ? 'It is on its way' : 'It was on its way already' };
}
