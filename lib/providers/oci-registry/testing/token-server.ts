// A token service as the distribution project specifies it; the real registry checks what it signs.
// https://distribution.github.io/distribution/spec/auth/token/ and …/auth/jwt/
import { createPrivateKey, randomUUID, sign } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { selfSigned } from '@/lib/http/testing/certificate';

const ISSUER = 'test-issuer';
export const SERVICE = 'test-registry';

export interface Account {
  username: string;
  password: string;
  /** Repository → what may be done there. */
  may: Record<string, string[]>;
}

export interface TokenServer {
  origin: string;
  /** Lines for the registry's `auth:`; `realm` as the registry is to name it. */
  auth(realm?: string): string[];
  /** For the registry's folder. */
  files: Record<string, string>;
  /** Scopes that were asked for, in order; '' for none. */
  asked: string[];
  /** A token that is out of date as soon as it is made, from now on. */
  expireAtOnce(yes: boolean): void;
  tokenFor(account: Account, scope: string): string;
  stop(): Promise<void>;
}

const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

export async function startTokenServer(accounts: Account[], seconds = 300): Promise<TokenServer> {
  const { cert, key } = selfSigned('token.test');
  const chain = [cert.replace(/-----[A-Z ]+-----|\s/g, '')];
  const asked: string[] = [];
  let offset = 0;

  function tokenFor(account: Account, scope: string): string {
    const now = Math.floor(Date.now() / 1000) + offset;
    const [type, name = '', wanted = ''] = scope.split(':');
    const actions = wanted.split(',').filter((action) => account.may[name]?.includes(action));
    const claims = {
      iss: ISSUER,
      sub: account.username,
      aud: SERVICE,
      exp: now + seconds,
      nbf: now - 5,
      iat: now,
      jti: randomUUID(),
      access: actions.length > 0 ? [{ type, name, actions }] : [],
    };
    const body = `${encoded({ typ: 'JWT', alg: 'ES256', x5c: chain })}.${encoded(claims)}`;
    const signature = sign('sha256', Buffer.from(body), { key: createPrivateKey(key), dsaEncoding: 'ieee-p1363' });
    return `${body}.${signature.toString('base64url')}`;
  }

  const server = http.createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://token');
    const given = Buffer.from(request.headers.authorization?.replace('Basic ', '') ?? '', 'base64').toString();
    const account = accounts.find(({ username, password }) => given === `${username}:${password}`);
    const scope = url.searchParams.get('scope') ?? '';
    asked.push(scope);
    response.setHeader('content-type', 'application/json');
    if (!account || url.searchParams.get('service') !== SERVICE) {
      response.writeHead(401).end('{"details":"incorrect username or password"}');
      return;
    }
    response.end(
      JSON.stringify({ token: tokenFor(account, scope), expires_in: seconds, issued_at: new Date().toISOString() }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    auth: (realm = `${origin}/token`) => [
      'token:',
      `  realm: ${realm}`,
      `  service: ${SERVICE}`,
      `  issuer: ${ISSUER}`,
      '  rootcertbundle: $FOLDER/token.pem',
    ],
    files: { 'token.pem': cert },
    asked,
    expireAtOnce(yes) {
      offset = yes ? -2 * seconds : 0;
    },
    tokenFor,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
