import { createHash } from 'node:crypto';
import { Octokit, RequestError } from 'octokit';
import type { ZodType } from 'zod';
import { IMMUTABLE_HEADER } from '@/lib/http/quota';
import { type ProviderContext, ProviderError, secretOf } from '../port';
import { type AppCredential, appToken, installationToken, type MintedToken } from './app-token';
import { type About, translate } from './errors';
import { manifest } from './manifest';

/** https://docs.github.com/en/rest/about-the-rest-api/api-versions */
export const API_VERSION = '2022-11-28';
const MAX_CLIENTS = 200;
const RENEW_BEFORE_MS = 120_000;

interface Client {
  octokit: Octokit;
  fingerprint: string;
  minted: MintedToken | null;
  minting: Promise<MintedToken> | null;
}

export interface Answer<T> {
  status: number;
  headers: Record<string, string | number | undefined>;
  data: T;
}

export interface Call {
  route: string;
  params?: Record<string, unknown>;
  headers?: Record<string, string>;
  about: About;
}

const clients = new Map<string, Client>();

/** A read: throttled, tried once more when GitHub stumbles, and checked against the fields that we use. */
export async function read<T>(c: ProviderContext, call: Call, schema: ZodType<T>): Promise<Answer<T>> {
  const answer = await send(c, call, false);
  const parsed = schema.safeParse(answer.data);
  if (parsed.success) return { ...answer, data: parsed.data };
  const where = parsed.error.issues[0]?.path.join('.') ?? '';
  const sentence = `GitHub answered something that this version does not understand (${call.route.split(' ')[1]}${where ? `: ${where}` : ''}). Please report it.`;
  throw new ProviderError('protocol', 'unexpected_answer', sentence);
}

/** What a full commit id names stays what it is. */
export function whenImmutable(ref: string): Record<string, string> {
  return /^[0-9a-f]{40}$/.test(ref) ? { [IMMUTABLE_HEADER]: '1' } : {};
}

/** A mutation: one request, never repeated here whatever comes back; what GitHub sends on unread, `c.fetch` sends on. */
export function write(c: ProviderContext, call: Call): Promise<Answer<unknown>> {
  return send(c, call, true);
}

/** All pages of a list, up to `maxPages` of 100. */
export async function readPages<P, T>(
  c: ProviderContext,
  call: Call,
  schema: ZodType<P>,
  rows: (page: P) => T[],
  maxPages: number,
): Promise<T[]> {
  const all: T[] = [];
  for (let page = 1; page <= maxPages; page++) {
    const answer = await read(c, { ...call, params: { ...call.params, per_page: 100, page } }, schema);
    const found = rows(answer.data);
    all.push(...found);
    if (found.length < 100) break;
  }
  return all;
}

async function send(c: ProviderContext, call: Call, mutation: boolean): Promise<Answer<unknown>> {
  const client = clientFor(c);
  // The credential is made ready first, so that a failure there never looks like a lost mutation.
  const authorization = await authorize(c, client, call);
  try {
    return await request(c, client, call, mutation, authorization);
  } catch (error) {
    const stale = client.minted !== null && statusOf(error) === 401;
    if (stale) client.minted = null;
    if (stale && !mutation) return sendOnce(c, client, call);
    throw translate(error, { ...call.about, mutation, now: c.now() });
  }
}

/** A read again with a new token: GitHub takes an installation's tokens back when its rights change. */
async function sendOnce(c: ProviderContext, client: Client, call: Call): Promise<Answer<unknown>> {
  const authorization = await authorize(c, client, call);
  return request(c, client, call, false, authorization).catch((error: unknown) => {
    throw translate(error, { ...call.about, mutation: false, now: c.now() });
  });
}

async function request(
  c: ProviderContext,
  client: Client,
  call: Call,
  mutation: boolean,
  authorization: string,
): Promise<Answer<unknown>> {
  const answer = await client.octokit.request(call.route, {
    ...call.params,
    headers: { ...call.headers, authorization, 'x-github-api-version': API_VERSION },
    request: { fetch: stoppable(c.fetch), signal: c.signal, retries: mutation ? 0 : 1 },
  });
  const { status, headers, data } = answer;
  // octokit takes a redirect for success, and of what it answers to a write nothing was done.
  if (status >= 300) throw movedAway(call, answer);
  return { status, headers, data };
}

