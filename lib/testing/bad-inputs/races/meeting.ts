import fc from 'fast-check';
import type { Database } from '@/lib/db/client';

/** How two sides meet in one round. */
export interface Meeting {
  /** Which side is late, the first one when positive, and how much of its reach; -100 to 100. */
  late: number;
  /** Chooses between the forms that a race has. */
  variant: number;
}

/** One round: sets everything up, lets both sides meet, throws unless what has to hold does. Says how it went, in a word. */
export type Round = (meeting: Meeting) => Promise<string>;

export const meetings = fc.record<Meeting>({
  late: fc.integer({ min: -100, max: 100 }),
  variant: fc.nat(11),
});

/** How many round trips to the database each side may be late at most: about as many as the other one takes. */
export interface Reach {
  first: number;
  second: number;
}

/**
 * Both at once, one of them late. Lateness is measured in round trips, for on a busy machine they get slower as the sides do.
 */
export async function meet<A, B>(
  { pool }: Pick<Database, 'pool'>,
  { late, reach }: Meeting & { reach: Reach },
  first: () => Promise<A>,
  second: () => Promise<B>,
): Promise<[A, B]> {
  const wait = async (trips: number) => {
    for (let n = 0; n < trips; n++) await pool.query('select 1');
  };
  return await Promise.all([
    wait((late * reach.first) / 100).then(first),
    wait((-late * reach.second) / 100).then(second),
  ]);
}

/** `done`, or the code of a refusal. What is no refusal of ours fails the round. */
export async function settled(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'done';
  } catch (error) {
    const { kind, code } = error as { kind?: string; code?: string };
    if (kind === undefined || code === undefined) throw error;
    return code;
  }
}
