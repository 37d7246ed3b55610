import { traced } from '@/lib/kernel/trace';
import { ProviderError, type QuotaReading } from '@/lib/providers/port';
import { type Clearing, clearToSend } from './clear-to-send';
import { deadline, deadlineFor, endedBy, type Others, paced } from './deadline';
import { etagKey, type KeptAnswer } from './etag-cache';
import { networkFailure } from './failures';
import { tooSoon } from './held';
import { blockedUntil, type HttpMemory, remember } from './memory';
import {
  ALL_RESOURCES,
  type Asking,
  type Block,
  DETAIL_HEADER,
  DIGEST_HEADER,
  type Hold,
  IMMUTABLE_HEADER,
  LARGEST_HEADER,
  type QuotaLedger,
  READING_HEADER,
  readBlock,
  readingOf,
} from './quota';
import { digestCapped, readCapped } from './read-body';
import { foreignOrigin, isRedirect, isSentOn, MAX_HOPS, nextRead, nextWrite } from './redirects';
import { sharedRead } from './shared-read';
import { trustFor } from './trust';

export interface GuardOptions extends Pick<Clearing, 'writesPerMinute' | 'sharedWrites'> {
  connectionId: string;
  /** The only origin that ever sees the credential. A path is ignored. */
  origin: string;
  /** Where its tokens are made, when that is not `origin`: the only others that may see the credential. */
  tokenOrigins?: readonly string[] | undefined;
  /** Who vouches for its certificate (PEM), see trust.ts; null: the usual authorities. */
  authorities?: string | null | undefined;
  memory: HttpMemory;
  /** The transport underneath; the sandbox passes its own. */
  fetch?: typeof globalThis.fetch | undefined;
  now?: (() => number) | undefined;
  /** Whole exchange; a body of its own gets the time of its size beside it, see pace.ts. Milliseconds. */
  timeoutMs?: number | undefined;
  /** Largest answer, after decompression. Bytes. */
  maxBytes?: number | undefined;
  /** Hosts that a download may be sent on to, without the credential: `a.example`, `*.example`, or `*` for any. */
  downloadHosts?: readonly string[] | undefined;
  /** Pauses and figures that all processes share; without one, only this connection's memory counts. */
  ledger?: QuotaLedger | undefined;
  quota?: QuotaReading | undefined;
  signal?: AbortSignal | undefined;
}

export const DEFAULT_MAX_BYTES = 10 * 1_048_576;
/** Marks a download of which only the first part was read. */
export const CUT_HEADER = 'x-aether-cut';
/** As `networkFailure` calls it when no answer came, whichever transport said so. */
const SILENCE = ['timeout', 'network', 'no_network'];
const NULL_BODY = new Set([101, 204, 205, 304]);
/** `fetch` has already undone these, so they no longer describe the body. */
const STALE_HEADERS = ['content-encoding', 'content-length', 'transfer-encoding'];

/** What becomes of a large file: who is told of each piece, in bytes, and whether its digest alone is wanted. */
interface Large {
  came(bytes: number): void;
  digest: boolean;
}
/** `asksOnly`: it changes nothing there, whatever its method, so a lost answer leaves nothing unclear. */
type Guarding = GuardOptions & { large?: Large; asksOnly?: boolean; others?: Others };

/**
 * `fetch` with the manners that a provider call needs: one origin, a deadline, a size cap, no blind redirects (see redirects.ts),
 * quota accounting, silence until `Retry-After` ends, and free conditional reads.
 * Throws `ProviderError`; `ambiguous` when a write left this machine and no whole answer came back.
 */
