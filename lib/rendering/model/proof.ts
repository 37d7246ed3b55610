import type { BuildRecord } from './build-record';
import { MODE_WORDS, type RenderingMode } from './mode';

/** What was found at an address where a build should say what it is. `trouble` proves nothing. */
export type Found =
  | { kind: 'record'; address: string; record: BuildRecord; server: string | null }
  /** It answered, without a record that can be read. */
  | { kind: 'none'; address: string; server: string | null; sentence: string }
  | { kind: 'trouble'; address: string; sentence: string }
  | { kind: 'nowhere'; sentence: string };

/** Kept with the evidence: what was asked, and what was shown from outside and how. */
export interface Shown {
  asked: RenderingMode;
  shown: RenderingMode | null;
  by: 'record' | 'headers' | null;
  address: string | null;
  sentence: string;
}

/** A deployment's mode as people see it. `shown` null: nothing proves how it is built; `sentence` null: nobody has looked yet. */
export interface ModeView {
  asked: RenderingMode;
  /** What the target was built as before; null when that is not known. */
  before: RenderingMode | null;
  shown: RenderingMode | null;
  sentence: string | null;
}

export type ModeVerdict =
  | { kind: 'shown' | 'unproved'; proof: Shown }
  /** Accepted, but what is live is built otherwise, or by an earlier build. */
  | { kind: 'other'; seen: string }
  | { kind: 'trouble'; sentence: string };

/** Headers that only a running Next server adds; a host of files has none of them. */
const SERVER_HEADERS = ['x-nextjs-cache', 'x-nextjs-prerender', 'x-nextjs-postponed', 'x-nextjs-stale-time'] as const;

/** Which header of a page shows that a server rendered or holds it; null proves nothing. */
export function serverHeader(headers: Pick<Headers, 'get'>): string | null {
  const own = SERVER_HEADERS.find((name) => headers.get(name) !== null);
  if (own) return own;
  return /^next\.js/i.test(headers.get('x-powered-by') ?? '') ? 'x-powered-by' : null;
}

/** Whether the mode that is live is the one that was asked for. Without a record only a server's own headers prove anything. */
export function judgeMode(asked: RenderingMode, sha: string, found: Found): ModeVerdict {
  if (found.kind === 'trouble') return { kind: 'trouble', sentence: `${found.address} ${found.sentence}` };
  if (found.kind === 'nowhere') return unproved(asked, null, found.sentence);
  return found.kind === 'record' ? byRecord(asked, sha, found) : byHeaders(asked, found);
}

function byRecord(asked: RenderingMode, sha: string, found: Extract<Found, { kind: 'record' }>): ModeVerdict {
  const { record, address, server } = found;
  const says = `${address} says ${MODE_WORDS[record.mode].short}`;
  if (record.sha !== null && record.sha !== sha) {
    return { kind: 'other', seen: `${says}, built from ${record.sha.slice(0, 7)}` };
  }
  if (record.mode !== asked) return { kind: 'other', seen: says };
  if (asked === 'ssg' && server !== null) {
    return { kind: 'other', seen: `${says}, but a server answers there (${server})` };
  }
  const commit = record.sha === null ? ', though not of which commit' : '';
  const also = server === null ? '' : `; ${server} says so, too`;
  const sentence = `${says}${commit}, as was asked for${also}.`;
  return { kind: 'shown', proof: { asked, shown: record.mode, by: 'record', address, sentence } };
}

function byHeaders(asked: RenderingMode, found: Extract<Found, { kind: 'none' }>): ModeVerdict {
  const { address, server, sentence: why } = found;
  if (server === null) return unproved(asked, address, `${address} ${why}, so nothing shows how it is built.`);
  if (asked === 'ssg') return { kind: 'other', seen: `a server answers at ${address} (${server})` };
  const sentence = `A server answers at ${address} (${server}), as ${MODE_WORDS.ssr.short} has it; ${why}.`;
  return { kind: 'shown', proof: { asked, shown: 'ssr', by: 'headers', address, sentence } };
}

function unproved(asked: RenderingMode, address: string | null, why: string): ModeVerdict {
  const sentence = `${MODE_WORDS[asked].short} was asked for and is not proved: ${why}`;
  return { kind: 'unproved', proof: { asked, shown: null, by: null, address, sentence } };
}

/** Where the record of what a version address belongs to may be: beside it, then at the root. */
export function recordAddresses(probeUrl: string, path: string): string[] {
  const url = new URL(probeUrl);
  if (url.pathname.endsWith(path)) return [`${url.origin}${url.pathname}`];
  const folder = url.pathname.slice(0, url.pathname.lastIndexOf('/'));
  return [...new Set([`${url.origin}${folder}${path}`, `${url.origin}${path}`])];
}

/** The page that the record belongs to: its address without the path. */
export function pageOfRecord(address: string, path: string): string {
  return `${address.slice(0, -path.length)}/`;
}
