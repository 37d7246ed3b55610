import { lookup as systemLookup } from 'node:dns/promises';
import http, { type IncomingMessage, type RequestOptions } from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import { ProviderError } from '@/lib/providers/port';
import { boundedBody } from './bounded-body';
import { networkFailure } from './failures';
import { checkOutsideUrl, type OutsideUrl, requireReachable } from './outside-url';
import { type TrustingInit, tlsOf } from './trust';

/** Every address of a name, as the system resolves it. */
export type Resolve = (host: string) => Promise<readonly { address: string; family: number }[]>;

export interface SafeFetchOptions {
  /** Plain http, and this machine at all: for development and the sandbox only. */
  allowLoopback?: boolean | undefined;
  /** Exact origins that may live on a private network; see AETHERSTACK_PRIVATE_ORIGINS. */
  privateOrigins?: readonly string[] | undefined;
  /** Name, connection, request and whole body. Milliseconds. */
  timeoutMs?: number | undefined;
  /** So long not one byte may come or go. Milliseconds; only `timeoutMs` counts when left out. */
  quietMs?: number | undefined;
  /** Largest body after decompression. Bytes. */
  maxBytes?: number | undefined;
  resolve?: Resolve | undefined;
  /** Authorities instead of the usual ones for a request that brings none, for tests. PEM. */
  ca?: string | undefined;
}

export const SAFE_TIMEOUT_MS = 10_000;
export const SAFE_MAX_BYTES = 10 * 1_048_576;
const MAX_SOCKETS = 10;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const NO_BODY = new Set([204, 205, 304]);
/** Ours to say, or about the connection and not about the request. */
const OWN_HEADERS = [
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'accept-encoding',
  'expect',
  'upgrade',
];

/**
 * `fetch` for addresses that people type: https, public addresses only, and the address that was checked is the one that
 * is connected to. No redirect is followed (`redirect: 'manual'` hands it to the caller), no proxy is used whatever the
 * environment says, certificates are always verified, by `init.trust` where it is given. Throws `ProviderError` without
 * bodies or secrets in its sentence.
 */
export function createSafeFetch(options: SafeFetchOptions = {}): typeof globalThis.fetch {
  const rules = {
    allowLoopback: options.allowLoopback ?? false,
    privateOrigins: new Set(options.privateOrigins ?? []),
  };
  const kept = agents(true);
  const fresh = agents(false);
  const usual = options.ca ? { authorities: options.ca, alone: true } : undefined;
  return async function safeFetch(input, init?: TrustingInit) {
    // As typed: a Request or URL has been parsed already and no longer shows a tab or a backslash.
    const target = checkOutsideUrl(input instanceof Request ? input.url : String(input), rules);
    const request = new Request(input, {
      ...init,
      redirect: init?.redirect === 'manual' ? 'manual' : redirectOf(input),
    });
    const quiet = new AbortController();
    const whole = AbortSignal.timeout(options.timeoutMs ?? SAFE_TIMEOUT_MS);
    const signal = AbortSignal.any([whole, quiet.signal, request.signal]);
    const writing = request.method !== 'GET' && request.method !== 'HEAD';
    try {
      const body = request.body ? Buffer.from(await request.arrayBuffer()) : null;
      // A kept connection may be closed under a write, which would make its outcome unclear for no reason.
      const pool = writing ? fresh : kept;
      const answer = await send(request, body, {
        agent: target.url.protocol === 'https:' ? pool.https : pool.http,
        lookup: checkedLookup(target, options.resolve ?? resolveBySystem),
        signal,
        // Node asks a socket that is still writing whether any of it went; it does not count that as silence.
        ...(options.quietMs ? { timeout: options.quietMs } : {}),
        onQuiet: () => quiet.abort(new DOMException('Nothing came or went any more.', 'TimeoutError')),
        ...tlsOf(init, usual),
      });
      return toResponse(answer, request, { host: target.host, writing, signal, maxBytes: options.maxBytes });
    } catch (error) {
      throw error instanceof ProviderError ? error : networkFailure(error, { host: target.host, writing, signal });
    }
  };
}

