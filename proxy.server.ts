import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type NextRequest, NextResponse } from 'next/server';
import { sessionCookieName } from './lib/auth/cookies';
import { inlineScriptsOf, noncePolicy, staticPolicy, TRUSTED_TYPES } from './lib/headers/content-policy';

/** Pages of signed-in people. A page that is missing here guards itself all the same. */
const CONSOLE =
  /^\/(?:now|targets|components|deploy|deployments|estate|connections|members|audit|holds|quota|notifications)(?:\/|$)/;

/** The pages that the build wrote, and the file of each; read once. */
const STATIC_PAGES: Record<string, string> = { '/': 'index.html' };
const policies = new Map<string, string>();

const development = process.env.NODE_ENV === 'development';

/**
 * Gives every page its content policy and saves a signed-out person one page load. It guards nothing: whoever gets past
 * it, with or without a cookie, still meets the session check of every page, action and route.
 */
export function proxy(request: NextRequest): NextResponse {
  const publicUrl = process.env.NEXTAUTH_URL ?? '';
  const { pathname, search } = request.nextUrl;
  if (CONSOLE.test(pathname) && !request.cookies.has(sessionCookieName(publicUrl))) {
    const to = new URL('/sign-in', URL.canParse(publicUrl) ? publicUrl : request.url);
    to.searchParams.set('callbackUrl', `${pathname}${search}`);
    return NextResponse.redirect(to);
  }
  return withPolicy(request, publicUrl);
}

/** The framework reads the nonce of its own scripts from the policy in the request. */
function withPolicy(request: NextRequest, publicUrl: string): NextResponse {
  const file = development ? undefined : STATIC_PAGES[request.nextUrl.pathname];
  const policy = file ? policyOf(file) : noncePolicy(randomBytes(16).toString('base64'), development);
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

function policyOf(file: string): string {
  const known = policies.get(file);
  if (known !== undefined) return known;
  let scripts: string[] = [];
  try {
    const folder = process.env.AETHERSTACK_BUILT_IN ?? '.next-full';
    const built = path.join(/* turbopackIgnore: true */ process.cwd(), folder, 'server', 'app', file);
    scripts = inlineScriptsOf(readFileSync(built, 'utf8'));
  } catch {
    // A host that keeps pages elsewhere: the page stays readable, its inline scripts do not run.
  }
  const policy = staticPolicy(scripts);
  policies.set(file, policy);
  return policy;
}

export const config = {
  // Everything that may answer HTML. Assets and the API get their headers from next.config.mjs.
  matcher: ['/((?!api/|_next/static/|_next/image/|icon.svg|robots.txt).*)'],
};
