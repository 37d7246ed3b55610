import { ServiceError } from '@/lib/kernel/errors';
import { ProviderError } from '@/lib/providers/port';

/** How long an address may take, with its body. */
const WITHIN_MS = 8_000;

/**
 * What an address answered; or why nothing can be said of it. `refused`: the sentence of what refuses such an address, of
 * ours; else `failed` is what the network did, in a sentence's middle.
 */
type Heard<T> =
  | { ok: true; value: T }
  | { ok: false; refused: string; failed: null }
  | { ok: false; refused: null; failed: string };

/** Where a request leaves for an address that is no provider's. */
export interface Outside {
  fetchOutside(url: string, init?: RequestInit): Promise<Response>;
}

/** Asks an address that a person typed in, anew each time. Never throws: whatever goes wrong is an answer, and proves nothing. */
export async function askOutside<T>(
  ctx: Outside,
  url: string,
  { accept, read }: { accept: string; read: (response: Response) => Promise<T> },
): Promise<Heard<T>> {
  const signal = AbortSignal.timeout(WITHIN_MS);
  try {
    const response = await ctx.fetchOutside(url, { headers: { accept, 'cache-control': 'no-cache' }, signal });
    return { ok: true, value: await inTime(read(response), signal) };
  } catch (error) {
    // What refuses an address has a sentence of its own; anything else is a network that did not deliver.
    if (error instanceof ServiceError) return { ok: false, refused: error.sentence, failed: null };
    if (error instanceof ProviderError) return { ok: false, refused: error.message, failed: null };
    const failed = signal.aborted ? `did not answer within ${WITHIN_MS / 1000} s` : 'cannot be reached';
    return { ok: false, refused: null, failed };
  }
}

/** For who wants nothing of its body. */
export async function letGo(response: Response): Promise<void> {
  await response.body?.cancel().catch(() => undefined);
}

/** A body that drips for ever must not hold a worker, whatever the transport does with the signal. */
function inTime<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = () => reject(signal.reason);
    if (signal.aborted) return late();
    signal.addEventListener('abort', late, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', late));
  });
}
