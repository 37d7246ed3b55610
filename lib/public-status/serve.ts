import { createHash } from 'node:crypto';
import { networkOf } from '@/lib/auth/client-ip';
import type { PublicStatus } from './model/status';

/** So long one reading answers everybody, in milliseconds: a crowd costs one query. */
const KEPT_MS = 10_000;
/** So many answers a minute for one network; more than every tab of an office needs. */
export const PER_MINUTE = 120;
const MINUTE_MS = 60_000;
/** Beyond it, counting begins anew: addresses are cheap. */
const REMEMBERED = 10_000;

/** Everybody may read it, from any site: it holds nothing that is not public, and no cookie is looked at. */
const OPEN = {
  'Access-Control-Allow-Origin': '*',
  'Cross-Origin-Resource-Policy': 'cross-origin',
  'X-Content-Type-Options': 'nosniff',
} as const;

interface Reading {
  text: string;
  tag: string;
}

/** Answers for /status.json: one reading for all, an ETag, and a limit for each network. One of it a process. */
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
  async answer(request: Request, ip: string | null): Promise<Response> {
    const wait = this.#wait(networkOf(ip));
    if (wait !== null)
      return Response.json(
        { sentence: `Too many requests. Try again in ${wait} s.` },
        { status: 429, headers: { ...OPEN, 'Retry-After': String(wait), 'Cache-Control': 'no-store' } },
      );
    const { text, tag } = await this.#current();
    const headers = { ...OPEN, ETag: tag, 'Cache-Control': 'public, max-age=15, stale-while-revalidate=60' };
    if (request.headers.get('if-none-match')?.replace(/^W\//, '') === tag)
      return new Response(null, { status: 304, headers });
    return new Response(text, { headers: { ...headers, 'Content-Type': 'application/json; charset=utf-8' } });
  }

  /** Those who ask while it is read get the same reading; one that failed is not kept. */
  async #current(): Promise<Reading> {
    if (!this.#reading || this.now() >= this.#until) {
      this.#until = this.now() + KEPT_MS;
      this.#reading = this.#readAnew();
      this.#reading.catch(() => {
        this.#reading = null;
      });
    }
    return await this.#reading;
  }

  async #readAnew(): Promise<Reading> {
    const text = JSON.stringify(await this.read());
    return { text, tag: `"${createHash('sha256').update(text).digest('base64url').slice(0, 27)}"` };
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
