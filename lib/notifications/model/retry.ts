export const MAX_TRIES = 8;

/** Seconds to wait after the first, second, … failed try. */
const WAITS = [10, 60, 300, 1_200, 3_600, 10_800, 21_600] as const;
const LONGEST_SECONDS = 86_400;

/**
 * Seconds until the next try, or null when there is none: after the eighth try, or when the receiver says that it is
 * gone (410). A Retry-After of up to a day is waited for in full.
 */
export function nextTrySeconds(
  tries: number,
  answer: { status: number | null; retryAfterMs: number | null },
): number | null {
  if (tries >= MAX_TRIES || answer.status === 410) return null;
  const wait = WAITS[Math.max(0, tries - 1)] ?? LONGEST_SECONDS;
  return Math.max(wait, Math.min(LONGEST_SECONDS, Math.ceil((answer.retryAfterMs ?? 0) / 1_000)));
}
