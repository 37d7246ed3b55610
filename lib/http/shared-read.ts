import { networkFailure } from './failures';
import type { HttpMemory } from './memory';

/** One read, for however many want it. */
export interface SharedRead {
  memory: HttpMemory;
  request: Request;
  /** The caller's own deadline and wish to stop. */
  signal: AbortSignal;
  /** For a read that is not one caller's alone. */
  deadline: () => AbortSignal;
  /** `late`: it begins later than it was asked for, so what was allowed then has to be asked again. */
  send: (signal: AbortSignal, late: boolean) => Promise<Response>;
}

/**
 * A hundred people who deploy the same commit ask the same things at once: the same read is sent for them together, after
 * the last of them asked. Throws `ProviderError`.
 */
export async function sharedRead({ memory, request, signal, deadline, send }: SharedRead): Promise<Response> {
  let ours = false;
  const round = memory.reads.join(readKey(request), (shared) => {
    ours = !shared;
    return send(shared ? deadline() : signal, shared);
  });
  if (ours) return (await round).clone();
  return (await orGiveUp(round, request, signal)).clone();
}

/** All that an answer may depend on. */
function readKey(request: Request): string {
  return JSON.stringify([request.method, request.url, ...request.headers]);
}

async function orGiveUp<T>(round: Promise<T>, request: Request, signal: AbortSignal): Promise<T> {
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  const stop = () => {
    reject(networkFailure(signal.reason, { host: new URL(request.url).host, writing: false, signal }));
  };
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([round, stopped]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
