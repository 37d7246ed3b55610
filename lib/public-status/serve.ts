import { createHash } from 'node:crypto';
import { networkOf } from '@/lib/auth/client-ip';
import { entriesOf, jsonFeedOf, rssOf } from '@/lib/status/model/feed';
import type { PublicStatus } from './model/status';

/** So long one reading answers everybody, in milliseconds: a crowd costs one query. */
const KEPT_MS = 10_000;
/** A reading that failed is not tried again for so long, in milliseconds: a database that is down is not asked by everybody. */
const FAILED_MS = 3_000;
/** So many answers a minute for one network; more than every tab of an office needs. */
export const PER_MINUTE = 120;
const MINUTE_MS = 60_000;
/** Beyond it, counting begins anew: addresses are cheap. */
const REMEMBERED = 10_000;

/** Everybody may read it, from any site: it holds nothing that is not public, and no cookie is looked at. */
const OPEN = {
  'Access-Control-Allow-Origin': '*',
  'X-Content-Type-Options': 'nosniff',
} as const;

/** `json`: all of it, for pages; the others: incidents and maintenance, for readers of feeds. */
export type PublicForm = 'json' | 'rss' | 'feed';

const TYPES: Readonly<Record<PublicForm, string>> = {
  json: 'application/json; charset=utf-8',
  rss: 'application/rss+xml; charset=utf-8',
  feed: 'application/feed+json; charset=utf-8',
};

interface Reading {
  status: PublicStatus;
  /** Made when somebody asks for it. */
  texts: Map<PublicForm, { text: string; tag: string }>;
}

/** One reading for all, for the pages and for what is fetched, which has an ETag and a limit for each network besides. */
export class PublicAnswers {
  #reading: Promise<Reading> | null = null;
  #until = 0;
  #counts = new Map<string, number>();
  #minute = 0;

  constructor(
    private readonly read: () => Promise<PublicStatus>,
    private readonly now: () => number = Date.now,
  ) {}

  /** `ip`: of who asks; null counts as one network. */
  async answer(request: Request, ip: string | null, form: PublicForm = 'json'): Promise<Response> {
    const wait = this.#wait(networkOf(ip));
    if (wait !== null)
      return Response.json(
        { sentence: `Too many requests. Try again in ${wait} s.` },
        { status: 429, headers: { ...OPEN, 'Retry-After': String(wait), 'Cache-Control': 'no-store' } },
      );
    const { text, tag } = textOf(await this.#current(), form);
    const headers = { ...OPEN, ETag: tag, 'Cache-Control': 'public, max-age=15, stale-while-revalidate=60' };
    if (isKnown(request.headers.get('if-none-match'), tag)) return new Response(null, { status: 304, headers });
    return new Response(text, { headers: { ...headers, 'Content-Type': TYPES[form] } });
  }

  /** What the pages are drawn with. Throws when it cannot be read. */
  async status(): Promise<PublicStatus> {
    return (await this.#current()).status;
  }

  /** Those who ask while it is read get the same reading, and for a moment the same failure. */
  #current(): Promise<Reading> {
    if (!this.#reading || this.now() >= this.#until) {
      const reading = this.#readAnew();
      this.#until = this.now() + KEPT_MS;
      this.#reading = reading;
      reading.catch(() => {
        if (this.#reading === reading) this.#until = Math.min(this.#until, this.now() + FAILED_MS);
      });
    }
    return this.#reading;
  }

  async #readAnew(): Promise<Reading> {
    return { status: await this.read(), texts: new Map() };
  }

  /** Seconds to wait, or null. */
  #wait(network: string): number | null {
    const minute = Math.floor(this.now() / MINUTE_MS);
    if (minute !== this.#minute || this.#counts.size > REMEMBERED) this.#counts.clear();
    this.#minute = minute;
    const count = (this.#counts.get(network) ?? 0) + 1;
    this.#counts.set(network, count);
    return count > PER_MINUTE ? Math.ceil(((minute + 1) * MINUTE_MS - this.now()) / 1_000) : null;
  }
}

function textOf({ status, texts }: Reading, form: PublicForm): { text: string; tag: string } {
  const known = texts.get(form);
  if (known) return known;
  const text = written(status, form);
  const made = { text, tag: `"${createHash('sha256').update(text).digest('base64url').slice(0, 27)}"` };
  texts.set(form, made);
  return made;
}

function written(status: PublicStatus, form: PublicForm): string {
  if (form === 'json') return JSON.stringify(status);
  const { incidents, maintenances, links } = status;
  const entries = entriesOf(incidents, maintenances);
  const place = { title: 'Status', page: links?.page ?? '/status' };
  return form === 'rss'
    ? rssOf(entries, { ...place, self: links?.rss ?? '/status.rss' })
    : jsonFeedOf(entries, { ...place, self: links?.feed ?? '/status.feed.json' });
}

/** A browser or a proxy may name several that it has, or any. */
function isKnown(header: string | null, tag: string): boolean {
  const named = header?.split(',').map((each) => each.trim().replace(/^W\//, '')) ?? [];
  return named.includes(tag) || named.includes('*');
}