export function guardedFetch(options: GuardOptions): typeof globalThis.fetch {
  return async function guarded(input, init) {
    const request = new Request(input, { ...init, redirect: 'manual', cache: 'no-store' });
    const url = new URL(request.url);
    if (!isHome(options, url)) throw foreignOrigin(url);
    const largest = Number(request.headers.get(LARGEST_HEADER) ?? 0);
    const digest = request.headers.has(DIGEST_HEADER);
    for (const mark of [LARGEST_HEADER, DIGEST_HEADER]) request.headers.delete(mark);
    const reading = request.method === 'GET' || request.method === 'HEAD';
    const known = keptFor(options, request, IMMUTABLE_HEADER);
    if (known && reading) return fromKept(known, new Headers(known.headers));
    const spare = keptFor(options, request, DETAIL_HEADER);
    const asksOnly = request.headers.has(READING_HEADER);
    request.headers.delete(READING_HEADER);
    const resource = readingOf(options).resourceOf(url);
    const asking = { resource, reading: reading || asksOnly, detail: spare !== undefined };
    options.memory.breaker.check(url.host, (options.now ?? Date.now)());
    const held = await holdOn(options, asking);
    if (held) return heldAnswer(options, url, held, spare);
    // Whoever waited asks once more: a pause may have been told meanwhile, in another process too.
    const inLane = (send: () => Promise<Response>, late = false) =>
      options.memory.lanes.run(async (waited) => {
        const paused = waited || late ? await holdOn(options, asking) : null;
        return paused ? heldAnswer(options, url, paused, spare) : send();
      });
    const others = [init?.signal, options.signal];
    if (largest > 0 && reading) {
      const fetched = (signal: AbortSignal, came: Large['came']) =>
        followed({ ...options, others, maxBytes: largest, large: { came, digest } }, request, signal);
      return inLane(() => paced(others, fetched));
    }
    const signal = deadlineFor(init?.body, options.timeoutMs, others);
    if (!reading) return sentOn({ ...options, others, asksOnly }, request, init?.body, signal);
    return sharedRead({
      memory: options.memory,
      request,
      signal,
      deadline: () => deadline(options.timeoutMs),
      send: (until, late) => inLane(() => readThrough({ ...options, others }, request, until), late),
    });
  };
}

function isHome(options: GuardOptions, url: URL): boolean {
  return [options.origin, ...(options.tokenOrigins ?? [])].some((each) => new URL(each).origin === url.origin);
}

/** A GET: asks whether the kept answer still holds, and follows a redirect where that is safe. */
async function readThrough(options: Guarding, request: Request, signal: AbortSignal): Promise<Response> {
  const key = etagKey(options.connectionId, request.url, request.headers);
  // A HEAD saves nothing by it, and registries answer 304 for what is not there any more.
  const asWhole = request.method === 'GET' && !request.headers.has('range');
  const kept = asWhole ? options.memory.etags.get(key) : undefined;
  const conditional = new Request(request, { redirect: 'manual' });
  if (kept) conditional.headers.set('if-none-match', kept.etag);
  const answer = await followed(options, conditional, signal);
  if (answer.status === 304 && kept) {
    const headers = new Headers(kept.headers);
    for (const [name, value] of answer.headers) headers.set(name, value);
    return fromKept(kept, headers);
  }
  const etag = answer.headers.get('etag');
  if (mayKeep(options, request) && answer.status === 200 && etag && !answer.headers.has(CUT_HEADER)) {
    const body = new Uint8Array(await answer.clone().arrayBuffer());
    options.memory.etags.set(key, { etag, body, headers: [...answer.headers] });
  }
  return answer;
}

/** Tokens are never kept: they come from a token service, or for a user name and a password. Nor is what asks not to be. */
function mayKeep(options: GuardOptions, request: Request): boolean {
  const atHome = new URL(request.url).origin === new URL(options.origin).origin;
  const basic = /^basic\b/i.test(request.headers.get('authorization') ?? '');
  const unkept = request.headers.get('cache-control') === 'no-store';
  return request.method === 'GET' && atHome && !basic && !unkept;
}

function fromKept(kept: KeptAnswer, headers: Headers): Response {
  return new Response(new Uint8Array(kept.body), { status: 200, headers });
}

async function followed(options: Guarding, first: Request, signal: AbortSignal): Promise<Response> {
  let answer = await exchange(options, first, signal);
  let from = first;
  for (let hop = 0; hop < MAX_HOPS && isRedirect(answer); hop++) {
    const target = new URL(answer.headers.get('location') ?? '', from.url);
    from = nextRead(options, from, target);
    answer = await exchange(options, from, signal);
  }
  return answer;
}

/** A write: what was answered 307 or 308 was not taken, so the same goes to where it says. Any other redirect is the answer. */
async function sentOn(options: Guarding, first: Request, body: unknown, signal: AbortSignal): Promise<Response> {
  let answer = await exchange(options, first, signal);
  let from = first;
  for (let hop = 0; hop < MAX_HOPS && isSentOn(answer); hop++) {
    from = nextWrite(options, from, new URL(answer.headers.get('location') ?? '', from.url), body);
    answer = await exchange(options, from, signal);
  }
  return answer;
}

/** The same as a span: host, method and status only, because a path names people's things. */
function exchange(options: Guarding, request: Request, signal: AbortSignal): Promise<Response> {
  const { method, url } = request;
  const attributes = { 'http.request.method': method, 'server.address': new URL(url).hostname };
  const connection = { 'aetherstack.connection': options.connectionId };
  return traced({ name: method, kind: 'client', attributes: { ...attributes, ...connection } }, async (note) => {
    const answer = await exchangeOnce(options, request, signal);
    note({ 'http.response.status_code': answer.status });
    return answer;
  });
}

