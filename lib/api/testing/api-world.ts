import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { vi } from 'vitest';
import type { Actor } from '@/lib/auth/actor';
import { makeUser } from '@/lib/db/testing/factories';
import { type EngineWorld, engineWorld } from '@/lib/deployments/testing/engine-world';
import type { Grant } from '@/lib/members/model/role';
import type { TokenScope } from '@/lib/members/model/token-scope';
import { factsOf } from '@/lib/pipeline/request';
import { createTokenInput } from '@/lib/tokens/model/schemas';
import { createToken } from '@/lib/tokens/server';
import type { ApiHost } from '../caller';
import { handleApi, noSuchPath, wrongMethod } from '../handle';
import type { ApiRoute } from '../route';
import { ROUTES } from '../routes';

export const OWN = 'https://deploy.team.dev';
const EVERYTHING: TokenScope[] = ['read', 'deploy', 'approve', 'hold', 'audit', 'manage'];

export interface ApiWorld extends EngineWorld {
  person(grants?: Grant[]): Promise<{ id: string; name: string; actor: Actor }>;
  token(options?: { grants?: Grant[]; scopes?: TokenScope[]; environmentPattern?: string }): Promise<string>;
  /** One request as the folders under app/api/v1 would answer it. */
  call(methodAndPath: string, options?: CallOptions): Promise<Response>;
  /** The same behind a real socket, for programs. */
  /** `before` runs ahead of each request, to move the world along. */
  listen(before?: (path: string) => Promise<void>): Promise<{ url: string; close(): Promise<void> }>;
}

export interface CallOptions {
  token?: string;
  body?: unknown;
  key?: string;
  headers?: Record<string, string>;
  /** Whom the session cookie stands for. */
  cookie?: Actor;
}

const anonymous: Actor = { kind: 'anonymous', name: 'anonymous', ip: null };

function match(path: string): { routes: ApiRoute[]; params: Record<string, string> } {
  const parts = path.split('/');
  const fits = (route: ApiRoute) => {
    const own = route.path.split('/');
    return own.length === parts.length && own.every((part, at) => part.startsWith('{') || part === parts[at]);
  };
  // A folder with a fixed name wins over one with a parameter.
  const holes = (route: ApiRoute) => route.path.split('{').length;
  const found = ROUTES.filter(fits).sort((a, b) => holes(a) - holes(b));
  const routes = found.filter((route) => route.path === found[0]?.path);
  const names = (found[0]?.path ?? '').split('/').map((part) => /^\{(\w+)\}$/.exec(part)?.[1]);
  const params = names.flatMap((name, at) => (name ? [[name, decodeURIComponent(parts[at] ?? '')]] : []));
  return { routes, params: Object.fromEntries(params) };
}

export async function apiWorld(): Promise<ApiWorld> {
  const world = await engineWorld();
  const answer = async (request: Request, cookie: Actor = anonymous): Promise<Response> => {
    const facts = factsOf(request.headers, 1);
    const host: ApiHost = {
      facts,
      ownOrigin: OWN,
      cookieActor: async () => cookie,
      contextFor: (actor, requestId) => ({ ...world.engine, actor, requestId }),
    };
    const { routes, params } = match(new URL(request.url).pathname.replace(/^\/api\/v1/, ''));
    const route = routes.find(({ method }) => method === request.method);
    if (routes.length === 0) return noSuchPath(host);
    if (route) return await handleApi(route, request, params, host);
    return wrongMethod(
      routes.map(({ method }) => method),
      host,
    );
  };
  const person: ApiWorld['person'] = async (grants = ADMIN_AND_APPROVER) => {
    const { id, name } = await makeUser(world.database.db, { grants });
    return { id, name, actor: { kind: 'user', id, name, grants, sessionHash: 'hash', ip: null } };
  };
  const token: ApiWorld['token'] = async ({ grants, scopes = EVERYTHING, environmentPattern = '*' } = {}) => {
    const { actor } = await person(grants);
    const input = createTokenInput.parse({ name: 'test', scopes, environmentPattern });
    return (await createToken({ ...world.engine, actor }, input)).token;
  };
  const call: ApiWorld['call'] = (methodAndPath, { token: bearer, body, key, headers, cookie } = {}) => {
    const [method = '', path = ''] = methodAndPath.split(' ');
    return answer(
      new Request(`${OWN}/api/v1${path}`, {
        method,
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
        headers: {
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
          ...(bearer ? { Authorization: `Bearer ${bearer}` } : {}),
          ...(key ? { 'Idempotency-Key': key } : {}),
          ...headers,
        },
      }),
      cookie,
    );
  };
  return { ...world, person, token, call, listen: (before = async () => {}) => listen(answer, before) };
}

const ADMIN_AND_APPROVER: Grant[] = [
  { role: 'admin', environmentPattern: '*' },
  { role: 'approver', environmentPattern: '*' },
];

async function listen(answer: (request: Request) => Promise<Response>, before: (path: string) => Promise<void>) {
  const server: Server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const headers = Object.entries(incoming.headers).flatMap(([name, value]) =>
        typeof value === 'string' ? [[name, value] as [string, string]] : [],
      );
      const body = Buffer.concat(chunks);
      const method = incoming.method ?? 'GET';
      const request = new Request(`http://127.0.0.1${incoming.url}`, {
        ...{ method, headers },
        ...(body.length > 0 && method !== 'GET' ? { body: new Uint8Array(body) } : {}),
      });
      const answered = before(incoming.url ?? '').then(() => answer(request));
      void answered.then(async (response) => {
        outgoing.writeHead(response.status, Object.fromEntries(response.headers));
        outgoing.end(Buffer.from(await response.arrayBuffer()));
      });
    });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

/** For the few verbs that read the settings of the server. */
export function stubServerEnv(world: ApiWorld): void {
  vi.stubEnv('DATABASE_URL', world.url);
  vi.stubEnv('NEXTAUTH_URL', OWN);
  vi.stubEnv('NEXTAUTH_SECRET', randomBytes(48).toString('base64'));
  vi.stubEnv('AETHERSTACK_KEK', randomBytes(32).toString('base64'));
}
