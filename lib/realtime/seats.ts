/** Open streams of one person in one process; one more is refused, so that nobody can use up all of them. */
export const STREAMS_PER_PERSON = 10;

const taken = new Map<string, number>();

/** Takes a place for one stream; null when all are taken. The answer gives the place back, once. */
export function takeSeat(personId: string, limit: number = STREAMS_PER_PERSON): (() => void) | null {
  const open = taken.get(personId) ?? 0;
  if (open >= limit) return null;
  taken.set(personId, open + 1);
  let given = false;
  return () => {
    if (given) return;
    given = true;
    const left = (taken.get(personId) ?? 1) - 1;
    if (left > 0) taken.set(personId, left);
    else taken.delete(personId);
  };
}
