import { createHash } from 'node:crypto';
import { guid } from './random';

export interface Reply {
  status: number;
  /** JSON unless `text` is given. */
  body?: unknown;
  text?: string;
  headers?: Record<string, string>;
}

export const API = 'https://api.github.com';
export const WEB = 'https://github.com';
/** Where job logs and artifacts are stored; a signed address there is good for a minute. */
export const LOG_HOST = 'productionresultssa0.blob.core.windows.net';

export function ok(body: unknown, headers?: Record<string, string>): Reply {
  return headers ? { status: 200, body, headers } : { status: 200, body };
}

/** An error as GitHub words it: `message`, `documentation_url`, `status`. Source: https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api */
export function problem(status: number, message: string, docs = '', errors?: unknown[]): Reply {
  const body = {
    message,
    ...(errors ? { errors } : {}),
    documentation_url: `https://docs.github.com/rest${docs}`,
    status: String(status),
  };
  return { status, body };
}

export const notFound = (docs = ''): Reply => problem(404, 'Not Found', docs);

/** An error as that store words it. */
export function storeError(status: number, code: string, message: string): Response {
  const body = `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return new Response(body, { status, headers: { 'content-type': 'application/xml' } });
}

/** Cuts a page out of a list and says in `Link` where the others are. */
export function paged<T>(
  url: URL,
  all: readonly T[],
  total = all.length,
): { items: T[]; headers: Record<string, string> } {
  const perPage = clamp(url.searchParams.get('per_page'), 30, 100);
  const page = clamp(url.searchParams.get('page'), 1, 1_000_000);
  const last = Math.max(1, Math.ceil(total / perPage));
  const link = (to: number, rel: string) => {
    const next = new URL(url);
    next.searchParams.set('page', String(to));
    return `<${next.href}>; rel="${rel}"`;
  };
  const links: string[] = [];
  if (page > 1) links.push(link(page - 1, 'prev'));
  if (page < last) links.push(link(page + 1, 'next'), link(last, 'last'));
  if (page > 1) links.push(link(1, 'first'));
  return {
    items: all.slice((page - 1) * perPage, page * perPage),
    headers: links.length ? { link: links.join(', ') } : {},
  };
}

function clamp(value: string | null, otherwise: number, max: number): number {
  const number = value === null ? otherwise : Number(value);
  return Number.isInteger(number) && number >= 1 ? Math.min(number, max) : otherwise;
}

const EXPOSED =
  'ETag, Link, Location, Retry-After, X-GitHub-OTP, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Used, X-RateLimit-Resource, X-RateLimit-Reset, X-OAuth-Scopes, X-Accepted-OAuth-Scopes, X-Poll-Interval, X-GitHub-Media-Type, X-GitHub-SSO, X-GitHub-Request-Id, Deprecation, Sunset';

/** The payload, its entity tag (for answers that have one) and the headers that every answer carries. */
export function render(
  reply: Reply,
  method: string,
  version: string,
  serial: number,
): { status: number; body: string | null; headers: Headers } {
  const isEmpty = reply.body === undefined && reply.text === undefined;
  const body = isEmpty ? null : (reply.text ?? JSON.stringify(reply.body));
  const headers = new Headers({
    server: 'github.com',
    'x-github-media-type': 'github.v3; format=json',
    'x-github-api-version-selected': version,
    'x-github-request-id': guid('request', serial).slice(0, 23).toUpperCase(),
    'access-control-allow-origin': '*',
    'access-control-expose-headers': EXPOSED,
    vary: 'Accept, Authorization, Cookie, X-GitHub-OTP, Accept-Encoding, Accept, X-Requested-With',
    'x-content-type-options': 'nosniff',
  });
  if (body !== null) headers.set('content-type', 'application/json; charset=utf-8');
  if (method === 'GET' && reply.status === 200 && body !== null) {
    headers.set('cache-control', 'private, max-age=60, s-maxage=60');
    headers.set('etag', `W/"${createHash('sha256').update(body).digest('hex')}"`);
  }
  for (const [name, value] of Object.entries(reply.headers ?? {})) headers.set(name, value);
  return { status: reply.status, body, headers };
}
