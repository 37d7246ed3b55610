import { createHash } from 'node:crypto';

/** A number in [0, 1) that depends on nothing but its arguments, so a replay gives the same world. */
export function chance(...keys: (string | number)[]): number {
  return createHash('sha1').update(keys.join('\u0000')).digest().readUIntBE(0, 6) / 2 ** 48;
}

/** A 40-character id in the shape of a git object id. */
export function objectId(...keys: (string | number)[]): string {
  return createHash('sha1').update(keys.join('\u0000')).digest('hex');
}

/** The id that git itself would give a blob. Source: https://git-scm.com/book/en/v2/Git-Internals-Git-Objects */
export function blobId(content: string): string {
  const bytes = Buffer.from(content);
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

/** A guid in the shape of `X-GitHub-Delivery`. */
export function guid(...keys: (string | number)[]): string {
  const hex = objectId('guid', ...keys);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}

/** GitHub's opaque `node_id`. */
export function nodeId(kind: string, id: string | number): string {
  return `${kind}_${Buffer.from(`${kind}:${id}`).toString('base64url')}`;
}

/** ISO 8601 in whole seconds, as GitHub's REST API writes times. */
export function iso(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
