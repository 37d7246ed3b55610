// The hosts that make tokens for two vendors' registries, and those registries, on one port of this machine.
import { createHash, createHmac, createPublicKey, randomBytes, verify } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { google } from '@/lib/http/testing/service-account-tokens';
import { ecr } from './official-shapes';

export const ECR = {
  registry: '012345678901.dkr.ecr.eu-central-1.amazonaws.com',
  api: 'api.ecr.eu-central-1.amazonaws.com',
};
export const GOOGLE = { registry: 'europe-west3-docker.pkg.dev', api: 'oauth2.googleapis.com' };
const FORWARDED = 'x-simulated-host';

export interface VendorLogins {
  accessKey: { id: string; secret: string };
  /** PEM of the public half of the key that is known there. */
  publicKey: string;
  /** Tokens that were made, in order. */
  made: string[];
  /** Says no with this, until told otherwise. */
  refuse(code: string | null, words?: string, status?: number): void;
  /** Registries take no token any more that was made until now. */
  revoke(): void;
  now(): number;
  /** The vendors' own addresses, answered from here. */
  fetch: typeof globalThis.fetch;
  stop(): Promise<void>;
}

type Answer = { status: number; body: unknown; headers?: Record<string, string> };
interface Asked {
  method: string;
  path: string;
  host: string;
  headers: http.IncomingHttpHeaders;
  body: string;
}

interface State {
  facts: Pick<VendorLogins, 'accessKey' | 'publicKey' | 'made' | 'now'>;
  refusal: { code: string; words: string; status: number } | null;
  valid: Set<string>;
}