function movedAway({ route }: Call, response: Awaited<ReturnType<Octokit['request']>>): RequestError {
  const [method = 'GET'] = route.split(' ');
  const request = { method: method as 'GET', url: response.url, headers: {} };
  return new RequestError('Moved', response.status, { request, response });
}

async function authorize(c: ProviderContext, client: Client, call: Call): Promise<string> {
  const { credential } = c;
  if (credential.kind === 'token') return `token ${credential.token.reveal()}`;
  if (credential.kind !== 'app') throw new ProviderError('auth', 'wrong_kind', 'GitHub needs an App or a token.');
  try {
    if (/^GET \/app(\/|$)/.test(call.route)) return `bearer ${(await appToken(credential)).reveal()}`;
    if (!client.minted || client.minted.expiresAt - c.now() < RENEW_BEFORE_MS)
      client.minted = await mint(c, client, credential);
    return `token ${client.minted.token.reveal()}`;
  } catch (error) {
    throw translate(error, { what: 'installation', subject: credential.installationId, mutation: false, now: c.now() });
  }
}

/** Requests that need a token at the same time share one. */
function mint(c: ProviderContext, client: Client, credential: AppCredential): Promise<MintedToken> {
  client.minting ??= installationToken(client.octokit, credential, stoppable(c.fetch)).finally(() => {
    client.minting = null;
  });
  return client.minting;
}

/** One octokit per connection and credential; the least recently used is dropped beyond 200. */
function clientFor(c: ProviderContext): Client {
  const fingerprint = fingerprintOf(c);
  const known = clients.get(c.connectionId);
  const client = known?.fingerprint === fingerprint ? known : createClient(c, fingerprint);
  clients.delete(c.connectionId);
  clients.set(c.connectionId, client);
  if (clients.size > MAX_CLIENTS) {
    const oldest = clients.keys().next().value;
    if (oldest !== undefined) clients.delete(oldest);
  }
  return client;
}

function createClient(c: ProviderContext, fingerprint: string): Client {
  const quiet = (): void => undefined;
  const octokit = new Octokit({
    baseUrl: apiBase(c.origin),
    userAgent: 'aetherstack-dashboard',
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    // A refused request surfaces at once with its time; the engine decides when to go on.
    throttle: {
      id: c.connectionId,
      onRateLimit: () => false,
      onSecondaryRateLimit: () => false,
      // The guarded fetch limits them: reads by lanes, writes by a refusal instead of a wait past the caller's lease.
      global: unpaced,
      write: unpaced,
      notifications: unpaced,
    },
    retry: { retryAfterBaseValue: 300, doNotRetry: [304, 400, 401, 403, 404, 409, 410, 412, 422, 429, 451] },
  });
  return { octokit, fingerprint, minted: null, minting: null };
}

const unpaced = {
  key: () => ({
    schedule: <A extends unknown[], R>(_options: unknown, job: (...args: A) => R, ...args: A): R => job(...args),
  }),
};

/** Where the REST API lives: github.com's own host, or `/api/v3` of an Enterprise server. */
export function apiBase(origin: string): string {
  const url = new URL(origin);
  const own = url.origin === manifest.defaultOrigin || url.hostname.startsWith('api.');
  const local = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (url.pathname !== '/') return origin.replace(/\/+$/, '');
  return own || local ? url.origin : `${url.origin}/api/v3`;
}

function fingerprintOf(c: ProviderContext): string {
  const { credential } = c;
  const secret = secretOf(credential).reveal();
  const who = credential.kind === 'app' ? `${credential.appId}/${credential.installationId}` : credential.kind;
  return createHash('sha256').update(`${c.origin}\n${who}\n${secret}`).digest('hex');
}

/** Of `unavailable`: what another try at once would only make last longer. */
const FINAL = new Set(['timeout', 'not_answering']);

/** octokit repeats whatever it takes for a network failure; a decision of ours must not be repeated. */
function stoppable(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  return async (input, init) => {
    try {
      return await fetch(input, init);
    } catch (error) {
      const final = error instanceof ProviderError && (error.kind !== 'unavailable' || FINAL.has(error.code));
      if (!final) throw error;
      const stop = new Error(error.message, { cause: error });
      stop.name = 'AbortError';
      throw stop;
    }
  };
}

function statusOf(error: unknown): number {
  return error instanceof Error && 'status' in error && typeof error.status === 'number' ? error.status : 0;
}
