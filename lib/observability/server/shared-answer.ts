import 'server-only';
import { ServiceError } from '@/lib/kernel/errors';
import type { HealthAsk, HealthSource } from '../model/series';

/** So long an answer is given to everybody who asks the same of the same target. */
export const SHARED_MS = 30_000;

type Answer = ReturnType<HealthSource['read']>;
type Kept = Map<string, { at: number; answer: Answer }>;

const kept = new WeakMap<object, Kept>();

/**
 * A span that was named stays where it is. The others move with the clock, so what tells two of them apart is how long
 * they are.
 */
const keyOf = ({ id }: HealthSource, { from, to, before, named }: HealthAsk) =>
  named ? `${closerOf(id)}${from} ${to}` : `${id} ${to - from} ${from - before.from}`;
const closerOf = (id: string) => `${id} closer `;

/** So many named spans of a target are asked for in that time: people may name thousands, and each is questions to a provider. */
export const MOST_CLOSER = 10;

/**
 * One question a target and 30 s in a process, however many pages are open: a page asks again each minute. What one gets to
 * see does not depend on who asked; whether one may ask was decided before. A failure is shared like an answer.
 */
export function shared(owner: object, source: HealthSource, now: () => number = () => performance.now()): HealthSource {
  return {
    ...source,
    read(ask) {
      const answers: Kept = kept.get(owner) ?? new Map();
      kept.set(owner, answers);
      const key = keyOf(source, ask);
      const known = answers.get(key);
      if (known && now() - known.at < SHARED_MS) return known.answer;
      for (const [old, { at }] of answers) if (now() - at >= SHARED_MS) answers.delete(old);
      const closer = [...answers.keys()].filter((each) => each.startsWith(closerOf(source.id)));
      if (ask.named && closer.length >= MOST_CLOSER) return Promise.reject(tooMany(source));
      const answer = source.read(ask);
      // Whoever waits for it hears of it; nobody may be waiting any more when it fails.
      answer.catch(() => undefined);
      answers.set(key, { at: now(), answer });
      return answer;
    },
  };
}

function tooMany({ label }: HealthSource): ServiceError {
  const sentence = `${label} was asked for many spans just now. Wait ${SHARED_MS / 1_000} seconds, then look again.`;
  return new ServiceError('tooMany', 'too_many_spans', sentence);
}