function redirectOf(input: RequestInfo | URL): 'manual' | 'error' {
  return input instanceof Request && input.redirect === 'manual' ? 'manual' : 'error';
}

const resolveBySystem: Resolve = (host) => systemLookup(host, { all: true, verbatim: true });

/** Runs once for each connection: whatever it answers has been checked, and nothing else can be connected to. */
function checkedLookup(target: OutsideUrl, resolve: Resolve): LookupFunction {
  return (hostname, { all }, done) => {
    resolve(hostname.replace(/\.$/, '')).then(
      (found) => {
        const addresses = found.map(({ address, family }) => ({ address, family }));
        try {
          requireReachable(
            target,
            addresses.map(({ address }) => address),
          );
        } catch (error) {
          done(error as NodeJS.ErrnoException, '', 0);
          return;
        }
        const [first] = addresses;
        if (all) done(null, addresses);
        else done(null, first?.address ?? '', first?.family ?? 4);
      },
      (error: NodeJS.ErrnoException) => done(error, '', 0),
    );
  };
}

function agents(keepAlive: boolean): { http: http.Agent; https: https.Agent } {
  const common = { keepAlive, maxSockets: MAX_SOCKETS };
  return { http: new http.Agent(common), https: new https.Agent({ ...common, rejectUnauthorized: true }) };
}

function send(
  request: Request,
  body: Buffer | null,
  {
    onQuiet,
    ...how
  }: Pick<RequestOptions, 'agent' | 'lookup' | 'signal' | 'timeout'> &
    ReturnType<typeof tlsOf> & { onQuiet: () => void },
): Promise<IncomingMessage> {
  const url = new URL(request.url);
  const headers = new Headers(request.headers);
  for (const name of OWN_HEADERS) headers.delete(name);
  headers.set('accept-encoding', 'gzip, deflate, br');
  if (!headers.has('user-agent')) headers.set('user-agent', 'AetherStack');
  if (body) headers.set('content-length', String(body.byteLength));
  const transport = url.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    const outgoing = transport.request(
      {
        ...how,
        protocol: url.protocol,
        // A closing dot would not match any certificate.
        hostname: url.hostname.replace(/^\[|\]$|\.$/g, ''),
        port: url.port,
        path: `${url.pathname}${url.search}`,
        method: request.method,
        headers: { ...Object.fromEntries(headers), host: url.host.replace(/\.(?=$|:)/, '') },
      },
      resolve,
    );
    outgoing.on('timeout', onQuiet);
    outgoing.on('error', reject);
    outgoing.end(body ?? undefined);
  });
}

interface AnswerFacts {
  host: string;
  writing: boolean;
  signal: AbortSignal;
  maxBytes: number | undefined;
}

function toResponse(answer: IncomingMessage, request: Request, facts: AnswerFacts): Response {
  const status = answer.statusCode ?? 0;
  const { host, writing, signal } = facts;
  if (REDIRECTS.has(status) && request.redirect !== 'manual') {
    answer.destroy();
    const sentence = `${host} sends on to another address. Enter the final address instead.`;
    throw new ProviderError('rejected', 'redirect_refused', sentence);
  }
  if (status < 200 || status > 599) {
    answer.destroy();
    throw new ProviderError('protocol', 'unknown_answer', `${host} gave an answer that is not HTTP.`, {
      ambiguous: writing,
    });
  }
  const headers = new Headers();
  for (let i = 0; i + 1 < answer.rawHeaders.length; i += 2) {
    headers.append(answer.rawHeaders[i] ?? '', answer.rawHeaders[i + 1] ?? '');
  }
  const empty = NO_BODY.has(status) || request.method === 'HEAD';
  if (empty) answer.resume();
  const body = empty
    ? null
    : boundedBody(answer, { host, writing, signal, maxBytes: facts.maxBytes ?? SAFE_MAX_BYTES });
  // What arrives here is unpacked.
  if (body) for (const name of ['content-encoding', 'content-length', 'transfer-encoding']) headers.delete(name);
  return new Response(body, { status, headers });
}
