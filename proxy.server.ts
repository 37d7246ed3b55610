import { type NextRequest, NextResponse } from 'next/server';
import { sessionCookieName } from './lib/auth/cookies';

/**
 * Saves a signed-out person one page load. It guards nothing: whoever gets past it, with or without a cookie, still
 * meets the session check of every page, action and route.
 */
export function proxy(request: NextRequest): NextResponse {
  const publicUrl = process.env.NEXTAUTH_URL ?? '';
  const base = URL.canParse(publicUrl) ? publicUrl : request.url;
  const path = `${request.nextUrl.pathname}${request.nextUrl.search}`;
  if (request.cookies.has(sessionCookieName(publicUrl))) return NextResponse.next();
  const to = new URL('/sign-in', base);
  to.searchParams.set('callbackUrl', path);
  return NextResponse.redirect(to);
}

export const config = {
  matcher: [
    '/now/:path*',
    '/targets/:path*',
    '/components/:path*',
    '/deploy/:path*',
    '/deployments/:path*',
    '/estate/:path*',
    '/connections/:path*',
    '/members/:path*',
    '/audit/:path*',
    '/estate/:path*',
  ],
};
