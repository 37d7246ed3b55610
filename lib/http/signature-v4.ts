import { createHash, createHmac } from 'node:crypto';

export interface SigningKey {
  region: string;
  /** As the signature names it: `s3`, `ecr`. */
  service: string;
  accessKeyId: string;
  secretAccessKey: string;
}

export interface ToSign {
  method: string;
  url: URL;
  /** All that are to be signed, but for `host` and `x-amz-date`, which are added. */
  headers: Record<string, string>;
  /** SHA-256 (hex) of the body. */
  payload: string;
}

const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
export const sha256Hex = (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex');

/** RFC 3986: everything but letters, digits, `-`, `.`, `_` and `~`. */
const encode = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

function canonicalQuery(url: URL): string {
  return [...url.searchParams]
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([a, x], [b, y]) => (a === b ? (x < y ? -1 : 1) : a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

/**
 * The headers of a request with AWS Signature Version 4. `at`: `20130524T000000Z`. A path is written once, as S3 has it; other
 * services write it twice, which “/” does not show.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function signed(request: ToSign, key: SigningKey, at: string): Record<string, string> {
  const headers: Record<string, string> = {
    ...request.headers,
    host: request.url.host,
    'x-amz-date': at,
  };
  const names = Object.keys(headers)
    .map((name) => name.toLowerCase())
    .sort();
  const textOf = (name: string) =>
    Object.entries(headers)
      .find(([key]) => key.toLowerCase() === name)?.[1]
      .trim()
      .replace(/ +/g, ' ') ?? '';
  const path = decodeURIComponent(request.url.pathname).split('/').map(encode).join('/');
  const canonical = [
    request.method,
    path,
    canonicalQuery(request.url),
    ...names.map((name) => `${name}:${textOf(name)}`),
    '',
    names.join(';'),
    request.payload,
  ].join('\n');
  const scope = `${at.slice(0, 8)}/${key.region}/${key.service}/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', at, scope, sha256Hex(canonical)].join('\n');
  const derived = [key.region, key.service, 'aws4_request'].reduce<Buffer>(
    (last, part) => hmac(last, part),
    hmac(`AWS4${key.secretAccessKey}`, at.slice(0, 8)),
  );
  const signature = hmac(derived, text).toString('hex');
  return {
    ...headers,
    authorization: `AWS4-HMAC-SHA256 Credential=${key.accessKeyId}/${scope},SignedHeaders=${names.join(';')},Signature=${signature}`,
  };
}

/** A moment as the signature writes it. */
export const amzDate = (at: Date): string => `${at.toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
