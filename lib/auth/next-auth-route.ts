import 'server-only';
import { NextRequest } from 'next/server';
import NextAuth from 'next-auth';
import { serverEnv } from '@/lib/env/server';
import { ServiceError } from '@/lib/kernel/errors';
import { assertSameOrigin } from '@/lib/pipeline/origin';
import { currentRequest } from '@/lib/pipeline/request';
import { getRuntime } from '@/lib/runtime';
import { cookieName } from './cookies';
import { authOptions } from './next-auth-options';
import { currentActor } from './session';

interface RouteContext {
  params: Promise<{ nextauth: string[] }>;
}

const MAX_BODY_BYTES = 32 * 1024;
const NO_STORE = { 'Cache-Control': 'private, no-store' };

/** Reads at most the cap, so that an endless body costs nothing; null when it is longer. */
async function readSmallBody(request: NextRequest): Promise<Uint8Array<ArrayBuffer> | null> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of request.body ?? []) {
    size += part.byteLength;
    if (size > MAX_BODY_BYTES) return null;
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
}

async function handle(request: NextRequest, context: RouteContext): Promise<Response> {
  const env = serverEnv();
  const facts = await currentRequest();
  const [runtime, actor] = await Promise.all([getRuntime(), currentActor()]);
  const options = authOptions({
    env,
    db: runtime.contextFor({ kind: 'anonymous', name: 'anonymous', ip: facts.ip }, facts.requestId).db,
    requestId: facts.requestId,
    ip: facts.ip,
    userAgent: request.headers.get('user-agent'),
    former: actor.kind === 'user' ? actor.sessionHash : null,
    invitationToken: request.cookies.get(cookieName(env.NEXTAUTH_URL, 'invitation'))?.value ?? null,
  });
  return await NextAuth(request, context, options);
}

export async function GET(request: NextRequest, context: RouteContext): Promise<Response> {
  return await handle(request, context);
}

/** The library's own token check stays; ours comes first and also stops a request that names no origin. */
export async function POST(request: NextRequest, context: RouteContext): Promise<Response> {
  try {
    assertSameOrigin(await currentRequest(), serverEnv().NEXTAUTH_URL);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return Response.json(
      { code: error.code, sentence: error.sentence },
      { status: error.httpStatus, headers: NO_STORE },
    );
  }
  const body = await readSmallBody(request);
  if (body === null)
    return Response.json({ sentence: 'This is too long for a sign-in form.' }, { status: 413, headers: NO_STORE });
  const small = new NextRequest(request.url, { method: 'POST', headers: request.headers, body });
  const answer = await handle(small, context);
  const isSignOut = (await context.params).nextauth[0] === 'signout';
  return isSignOut ? withoutTraces(answer) : answer;
}

/**
 * Nothing of what was shown stays in the browser. Not `cookies`: that would reach the whole domain, and not `storage`:
 * it holds the theme. https://www.w3.org/TR/clear-site-data/
 */
function withoutTraces(answer: Response): Response {
  const headers = new Headers(answer.headers);
  headers.set('Clear-Site-Data', '"cache"');
  return new Response(answer.body, { status: answer.status, statusText: answer.statusText, headers });
}
