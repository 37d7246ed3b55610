/** How slowly many bytes may come or go. */
export interface Pace {
  /** For what comes before the first byte, and for the start. Milliseconds. */
  baseMs: number;
  /** Bytes a second, on average, from the beginning on. */
  slowest: number;
  /** So long nothing at all may come. Milliseconds. */
  quietMs: number;
  /** However many bytes they are. Milliseconds. */
  longestMs: number;
}

/**
 * What carries a package takes as long as an uplink of 2 Mbit/s needs for it, and no longer than fits the 15 min for which
 * a deployment may wait to be proven. Silence ends it sooner.
 */
export const PACKAGE_PACE: Pace = { baseMs: 20_000, slowest: 240_000, quietMs: 30_000, longestMs: 480_000 };

/** How long so many bytes may take, the answer included. Milliseconds; `baseMs` for what is not their size. */
export function transferMs(bytes: number, baseMs: number): number {
  const { slowest, longestMs } = PACKAGE_PACE;
  return Math.max(baseMs, Math.min(longestMs, baseMs + Math.ceil((bytes / slowest) * 1_000)));
}

export type TooSlow = 'silent' | 'slow';

/** Looks at it each second. */
const LOOK_MS = 1_000;

/** Says once that nothing comes any more, or too little, until it is ended; `came` tells it of each piece, in bytes. */
export function watchPace(pace: Pace, onSlow: (why: TooSlow) => void): { came(bytes: number): void; end(): void } {
  const begun = performance.now();
  let bytes = 0;
  let last = begun;
  const end = () => clearInterval(timer);
  const timer = setInterval(() => {
    const now = performance.now();
    const may = Math.min(pace.longestMs, pace.baseMs + (bytes / pace.slowest) * 1_000);
    const why: TooSlow | null = now - last >= pace.quietMs ? 'silent' : now - begun >= may ? 'slow' : null;
    if (why === null) return;
    end();
    onSlow(why);
  }, LOOK_MS);
  timer.unref();
  const came = (more: number) => {
    bytes += more;
    last = performance.now();
  };
  return { came, end };
}
