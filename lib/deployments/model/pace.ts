/** Run and jobs. */
export const REQUESTS_PER_LOOK = 2;
/** Background requests a minute on one connection; vendors frown at 300 and more. */
const PER_MINUTE = 200;
/** However many runs there are, each is looked at this often: what follows a look has to be done within 30 s (P8). */
export const SLOWEST_SECONDS = 27;

/** Seconds between two looks at one run: short while it is young, and longer the more runs share the connection. */
export function lookEverySeconds(facts: { floor: number; ageMs: number; crowd: number }): number {
  const byAge = facts.ageMs < 2 * 60_000 ? facts.floor : facts.ageMs < 10 * 60_000 ? 6 : 15;
  const byCrowd = Math.ceil((facts.crowd * REQUESTS_PER_LOOK * 60) / PER_MINUTE);
  return Math.max(facts.floor, byAge, Math.min(byCrowd, SLOWEST_SECONDS));
}
