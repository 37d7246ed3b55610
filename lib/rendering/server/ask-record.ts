import type { ServiceContext } from '@/lib/auth/context';
import { readCapped } from '@/lib/http/read-body';
import { ServiceError } from '@/lib/kernel/errors';
import { ProviderError } from '@/lib/providers/port';
import { BUILD_RECORD_PATH, MAX_BUILD_RECORD_BYTES, readBuildRecord } from '../model/build-record';
import { type Found, pageOfRecord, serverHeader } from '../model/proof';

type Outside = Pick<ServiceContext, 'fetchOutside'>;

const WITHIN_MS = 8_000;

/**
 * Asks the addresses in order for a build record, and the page it belongs to for headers of a server. Never throws: whatever
 * goes wrong is trouble, which proves nothing.
 */
export async function askRecord(ctx: Outside, addresses: readonly string[]): Promise<Found> {
  const [first] = addresses;
  if (first === undefined) return { kind: 'nowhere', sentence: 'there is no address at which it could be looked up.' };
  let why = 'has no build record';
  let trouble: Found | null = null;
  for (const address of addresses) {
    const answer = await ask(ctx, address, readText);
    const { status, text } = answer.ok ? answer.value : { status: 0, text: '' };
    if (status === 0 || status >= 500 || status === 429) {
      // The next one may have it; where none has, this one may have it later.
      trouble ??= { kind: 'trouble', address, sentence: answer.ok ? `answered ${status}` : answer.sentence };
      continue;
    }
    const record = status === 200 ? readBuildRecord(text) : null;
    if (record) return { kind: 'record', address, record, server: await serverAt(ctx, address) };
    if (status === 200) why = 'answers something that is no build record';
  }
  if (trouble) return trouble;
  return { kind: 'none', address: first, server: await serverAt(ctx, first), sentence: why };
}

/** What cannot be asked is left out: the record says more than a header. */
async function serverAt(ctx: Outside, address: string): Promise<string | null> {
  const answer = await ask(ctx, pageOfRecord(address, BUILD_RECORD_PATH), async (response) => {
    await response.body?.cancel().catch(() => undefined);
    return serverHeader(response.headers);
  });
  return answer.ok ? answer.value : null;
}

async function readText(response: Response): Promise<{ status: number; text: string }> {
  if (response.status === 200) {
    const { bytes, cut } = await readCapped(response, MAX_BUILD_RECORD_BYTES);
    return { status: 200, text: cut ? '' : new TextDecoder().decode(bytes) };
  }
  await response.body?.cancel().catch(() => undefined);
  return { status: response.status, text: '' };
}

type Answer<T> = { ok: true; value: T } | { ok: false; sentence: string };

async function ask<T>(ctx: Outside, url: string, read: (response: Response) => Promise<T>): Promise<Answer<T>> {
  const signal = AbortSignal.timeout(WITHIN_MS);
  try {
    const headers = { accept: 'application/json, text/html;q=0.5', 'cache-control': 'no-cache' };
    const response = await ctx.fetchOutside(url, { headers, signal });
    return { ok: true, value: await inTime(read(response), signal) };
  } catch (error) {
    if (error instanceof ServiceError || error instanceof ProviderError) {
      return { ok: false, sentence: `cannot be asked: ${error.message.replace(/[.!]$/, '')}` };
    }
    return {
      ok: false,
      sentence: signal.aborted ? `did not answer within ${WITHIN_MS / 1000} s` : 'cannot be reached',
    };
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
