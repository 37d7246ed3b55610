import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { sha256Hex, signed } from '@/lib/http/signature-v4';
import { Secret } from '@/lib/kernel/secret';
import type { Blobs } from '../server/blobs';
import { s3Blobs } from '../server/s3-blobs';

const KEYS = { region: 'eu-test-1', accessKeyId: 'ours', secretAccessKey: 'a-secret-of-this-test' };

export interface S3Stand {
  /** By path, bucket included. */
  objects: Map<string, Buffer>;
  /** By the id of the upload. */
  parts: Map<string, Buffer[]>;
  /** From now on it is in trouble with requests of this method; '' = with none. */
  fail(method: string): void;
  /** The store as a console with this secret (the right one by default) sees it. */
  blobs(secret?: string): Blobs;
  close(): void;
}

/** A store on loopback that speaks as much S3 as we do. */
export async function s3Stand(): Promise<S3Stand> {
  const held: Held = { objects: new Map(), parts: new Map(), fails: '', endpoint: '' };
  const server = http.createServer((request, response) => void answer(held, request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  held.endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const place = { ...KEYS, endpoint: held.endpoint, bucket: 'packages', prefix: 'vsix/' };
  return {
    ...{ objects: held.objects, parts: held.parts },
    fail: (method) => {
      held.fails = method;
    },
    blobs: (secret = KEYS.secretAccessKey) => s3Blobs({ ...place, secretAccessKey: new Secret(secret) }, unsized),
    close: () => void server.close(),
  };
}

/** As the guarded fetch of the console gives an answer on: without the length of what it has unpacked. */
const unsized: typeof fetch = async (input, init) => {
  const answered = await fetch(input, init);
  if (init?.method === 'HEAD') return answered;
  const headers = new Headers(answered.headers);
  headers.delete('content-length');
  return new Response(answered.body, { status: answered.status, headers });
};

interface Held extends Pick<S3Stand, 'objects' | 'parts'> {
  fails: string;
  endpoint: string;
}

function whatIsWrong(request: http.IncomingMessage, url: URL, body: Buffer): string | null {
  const said = String(request.headers.authorization);
  const names = /SignedHeaders=([^,]+)/.exec(said)?.[1]?.split(';') ?? [];
  const headers = Object.fromEntries(names.map((name) => [name, String(request.headers[name])]));
  const payload = String(request.headers['x-amz-content-sha256']);
  const asked = { method: request.method ?? '', url, headers, payload };
  const ours = signed(asked, { ...KEYS, service: 's3' }, String(request.headers['x-amz-date']));
  if (ours.authorization !== said || !names.includes('host')) return 'SignatureDoesNotMatch';
  return sha256Hex(body) === payload ? null : 'XAmzContentSHA256Mismatch';
}

/** A store that checks every signature and every checksum, as S3 does, and knows the seven requests that we send. */
async function answer(held: Held, request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
  const { objects, parts, fails, endpoint } = held;
  const body = await buffer(request);
  const url = new URL(request.url ?? '/', endpoint);
  const end = (status: number, text: string | Buffer = '', more = {}) => response.writeHead(status, more).end(text);
  const wrong = whatIsWrong(request, url, body);
  if (wrong) return void end(wrong === 'SignatureDoesNotMatch' ? 403 : 400, `<Error><Code>${wrong}</Code></Error>`);
  const key = url.pathname;
  const upload = url.searchParams.get('uploadId');
  if (fails && request.method === fails) return void end(503, '<Error><Code>SlowDown</Code></Error>');
  if (request.method === 'POST' && url.searchParams.has('uploads')) {
    parts.set('one&1', []);
    return void end(200, '<R><UploadId>one&1</UploadId></R>');
  }
  if (request.method === 'PUT' && upload) {
    parts.get(upload)?.push(body);
    return void end(200, '', { etag: `"${parts.get(upload)?.length}"` });
  }
  if (request.method === 'POST' && upload) objects.set(key, Buffer.concat(parts.get(upload) ?? []));
  if (request.method === 'DELETE') upload ? parts.delete(upload) : objects.delete(key);
  if (request.method === 'PUT') objects.set(key, body);
  if (request.method === 'GET' || request.method === 'HEAD')
    return void sendObject(request, response, objects.get(key));
  end(request.method === 'DELETE' ? 204 : 200, '<Done/>');
}

function sendObject(request: http.IncomingMessage, response: http.ServerResponse, found: Buffer | undefined): void {
  if (!found) return void response.writeHead(404).end();
  const [, start, last] = /^bytes=(\d+)-(\d+)$/.exec(String(request.headers.range)) ?? [];
  const part = start ? found.subarray(Number(start), Number(last) + 1) : found;
  const range = start ? { 'content-range': `bytes ${start}-${last}/${found.byteLength}` } : {};
  response.writeHead(start ? 206 : 200, { 'content-length': part.byteLength, ...range });
  response.end(request.method === 'HEAD' ? undefined : part);
}
