import type { SimulatorWorld } from '@/lib/providers/port';
import { OPERATOR } from './history';
import { objectId } from './random';
import type { State } from './state';

/**
 * The web pages of the sign-in flow. Consent is given at once, by the person named in `login` (or the first one).
 * Source: https://docs.github.com/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps
 */
export async function webRoute(request: Request, state: State, world: SimulatorWorld): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (pathname === '/login/oauth/authorize' && request.method === 'GET') return authorize(request, state, world);
  if (pathname === '/login/oauth/access_token' && request.method === 'POST') return exchange(request, state, world);
  return new Response('Not Found', { status: 404, headers: { 'content-type': 'text/plain; charset=utf-8' } });
}

async function authorize(request: Request, state: State, world: SimulatorWorld): Promise<Response> {
  const query = new URL(request.url).searchParams;
  const redirect = query.get('redirect_uri');
  if (!query.get('client_id') || !redirect || !URL.canParse(redirect))
    return new Response('Not Found', { status: 404 });
  const code = objectId('code', state.seed, world.now(), world.facts().length).slice(0, 20);
  const login = state.person(query.get('login') ?? OPERATOR.login).login;
  await world.record({
    at: world.now(),
    kind: 'oauth.code',
    data: { code, login, scopes: query.get('scope') ?? '', redirect },
  });
  const back = new URL(redirect);
  back.searchParams.set('code', code);
  const given = query.get('state');
  if (given !== null) back.searchParams.set('state', given);
  return new Response(null, { status: 302, headers: { location: back.href } });
}

async function exchange(request: Request, state: State, world: SimulatorWorld): Promise<Response> {
  const given = await parameters(request);
  const code = given.code ?? '';
  const granted = state.codes.get(code);
  const now = world.now();
  const hasClient =
    Boolean(given.client_id && given.client_secret) || /^basic /i.test(request.headers.get('authorization') ?? '');
  if (!hasClient)
    return answer(request, {
      error: 'incorrect_client_credentials',
      error_description: 'The client_id and/or client_secret passed are incorrect.',
    });
  if (!granted || granted.expiresAt <= now)
    return answer(request, {
      error: 'bad_verification_code',
      error_description: 'The code passed is incorrect or expired.',
    });
  const token = `gho_${objectId('oauth', state.seed, code).slice(0, 36)}`;
  const data = {
    token,
    code,
    kind: 'oauth',
    login: granted.login,
    scopes: granted.scopes,
    permissions: {},
    expiresAt: null,
  };
  await world.record({ at: now, kind: 'token.issued', data });
  return answer(request, { access_token: token, scope: granted.scopes.replaceAll(' ', ','), token_type: 'bearer' });
}

async function parameters(request: Request): Promise<Record<string, string>> {
  const text = await request.text();
  const isJson = (request.headers.get('content-type') ?? '').includes('json');
  try {
    const body: Record<string, string> = isJson ? JSON.parse(text) : Object.fromEntries(new URLSearchParams(text));
    return { ...Object.fromEntries(new URL(request.url).searchParams), ...body };
  } catch {
    return {};
  }
}

/** Errors are a 200 too, and the form encoding is the default: both as GitHub does it. */
function answer(request: Request, body: Record<string, string>): Response {
  const wantsJson = (request.headers.get('accept') ?? '').includes('json');
  if (wantsJson) return Response.json(body);
  return new Response(new URLSearchParams(body).toString(), {
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
  });
}
