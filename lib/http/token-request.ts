import { type ProviderContext, ProviderError } from '@/lib/providers/port';
import { readRetryAfterMs, UNSAID_PAUSE_MS } from './quota';

/** What the host that makes tokens said no with. Its words are read and never repeated. */
export interface Refusal {
  host: string;
  status: number;
  /** A name such as `AccessDeniedException`; '' when it says none. */
  code: string;
  words: string;
}

const CODE = /^[A-Za-z_.]{2,60}$/;

/** One request for a token. Asking twice makes two, and changes nothing: so no outcome of it is unclear. Throws `ProviderError`. */
export async function askForToken(
  c: ProviderContext,
  url: string,
  init: { headers: Record<string, string>; body: string },
): Promise<{ answer: unknown } | { refusal: Refusal }> {
  // Others wait for it as well, so whoever asked first does not end it by leaving.
  const response = await c.fetch(url, { method: 'POST', ...init }).catch(plainly);
  const text = await response.text();
  const { host } = new URL(url);
  if (response.status === 429 || /Throttl|TooManyRequests/.test(text.slice(0, 300))) {
    throw tooMany(host, response.headers, c.now());
  }
  if (response.status >= 500) {
    const sentence = `${host} has trouble (${response.status}), and makes the tokens for this connection. Check its status page; try again in a moment.`;
    throw new ProviderError('unavailable', 'vendor_error', sentence);
  }
  const answer = parsed(text);
  if (response.ok) return { answer };
  return { refusal: { host, status: response.status, ...saidIn(answer) } };
}

function plainly(error: unknown): never {
  if (!(error instanceof ProviderError) || !error.ambiguous) throw error;
  throw new ProviderError(error.kind, error.code, error.message, { retryAfterMs: error.retryAfterMs });
}

function tooMany(host: string, headers: Headers, now: number): ProviderError {
  const retryAfterMs = readRetryAfterMs(headers, now) ?? UNSAID_PAUSE_MS;
  const at = new Date(now + retryAfterMs).toISOString().slice(11, 16);
  const sentence = `${host} was asked for too many tokens. It goes on at ${at} UTC.`;
  return new ProviderError('rateLimited', 'too_many_requests', sentence, { retryAfterMs });
}

/** `__type` in AWS JSON, with or without its namespace; `error` by RFC 6749 §5.2. */
function saidIn(answer: unknown): { code: string; words: string } {
  const said = (answer ?? {}) as Record<string, unknown>;
  const code = String(said.__type ?? said.error ?? '').replace(/^.*#/, '');
  const words = String(said.error_description ?? said.message ?? said.Message ?? '').slice(0, 500);
  return { code: CODE.test(code) ? code : '', words };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** A signature is good for some minutes around the clock of whoever checks it. */
export function clockIsWrong(host: string): ProviderError {
  const sentence = `${host} says that the time of this request is not now, so the clock of this server is wrong. Set it, by NTP for example.`;
  return new ProviderError('rejected', 'clock_wrong', sentence);
}

export function notMade({ host, status, code }: Refusal): ProviderError {
  const why = code ? `, ${code}` : '';
  const sentence = `${host} makes no token for this credential (${status}${why}). Check it at the vendor, or store a new one under Connections.`;
  return new ProviderError('rejected', 'login_refused', sentence);
}

export function notAToken(url: string): ProviderError {
  const sentence = `${new URL(url).host} answered something that is no token. If it goes on, please report it.`;
  return new ProviderError('protocol', 'unexpected_answer', sentence);
}
