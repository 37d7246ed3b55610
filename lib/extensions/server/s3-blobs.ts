import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { ReadableStream as NodeStream } from 'node:stream/web';
import { amzDate, sha256Hex, signed } from '@/lib/http/signature-v4';
import { ServiceError } from '@/lib/kernel/errors';
import type { Secret } from '@/lib/kernel/secret';
import type { Blobs } from './blobs';

export interface S3Settings {
  /** Origin, and a path where the store has one: `https://s3.eu-central-1.amazonaws.com`. */
  endpoint: string;
  bucket: string;
  region: string;
  accessKeyId: string;
  secretAccessKey: Secret;
  /** In front of every key, with its slash. */
  prefix: string;
}

/** What is larger goes in parts of this size, so that no more of it is ever held. S3 takes none under 5 MB. Bytes. */
const PART = 8 * 1_048_576;
/** Everything but content: a part, there and back. Milliseconds. */
const ASK_MS = 120_000;

interface Ask {
  method: string;
  key: string;
  query?: Record<string, string>;
  headers?: Record<string, string>;
  body?: Uint8Array;
}

type Answer = (ask: Ask) => Promise<Response>;

/** Packages in any store that speaks S3, with the bucket in the path. `fetch` guards where it goes and how long it takes. */
export function s3Blobs(settings: S3Settings, fetch: typeof globalThis.fetch, now = () => new Date()): Blobs {
  const base = `${settings.endpoint.replace(/\/+$/, '')}/${settings.bucket}/`;
  const send: Answer = async ({ method, key, query = {}, headers = {}, body }) => {
    const url = new URL(`${base}${settings.prefix}${key}`);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const signer = { ...settings, service: 's3', secretAccessKey: settings.secretAccessKey.reveal() };
    const payload = sha256Hex(body ?? '');
    const signing = { method, url, headers: { ...headers, 'x-amz-content-sha256': payload }, payload };
    const all = signed(signing, signer, amzDate(now()));
    delete all.host;
    return await fetch(url.href, {
      method,
      headers: all,
      ...(body ? { body: body as BodyInit } : {}),
      // Content is read for as long as whoever wants it takes.
      ...(method === 'GET' ? {} : { signal: AbortSignal.timeout(ASK_MS) }),
      redirect: 'error',
    });
  };
  return {
    put: (sha256, content, size) => put(send, sha256, content, size),
    size: (sha256) => sizeOf(send, sha256),
    async open(sha256, range) {
      const known = range ? null : await sizeOf(send, sha256);
      if (!range && known === null) return null;
      const headers: Record<string, string> = range ? { range: `bytes=${range.start}-${range.end}` } : {};
      const answer = await send({ method: 'GET', key: sha256, headers });
      if (answer.status === 404) return null;
      if (!answer.ok || !answer.body) throw await refused(answer);
      const said = Number(/\/(\d+)$/.exec(answer.headers.get('content-range') ?? '')?.[1] ?? Number.NaN);
      const size = known ?? said;
      if (!Number.isSafeInteger(size)) throw await refused(answer);
      return { size, stream: Readable.fromWeb(answer.body as NodeStream) };
    },
    async remove(sha256) {
      const answer = await send({ method: 'DELETE', key: sha256 });
      if (!answer.ok && answer.status !== 404) throw await refused(answer);
    },
  };
}

/** Asked for by itself: an answer with content comes through the guarded fetch without its length. */
async function sizeOf(send: Answer, key: string): Promise<number | null> {
  const answer = await send({ method: 'HEAD', key });
  if (answer.status === 404) return null;
  const size = Number(answer.headers.get('content-length') ?? Number.NaN);
  if (!answer.ok || !Number.isSafeInteger(size)) throw await refused(answer);
  return size;
}

async function refused(answer: Response): Promise<ServiceError> {
  const code = /<Code>(\w{1,60})<\/Code>/.exec((await answer.text().catch(() => '')).slice(0, 4_000))?.[1];
  const said = `${answer.status}${code ? `, ${code}` : ''}`;
  return new ServiceError(
    'unavailable',
    'package_store_refused',
    `The store of packages answered ${said}. Look at AETHERSTACK_S3_*.`,
  );
}

async function required(answer: Response): Promise<Response> {
  if (answer.ok) return answer;
  throw await refused(answer);
}

async function put(send: Answer, key: string, content: Readable | Buffer, size: number): Promise<void> {
  const there = await send({ method: 'HEAD', key });
  if (there.ok && Number(there.headers.get('content-length')) === size) {
    if (!Buffer.isBuffer(content)) content.destroy();
    return;
  }
  const parts = partsOf(content, key);
  if (size > PART) return await putInParts(send, key, parts);
  for await (const body of parts) await required(await send({ method: 'PUT', key, body }));
}

/** The content in pieces of one size; throws after the last when they are not what the digest says. */
async function* partsOf(content: Readable | Buffer, sha256: string): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  let held: Buffer[] = [];
  let size = 0;
  for await (const piece of Buffer.isBuffer(content) ? [content] : content) {
    for (let rest = piece as Buffer; rest.byteLength > 0; ) {
      const taken = rest.subarray(0, PART - size);
      hash.update(taken);
      held.push(taken);
      size += taken.byteLength;
      rest = rest.subarray(taken.byteLength);
      if (size < PART) continue;
      yield Buffer.concat(held);
      [held, size] = [[], 0];
    }
  }
  if (hash.digest('hex') !== sha256) throw new Error('What was to be stored is not what its digest says.');
  if (size > 0) yield Buffer.concat(held);
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html: it may fail with a 200. */
async function putInParts(send: Answer, key: string, parts: AsyncIterable<Buffer>): Promise<void> {
  const begun = await (await required(await send({ method: 'POST', key, query: { uploads: '' } }))).text();
  const uploadId = /<UploadId>([^<]{1,1024})<\/UploadId>/.exec(begun)?.[1];
  if (!uploadId) throw await refused(new Response('', { status: 502 }));
  try {
    const tags: string[] = [];
    for await (const body of parts) {
      const query = { partNumber: String(tags.length + 1), uploadId };
      const answer = await required(await send({ method: 'PUT', key, query, body }));
      tags.push(answer.headers.get('etag') ?? '');
    }
    const list = tags.map(
      (tag, at) => `<Part><PartNumber>${at + 1}</PartNumber><ETag>${tag.replaceAll('"', '&quot;')}</ETag></Part>`,
    );
    const body = Buffer.from(`<CompleteMultipartUpload>${list.join('')}</CompleteMultipartUpload>`);
    const done = await required(await send({ method: 'POST', key, query: { uploadId }, body }));
    const said = await done.text();
    if (said.includes('<Error>')) throw await refused(new Response(said, { status: 502 }));
  } catch (error) {
    await send({ method: 'DELETE', key, query: { uploadId } }).catch(() => undefined);
    throw error;
  }
}