/** One request, one whole answer. */
async function exchangeOnce(options: Guarding, request: Request, signal: AbortSignal): Promise<Response> {
  const now = options.now ?? Date.now;
  const writing = request.method !== 'GET' && request.method !== 'HEAD' && !options.asksOnly;
  const host = new URL(request.url).host;
  const atHome = isHome(options, new URL(request.url));
  const { breaker } = options.memory;
  let flows = false;
  const resource = readingOf(options).resourceOf(new URL(request.url));
  if (atHome) await clearToSend(options, { host, resource, writing });
  try {
    const raw = await abortable(transported(options, new Request(request, { signal, cache: 'no-store' })), signal);
    if (atHome) breaker.answered();
    flows = options.large !== undefined;
    const digest = raw.ok && options.large?.digest === true;
    const read = digest ? digestCapped : readCapped;
    const { bytes, cut } = await abortable(
      read(raw, options.maxBytes ?? DEFAULT_MAX_BYTES, options.large?.came),
      signal,
    );
    if (atHome) await account(options, request.url, raw, bytes, now());
    if (cut && atHome) {
      const sentence = `${host} sent more than this side is willing to read.`;
      throw new ProviderError('protocol', 'too_large', sentence, { ambiguous: writing });
    }
    const headers = new Headers(raw.headers);
    for (const name of STALE_HEADERS) headers.delete(name);
    if (cut) headers.set(CUT_HEADER, '1');
    if (digest) headers.set(DIGEST_HEADER, '1');
    return new Response(NULL_BODY.has(raw.status) ? null : bytes, { status: raw.status, headers });
  } catch (error) {
    const failure = failureOf(error, { host, writing, signal });
    // Who gives up by himself, or after a time of his own, says nothing about the provider; nor does a file on its way.
    const silent = SILENCE.includes(failure.code) && !endedBy(signal, options.others);
    if (atHome && !flows && silent) breaker.silent(now());
    throw failure;
  }
}

function failureOf(error: unknown, about: { host: string; writing: boolean; signal: AbortSignal }): ProviderError {
  if (!(error instanceof ProviderError)) return networkFailure(error, about);
  // A transport goes by the method alone.
  if (about.writing || !error.ambiguous) return error;
  return new ProviderError(error.kind, error.code, error.message, { retryAfterMs: error.retryAfterMs });
}

function transported(options: GuardOptions, request: Request): Promise<Response> {
  return (options.fetch ?? globalThis.fetch)(request, trustFor(options, request.url));
}

/** Gives up at the deadline even where the transport underneath does not listen to the signal. */
async function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let onAbort = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

async function account(options: GuardOptions, url: string, raw: Response, bytes: Uint8Array, now: number) {
  options.ledger?.count(raw.status === 304 ? 'free' : 'charged');
  const quota = readingOf(options).read(raw.headers, new URL(url), now);
  if (quota) options.ledger?.saw(quota);
  const start = raw.status === 403 ? new TextDecoder().decode(bytes.subarray(0, 2_000)) : '';
  const said = readBlock(raw.status, raw.headers, start, now, quota);
  if (!said) return;
  const block = { ...said, resource: blockedBy(options, said, url) };
  remember(options.memory, block);
  await options.ledger?.paused(block);
}

/** A provider that gives some requests a limit of their own means that one: the others go on. */
function blockedBy({ quota }: GuardOptions, { resource }: Block, url: string): string {
  const own = quota?.resourceOf(new URL(url)) ?? 'core';
  return resource === ALL_RESOURCES && own !== 'core' ? own : resource;
}

async function holdOn(options: GuardOptions, asking: Asking): Promise<Hold | null> {
  const now = options.now ?? Date.now;
  const known = blockedUntil(options.memory, asking.resource, now());
  if (known !== null) return { until: known, why: 'pause' };
  const shared = await options.ledger?.hold(asking);
  return shared && shared.until > now() ? shared : null;
}

/** What was last answered to a request that bears this mark of an adapter's. The mark itself is never sent. */
function keptFor(options: GuardOptions, request: Request, mark: string): KeptAnswer | undefined {
  const marked = request.headers.has(mark);
  request.headers.delete(mark);
  return marked ? options.memory.etags.get(etagKey(options.connectionId, request.url, request.headers)) : undefined;
}

/** Nothing is sent: a detail is answered as it was last seen where the budget is short, everything else is refused. */
function heldAnswer(options: GuardOptions, url: URL, held: Hold, spare: KeptAnswer | undefined): Response {
  options.ledger?.count('held');
  if (spare && held.why !== 'pause') return fromKept(spare, new Headers(spare.headers));
  throw tooSoon(url.host, held, (options.now ?? Date.now)());
}
