import type { ServiceContext } from '@/lib/auth/context';
import { readCapped } from '@/lib/http/read-body';
import { ServiceError } from '@/lib/kernel/errors';
import { ProviderError } from '@/lib/providers/port';
import { PROBE_BYTES, type Probe, type ProbeAnswer, readProbe, trouble } from '../model/probe';

const WITHIN_MS = 8_000;

/** Asks the deployed thing itself which version it is. Never throws: whatever goes wrong is trouble, which proves nothing. */
export async function askProbe(ctx: Pick<ServiceContext, 'fetchOutside'>, probe: Probe): Promise<ProbeAnswer> {
  const signal = AbortSignal.timeout(WITHIN_MS);
  try {
    const response = await ctx.fetchOutside(probe.url, {
      headers: { accept: 'application/json, text/plain;q=0.9', 'cache-control': 'no-cache' },
      signal,
    });
    if (!response.ok) {
      await response.body?.cancel().catch(() => undefined);
      return trouble(`it answered ${response.status}`);
    }
    const body = await inTime(readCapped(response, PROBE_BYTES), signal);
    if (body.cut) return trouble(`its answer is larger than ${PROBE_BYTES / 1024} KB`);
    return readProbe(probe, new TextDecoder().decode(body.bytes));
  } catch (error) {
    // What refuses an address has a sentence of its own; anything else is a network that did not deliver.
    if (error instanceof ServiceError) return trouble(lower(error.sentence));
    if (error instanceof ProviderError) return trouble(lower(error.message));
    return trouble(signal.aborted ? `it did not answer within ${WITHIN_MS / 1000} s` : 'it cannot be reached');
  }
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

function lower(sentence: string): string {
  return sentence.replace(/[.!]$/, '').replace(/^[A-Z](?=[a-z])/, (first) => first.toLowerCase());
}
