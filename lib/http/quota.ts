import type { QuotaReading, QuotaSnapshot } from '@/lib/providers/port';

/** How long a connection stays quiet when the vendor says "too fast" without saying for how long. */
export const UNSAID_PAUSE_MS = 60_000;
/** No vendor's word keeps a connection quiet for longer; it is asked again then. */
export const LONGEST_PAUSE_MS = 24 * 3_600_000;
/** A block on everything that this connection does, whatever the resource. */
export const ALL_RESOURCES = '*';

/**
 * The quota that an answer tells of, or null when it tells of none.
 * Source: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
 */
export function readQuota(headers: Headers): QuotaSnapshot | null {
  const limit = wholeNumber(headers.get('x-ratelimit-limit'));
  const remaining = wholeNumber(headers.get('x-ratelimit-remaining'));
  const reset = wholeNumber(headers.get('x-ratelimit-reset'));
  if (limit === null || remaining === null || reset === null) return null;
  return { resource: headers.get('x-ratelimit-resource') ?? 'core', limit, remaining, resetAt: reset * 1000 };
}

/** The form in which HTTP dates are written (RFC 9110 §5.6.7). `Date.parse` alone takes `1.5` and `-1` for dates, too. */
const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/**
 * `Retry-After` as milliseconds from now, a day at most: whole seconds or an HTTP date (RFC 9110 §10.2.3); null when absent
 * or junk.
 */
export function readRetryAfterMs(headers: Headers, now: number): number | null {
  const value = headers.get('retry-after')?.trim() ?? '';
  if (/^\d+$/.test(value)) return Math.min(Number(value) * 1000, LONGEST_PAUSE_MS);
  const asked = HTTP_DATE.test(value) ? Date.parse(value) - now : Number.NaN;
  return Number.isNaN(asked) ? null : Math.min(Math.max(0, asked), LONGEST_PAUSE_MS);
}

/**
 * An adapter sets it on a read that is only nice to have (the steps of a run that goes on). While the budget is short,
 * such a read is answered from memory, so that what matters (has the run ended?) can still be asked. It is never sent.
 */
export const DETAIL_HEADER = 'x-aether-detail';
/**
 * An adapter sets it on a read whose address names a commit or a digest in full: what was answered once is answered again
 * from memory, without asking. It is never sent.
 */
export const IMMUTABLE_HEADER = 'x-aether-immutable';
/**
 * An adapter sets it, in bytes, on a GET of a file that may be larger than any other answer of its vendor. The answer is
 * not kept, and its time grows with what has come (`PACKAGE_PACE`). It is never sent.
 */
export const LARGEST_HEADER = 'x-aether-largest';
/**
 * Beside that one: only the SHA-256 is wanted. The answer, which bears the mark then, is that in hexadecimal, and the file
 * is held by nobody. It is never sent.
 */
export const DIGEST_HEADER = 'x-aether-digest';

/**
 * An adapter sets it on a POST that changes nothing: it is counted as a read. Its answer is not kept, and whether a lost one
 * is ambiguous the adapter knows itself. It is never sent.
 */
export const READING_HEADER = 'x-aether-reading';

/**
 * Why a request has to wait on this side, and until when (epoch milliseconds). `reserve`: what is left is for deployments;
 * `share`: this person or token has read enough for this hour; `telling`: what is told others has had its hour's part;
 * `low`: the vendor's window is nearly used up, whoever used it.
 */
export interface Hold {
  until: number;
  why: 'pause' | 'budget' | 'reserve' | 'share' | 'telling' | 'low';
}

/** What is about to be asked. `detail` may be a little old, see `DETAIL_HEADER`. */
export interface Asking {
  resource: string;
  reading: boolean;
  detail: boolean;
}

/** What is written down about a connection's requests, for every process to read. */
export interface QuotaLedger {
  /** Asked before each request; null when it may go. */
  hold(asking: Asking): Promise<Hold | null>;
  /** `charged` counts against the vendor's limit, `free` was a 304, `held` was not sent. */
  count(what: 'charged' | 'free' | 'held'): void;
  saw(quota: QuotaSnapshot): void;
  /** Resolves when it is written down: whoever asks after that knows of it. */
  paused(block: Block): Promise<void>;
}

export interface Block {
  resource: string;
  /** Epoch milliseconds. */
  until: number;
}

/** Whether this answer means "send nothing more before …". */
export function readBlock(
  status: number,
  headers: Headers,
  bodyStart: string,
  now: number,
  quota: QuotaSnapshot | null = readQuota(headers),
): Block | null {
  const said = blockSaid(status, headers, bodyStart, now, quota);
  return said && { ...said, until: Math.min(said.until, now + LONGEST_PAUSE_MS) };
}

/** For how long a 429 asks for silence, in milliseconds from now. */
export function pauseMs(headers: Headers, now: number): number {
  return (readBlock(429, headers, '', now)?.until ?? now + UNSAID_PAUSE_MS) - now;
}

/** Answers whose `Retry-After` is about all that would be asked: GitHub says 403, and 503 is what the header was made for. */
const ASKS_TO_WAIT = [429, 403, 503];

function blockSaid(
  status: number,
  headers: Headers,
  bodyStart: string,
  now: number,
  quota: QuotaSnapshot | null,
): Block | null {
  const retryAfter = ASKS_TO_WAIT.includes(status) ? readRetryAfterMs(headers, now) : null;
  if (retryAfter !== null) return { resource: ALL_RESOURCES, until: now + Math.min(retryAfter, LONGEST_PAUSE_MS) };
  if (quota && quota.remaining === 0 && quota.resetAt > now) return { resource: quota.resource, until: quota.resetAt };
  if (status === 429 || (status === 403 && /rate limit/i.test(bodyStart))) {
    return { resource: ALL_RESOURCES, until: now + UNSAID_PAUSE_MS };
  }
  return null;
}

/** Which quota a request is about to draw on, before any answer has said so. */
function resourceOf(url: URL): string {
  if (url.pathname.startsWith('/search/')) return 'search';
  return url.pathname === '/graphql' ? 'graphql' : 'core';
}

const USUAL: QuotaReading = { read: readQuota, resourceOf };

/** How answers tell their limits: as their provider says, else in the usual way. */
export const readingOf = ({ quota = USUAL }: { quota?: QuotaReading | undefined }): QuotaReading => quota;

function wholeNumber(value: string | null): number | null {
  return value !== null && /^\d{1,12}$/.test(value.trim()) ? Number(value) : null;
}
