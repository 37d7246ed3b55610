import { PACKAGE_PACE, transferMs, watchPace } from './pace';

export const DEFAULT_TIMEOUT_MS = 10_000;

export type Others = readonly (AbortSignal | null | undefined)[];

const given = (others: Others) => others.filter((each) => each instanceof AbortSignal);

/** Whether it was one of them that ended this signal, and not a time of our own. */
export function endedBy(signal: AbortSignal, others: Others = []): boolean {
  return signal.aborted && given(others).some((each) => each.aborted && each.reason === signal.reason);
}

/** Ends a whole exchange at its time; what somebody else ends, ends too. */
export function deadline(timeoutMs = DEFAULT_TIMEOUT_MS, others: Others = []): AbortSignal {
  return AbortSignal.any([AbortSignal.timeout(timeoutMs), ...given(others)]);
}

/** The same for a request that carries a body: a package of 100 MB takes longer than a form. */
export function deadlineFor(body: unknown, timeoutMs = DEFAULT_TIMEOUT_MS, others: Others = []): AbortSignal {
  return deadline(transferMs(bytesOf(body), timeoutMs), others);
}

function bytesOf(body: unknown): number {
  if (typeof body === 'string') return body.length;
  if (body instanceof Blob) return body.size;
  return body instanceof ArrayBuffer || ArrayBuffer.isView(body) ? body.byteLength : 0;
}

/** A download whose size nobody knows: its time grows with what has come. `came`: each piece, in bytes. */
export async function paced<T>(
  others: Others,
  work: (signal: AbortSignal, came: (bytes: number) => void) => Promise<T>,
): Promise<T> {
  const slow = new AbortController();
  const watch = watchPace(PACKAGE_PACE, () => slow.abort(new DOMException('It came too slowly.', 'TimeoutError')));
  try {
    return await work(AbortSignal.any([slow.signal, ...given(others)]), watch.came);
  } finally {
    watch.end();
  }
}