const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** By https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html, over what arrived. */
function whoSigned({ method, path, host, headers, body }: Asked, key: VendorLogins['accessKey'], now: number) {
  const said = headers.authorization ?? '';
  const [, id, day = '', region = '', service = '', names = '', signature] =
    /^AWS4-HMAC-SHA256 Credential=(\w+)\/(\d{8})\/([\w-]+)\/(\w+)\/aws4_request, ?SignedHeaders=([\w;-]+), ?Signature=([0-9a-f]{64})$/.exec(
      said,
    ) ?? [];
  const at = String(headers['x-amz-date']);
  const time = Date.parse(at.replace(/^(....)(..)(..T..)(..)(..Z)$/, '$1-$2-$3:$4:$5'));
  if (id !== key.id) return 'UnrecognizedClientException';
  const lines = names.split(';').map((name) => `${name}:${name === 'host' ? host : headers[name]}`);
  const canonical = [method, path, '', ...lines, '', names, sha256(body)].join('\n');
  const text = ['AWS4-HMAC-SHA256', at, `${day}/${region}/${service}/aws4_request`, sha256(canonical)].join('\n');
  const made = [day, region, service, 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${key.secret}`);
  const right =
    hmac(made, text).toString('hex') === signature &&
    host.includes(`.${region}.`) &&
    service === 'ecr' &&
    ['host', 'x-amz-date', 'x-amz-target', 'content-type'].every((name) => names.split(';').includes(name));
  return right && Math.abs(time - now) < 5 * 60_000 ? null : 'InvalidSignatureException';
}

function ecrApi(asked: Asked, { facts, refusal, valid }: State): Answer {
  const { method, path, headers, body } = asked;
  const [type, target] = [headers['content-type'], headers['x-amz-target']];
  ecr.request.parse({ method, path, type, target, body: JSON.parse(body) });
  const wrong = whoSigned(asked, facts.accessKey, facts.now());
  if (refusal || wrong) {
    const { code, words, status } = refusal ?? { code: wrong ?? '', words: 'No.', status: 400 };
    return { status, body: ecr.refusal.parse({ __type: code, message: words }) };
  }
  const expires = facts.now() / 1000 + 12 * 3_600;
  const password = Buffer.from(
    JSON.stringify({
      payload: randomBytes(60).toString('base64'),
      version: '2',
      type: 'DATA_KEY',
      expiration: expires,
    }),
  ).toString('base64');
  facts.made.push(password);
  valid.add(`AWS:${password}`);
  const authorizationToken = Buffer.from(`AWS:${password}`).toString('base64');
  const proxyEndpoint = `https://${ECR.registry}`;
  return {
    status: 200,
    body: ecr.answer.parse({ authorizationData: [{ authorizationToken, expiresAt: expires, proxyEndpoint }] }),
  };
}

const opened = (part = '') => JSON.parse(Buffer.from(part, 'base64url').toString());

function googleApi({ method, path, headers, body }: Asked, { facts, refusal, valid }: State): Answer {
  const form = Object.fromEntries(new URLSearchParams(body));
  const { form: sent } = google.request.parse({ method, path, type: headers['content-type'], form });
  const [header, claims, signature = ''] = sent.assertion.split('.');
  google.header.parse(opened(header));
  const { iat } = google.claims.parse(opened(claims));
  const text = Buffer.from(`${header}.${claims}`);
  const right = verify('sha256', text, createPublicKey(facts.publicKey), Buffer.from(signature, 'base64url'));
  const late = Math.abs(iat * 1000 - facts.now()) > 5 * 60_000;
  if (refusal || !right || late) {
    const words = late
      ? 'Invalid JWT: Token must be a short-lived token and in a reasonable timeframe.'
      : 'Invalid JWT Signature.';
    const said = refusal ?? { code: 'invalid_grant', words, status: 400 };
    return { status: said.status, body: google.refusal.parse({ error: said.code, error_description: said.words }) };
  }
  const token = `ya29.c.${randomBytes(90).toString('base64url')}`;
  facts.made.push(token);
  valid.add(`oauth2accesstoken:${token}`);
  return {
    status: 200,
    body: google.answer.parse({ access_token: token, expires_in: 3_599, token_type: 'Bearer' }),
  };
}

/** One registry takes the pair as it is, the other wants it changed for a token of its own. */
function registry({ path, host, headers }: Asked, { valid }: State): Answer {
  const url = new URL(path, `https://${host}`);
  const [scheme, given = ''] = (headers.authorization ?? '').split(' ');
  const pair = Buffer.from(given, 'base64').toString();
  const bearer = host === GOOGLE.registry;
  if (bearer && url.pathname === '/v2/token') {
    if (!valid.has(pair)) return { status: 401, body: { errors: [{ code: 'UNAUTHORIZED' }] } };
    const token = `pull.${sha256(pair)}`;
    valid.add(token);
    return { status: 200, body: { token, expires_in: 3_600 } };
  }
  if (!valid.has(scheme === 'Bearer' ? given : pair) || bearer !== (scheme === 'Bearer')) {
    const challenge = bearer
      ? `Bearer realm="https://${host}/v2/token",service="${host}"`
      : `Basic realm="https://${host}/",service="ecr.amazonaws.com"`;
    return { status: 401, body: { errors: [{ code: 'UNAUTHORIZED' }] }, headers: { 'www-authenticate': challenge } };
  }
  return url.pathname === '/v2/' ? { status: 200, body: {} } : { status: 200, body: { name: 'x', tags: ['1.4.0'] } };
}

const HOSTS: Record<string, (asked: Asked, state: State) => Answer> = {
  [ECR.api]: ecrApi,
  [GOOGLE.api]: googleApi,
  [ECR.registry]: registry,
  [GOOGLE.registry]: registry,
};

async function serve(request: http.IncomingMessage, response: http.ServerResponse, state: State): Promise<void> {
  const host = String(request.headers[FORWARDED]);
  const body = (await buffer(request)).toString();
  const asked = { method: request.method ?? '', path: request.url ?? '', host, headers: request.headers, body };
  let answer: Answer;
  try {
    answer = HOSTS[host]?.(asked, state) ?? { status: 404, body: {} };
  } catch (error) {
    // What the vendor has not published is no request that it takes.
    answer = { status: 418, body: { __type: 'OutOfShape', message: String(error) } };
  }
  response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
  response.end(JSON.stringify(answer.body));
}

export async function startVendorLogins(
  facts: Pick<VendorLogins, 'accessKey' | 'publicKey' | 'now'>,
  outside: typeof globalThis.fetch,
): Promise<VendorLogins> {
  const state: State = { facts: { ...facts, made: [] }, refusal: null, valid: new Set() };
  const server = http.createServer((request, response) => void serve(request, response, state));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    ...state.facts,
    refuse(code, words = '', status = 400) {
      state.refusal = code === null ? null : { code, words, status };
    },
    revoke: () => state.valid.clear(),
    async fetch(input, init) {
      const request = new Request(input, init);
      const url = new URL(request.url);
      const headers = new Headers(request.headers);
      headers.set(FORWARDED, url.host);
      const { method, signal } = request;
      const body = method === 'POST' ? { body: await request.text() } : {};
      return outside(`${origin}${url.pathname}${url.search}`, {
        ...{ method, headers, signal, redirect: 'manual' },
        ...body,
      });
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
