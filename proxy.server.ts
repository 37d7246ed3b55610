import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { type NextRequest, NextResponse } from 'next/server';
import { sessionCookieName } from './lib/auth/cookies';
import { BuiltPages } from './lib/headers/built-pages';
import { noncePolicy, TRUSTED_TYPES } from './lib/headers/content-policy';

/** Pages for signed-out people; every other page is for members, and guards itself all the same. */
const OPEN = /^\/(?:(?:sign-in|setup|join|status(?:\/releases)?|docs(?:\/.*)?)\/?)?$/;

/** Empty: the build made no page ahead, and its files cannot be read from here. */
const folder = process.env.AETHERSTACK_BUILT_IN ?? '.next-full';
const built = folder === '' ? null : new BuiltPages(path.join(/* turbopackIgnore: true */ process.cwd(), folder));

const development = process.env.NODE_ENV === 'development';

/**
 * Gives every page its content policy and saves a signed-out person one page load. It guards nothing: whoever gets past
 * it, with or without a cookie, still meets the session check of every page, action and route.
 */
export function proxy(request: NextRequest): NextResponse {
  const publicUrl = process.env.NEXTAUTH_URL ?? '';
  const { pathname, search } = request.nextUrl;
  if (
    !OPEN.test(pathname) &&
    (built?.isRoute(pathname) ?? true) &&
    !request.cookies.has(sessionCookieName(publicUrl))
  ) {
    const to = new URL('/sign-in', URL.canParse(publicUrl) ? publicUrl : request.url);
    to.searchParams.set('callbackUrl', `${pathname}${search}`);
    return NextResponse.redirect(to);
  }
  return withPolicy(request, publicUrl);
}

/** The framework reads the nonce of its own scripts from the policy in the request. */
function withPolicy(request: NextRequest, publicUrl: string): NextResponse {
  // The dev server makes every page anew.
  const ready = development ? null : (built?.policyFor(request.nextUrl.pathname) ?? null);
  const policy = ready ?? noncePolicy(randomBytes(16).toString('base64'), development);
  const headers = new Headers(request.headers);
  headers.set('content-security-policy', policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set('Content-Security-Policy', policy);
  response.headers.set('Content-Security-Policy-Report-Only', TRUSTED_TYPES);
  // A year, once the address that people type is https; next.config.mjs does the same for what passes no proxy.
  if (publicUrl.startsWith('https:'))
    response.headers.set('Strict-Transport-Security', 'max-age=31536000; includeSubDomains');
  return response;
}

export const config = {
  // Everything that may answer HTML. Assets and the API get their headers from next.config.mjs.
  matcher: [
    '/((?!api/|_next/static/|_next/image/|icon\\.svg$|robots\\.txt$|status\\.(?:json|rss|feed\\.json)$|\\.well-known/).*)',
  ],
};
