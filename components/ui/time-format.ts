const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const pad = (n: number) => String(n).padStart(2, '0');

/** A length in words: "45 s", "2 m 10 s", "1 h 5 m", "3 d 4 h". `ms` in milliseconds, below zero counts as zero. */
export function formatSpan(ms: number): string {
  const left = Math.max(0, ms);
  if (left < MINUTE) return `${Math.floor(left / SECOND)} s`;
  const [big, bigName, small, smallName] =
    left < HOUR ? [MINUTE, 'm', SECOND, 's'] : left < DAY ? [HOUR, 'h', MINUTE, 'm'] : [DAY, 'd', HOUR, 'h'];
  const rest = Math.floor((left % Number(big)) / Number(small));
  const head = `${Math.floor(left / Number(big))} ${bigName}`;
  return rest > 0 ? `${head} ${rest} ${smallName}` : head;
}

/** A running clock: "0:07", "12:40", "1:02:09". `ms` in milliseconds. */
export function formatClock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / SECOND));
  const minutes = Math.floor(seconds / 60);
  const tail = `${minutes >= 60 ? pad(minutes % 60) : minutes % 60}:${pad(seconds % 60)}`;
  return minutes >= 60 ? `${Math.floor(minutes / 60)}:${tail}` : tail;
}

/** Where `at` lies from `now`: "just now", "4 min ago", "in 3 h", "2 d ago". Both in milliseconds since the epoch. */
export function formatRelative(at: number, now: number): string {
  const gap = Math.abs(now - at);
  if (gap < 45 * SECOND) return 'just now';
  const words =
    gap < 59.5 * MINUTE
      ? `${Math.max(1, Math.round(gap / MINUTE))} min`
      : gap < 23.5 * HOUR
        ? `${Math.round(gap / HOUR)} h`
        : gap < 60 * DAY
          ? `${Math.round(gap / DAY)} d`
          : `${Math.round(gap / (30.44 * DAY))} mo`;
  return at <= now ? `${words} ago` : `in ${words}`;
}

/** "2026-03-08 21:04 UTC": the same on the server and in every browser. */
export function formatUtc(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
