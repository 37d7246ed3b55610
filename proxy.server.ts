import { type NextRequest, NextResponse } from 'next/server';
import { sessionCookieName } from './lib/auth/cookies';

const LOOPBACK = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/;
const OPEN_PATHS = ['/', '/sign-in', '/setup', '/join'];

/**
 * Saves a signed-out person one page load. It guards nothing: whoever gets past it, with or without a cookie, still
 * meets the session check of every page, action and route.
 */
export function proxy(request: NextRequest): NextResponse {
  const publicUrl = process.env.NEXTAUTH_URL ?? '';
  const base = URL.canParse(publicUrl) ? publicUrl : request.url;
  const path = `${request.nextUrl.pathname}${request.nextUrl.search}`;
  // `localhost` and `127.0.0.1` are one machine but two origins: cookies and origin checks need the one we were told.
  const host = request.headers.get('host') ?? '';
  const own = new URL(base).host;
  if (host !== own && LOOPBACK.test(host) && LOOPBACK.test(own)) return NextResponse.redirect(new URL(path, base));
  if (OPEN_PATHS.includes(request.nextUrl.pathname) || request.cookies.has(sessionCookieName(publicUrl))) {
    return NextResponse.next();
  }
  const to = new URL('/sign-in', base);
  to.searchParams.set('callbackUrl', path);
  return NextResponse.redirect(to);
}

export const config = {
  matcher: [
    '/',
    '/sign-in',
    '/setup',
    '/join',
    '/now/:path*',
    '/targets/:path*',
    '/components/:path*',
    '/deploy/:path*',
    '/deployments/:path*',
    '/connections/:path*',
    '/members/:path*',
    '/audit/:path*',
  ],
};
