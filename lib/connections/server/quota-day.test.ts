import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { lookEverySeconds } from '@/lib/deployments/model/pace';
import { guardedFetch } from '@/lib/http/guarded-fetch';
import { createHttpMemory } from '@/lib/http/memory';
import { DETAIL_HEADER, type QuotaLedger } from '@/lib/http/quota';
import { ProviderError } from '@/lib/providers/port';
import { figure } from '@/scripts/testing/figure';
import { budgetWaitMs, type Consumer, isBackground, partOf } from '../model/consumer';

// P12 on a virtual clock: 200 repositories, 50 deployments in flight at any time (1,200 a day), a new token each hour.
// AETHERSTACK_QUOTA_HOURS=24 runs the whole day; a few hours say the same, since each hour is like the one before.
const HOURS = Number(process.env.AETHERSTACK_QUOTA_HOURS ?? 2);
const REPOSITORIES = 200;
const IN_FLIGHT = 50;
const LIMIT = 5_000;
const PERCENT = 20;
/** https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits */
const POINTS_A_MINUTE = 900;
const IDLE_LOOK_MS = 5 * 60_000;
const SECOND = 1_000;
const HOUR = 3_600_000;
const START = Date.UTC(2026, 0, 1);
const ORIGIN = 'https://api.vendor.example';

/** mulberry32: the same day each time. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Run {
  startedAt: number;
  endsAt: number;
  steps: number;
}

/** What GitHub would say: an answer changes when the run does, a 304 is free, and a new token knows no old ETag. */
class Vendor {
  readonly perHour: number[] = [];
  readonly points: number[] = [];
  readonly resources = new Map<string, () => string>();
  charged = 0;

  answer(now: number, request: Request): Response {
    const minute = Math.floor((now - START) / 60_000);
    const hour = Math.floor((now - START) / HOUR);
    this.points[minute] = (this.points[minute] ?? 0) + (request.method === 'GET' ? 1 : 5);
    const state = this.resources.get(new URL(request.url).pathname)?.() ?? String(now);
    const etag = `"${request.headers.get('authorization')}/${state}"`;
    if (request.headers.get('if-none-match') === etag) return new Response(null, { status: 304, headers: { etag } });
    this.perHour[hour] = (this.perHour[hour] ?? 0) + 1;
    return new Response('{}', { headers: request.method === 'GET' ? { etag } : {} });
  }
}

/** The ledger's rules with the virtual clock in place of the database's. */
class Day {
  now = START;
  readonly vendor = new Vendor();
  readonly automatic: number[] = [];
  readonly held = new Map<string, number>();
  readonly #memory = createHttpMemory();
  readonly #queue: { at: number; run: () => Promise<void> }[] = [];

  at(at: number, run: () => Promise<void>): void {
    let i = this.#queue.length;
    while (i > 0 && (this.#queue[i - 1]?.at ?? 0) < at) i--;
    this.#queue.splice(i, 0, { at, run });
  }

  async until(end: number): Promise<void> {
    for (let next = this.#queue.pop(); next && next.at < end; next = this.#queue.pop()) {
      this.now = next.at;
      await next.run();
    }
  }

  async ask(consumer: Consumer, path: string, init: RequestInit = {}): Promise<void> {
    const fetch = guardedFetch({
      connectionId: 'con',
      origin: ORIGIN,
      memory: this.#memory,
      now: () => this.now,
      ledger: this.#ledger(consumer),
      fetch: async (input, init) => this.vendor.answer(this.now, new Request(input, init)),
    });
    const authorization = `token-${Math.floor((this.now - START) / HOUR)}`;
    await fetch(`${ORIGIN}${path}`, { ...init, headers: { ...init.headers, authorization } });
  }

  #ledger(consumer: Consumer): QuotaLedger {
    const hour = Math.floor((this.now - START) / HOUR);
    return {
      hold: async ({ reading, detail }) => {
        if (!reading || !isBackground(consumer)) return null;
        const elapsedMs = (this.now - START) % HOUR;
        const used = this.automatic[hour] ?? 0;
        const waitMs = budgetWaitMs({
          limit: LIMIT,
          percent: PERCENT,
          used,
          elapsedMs,
          part: partOf(consumer, detail),
        });
        return waitMs > 0 ? { until: this.now + Math.min(waitMs, 60_000), why: 'budget' } : null;
      },
      count: (what) => {
        if (what === 'held') this.held.set(consumer, (this.held.get(consumer) ?? 0) + 1);
        if (what === 'charged') this.automatic[hour] = (this.automatic[hour] ?? 0) + 1;
      },
      saw: () => undefined,
      paused: async () => undefined,
    };
  }
}

/** One deployment after the other in the same repository, looked at as the engine looks. */
function deployForever(day: Day, repository: number, random: () => number, looks: { gap: number }): void {
  const begin = async () => {
    const run: Run = { startedAt: day.now, endsAt: day.now + (30 + random() * 60) * 60_000, steps: 12 + random() * 12 };
    const base = `/repos/${repository}/runs/${day.now}`;
    const done = () => Math.min(1, (day.now - run.startedAt) / (run.endsAt - run.startedAt));
    day.vendor.resources.set(base, () => (done() < 0.02 ? 'queued' : done() < 1 ? 'running' : 'done'));
    day.vendor.resources.set(`${base}/jobs`, () => String(Math.floor(done() * run.steps)));
    for (const what of ['branch', 'workflow', 'compare']) await day.ask('engine', `/repos/${repository}/${what}`);
    await day.ask('engine', `/repos/${repository}/dispatches`, { method: 'POST' });
    let lastLook = day.now;
    const look = async (): Promise<void> => {
      try {
        await day.ask('watch', base);
        await day.ask('watch', `${base}/jobs`, done() < 1 ? { headers: { [DETAIL_HEADER]: '1' } } : {});
      } catch (error) {
        if (!(error instanceof ProviderError)) throw error;
        return day.at(day.now + Math.max(3 * SECOND, error.retryAfterMs ?? 0), look);
      }
      looks.gap = Math.max(looks.gap, day.now - lastLook);
      lastLook = day.now;
      if (done() >= 1) return day.at(day.now + SECOND, begin);
      const every = lookEverySeconds({ floor: 3, ageMs: day.now - run.startedAt, crowd: IN_FLIGHT });
      day.at(day.now + every * SECOND, look);
    };
    day.at(day.now + 3 * SECOND, look);
  };
  day.at(START + random() * 45 * 60_000, begin);
}

function lookForever(day: Day, repository: number, random: () => number, looks: { gap: number }): void {
  // Somebody else deploys there, now and then.
  day.vendor.resources.set(`/repos/${repository}/live`, () => String(Math.floor((day.now - START) / (6 * HOUR))));
  // A push every two hours; how far behind it is, is asked every quarter of an hour and counted when it changed.
  const pushes = random() * 2 * HOUR;
  const head = () => String(Math.floor((day.now - START + pushes) / (2 * HOUR)));
  day.vendor.resources.set(`/repos/${repository}/head`, head);
  let [turn, counted] = [Math.floor(random() * 3), ''];
  let lastLook = START;
  const look = async (): Promise<void> => {
    const held = await day.ask('reconcile', `/repos/${repository}/live`).then(() => false, isHeld);
    looks.gap = Math.max(looks.gap, day.now - lastLook);
    if (!held) lastLook = day.now;
    if (turn++ % 3 === 0) {
      await day.ask('survey', `/repos/${repository}/head`).catch(() => undefined);
      if (counted !== head()) await day.ask('survey', `/repos/${repository}/behind`).catch(() => undefined);
      counted = head();
    }
    day.at(day.now + IDLE_LOOK_MS, look);
  };
  day.at(START + random() * IDLE_LOOK_MS, look);
}

function isHeld(error: unknown): true {
  if (!(error instanceof ProviderError)) throw error;
  return true;
}

test(`200 repositories and 50 deployments in flight cost at most a fifth of the hourly limit (${HOURS} h)`, {
  timeout: 600_000,
}, async () => {
  const day = new Day();
  const random = dice(12);
  const [looks, looksAtLive] = [{ gap: 0 }, { gap: 0 }];
  for (let i = 0; i < IN_FLIGHT; i++) deployForever(day, i, random, looks);
  for (let i = 0; i < REPOSITORIES; i++) lookForever(day, i, random, looksAtLive);
  await day.until(START + HOURS * HOUR);

  const most = Math.max(...day.vendor.perHour);
  const points = Math.max(...Array.from(day.vendor.points, (each) => each ?? 0));
  const measured =
    `${HOURS} h: at most ${most} of ${LIMIT} charged in an hour (${((most / LIMIT) * 100).toFixed(1)} %), at most ${points} points in ` +
    `a minute, and no running deployment unlooked-at for more than ${looks.gap / SECOND} s.`;
  figure('P12', measured);
  process.stdout.write(`P12 ${measured} Details from memory: ${day.held.get('watch') ?? 0} times\n`);
  expect(most).toBeLessThanOrEqual((LIMIT * PERCENT) / 100);
  expect(points).toBeLessThanOrEqual(POINTS_A_MINUTE / 2);
  expect(looks.gap).toBeLessThanOrEqual(60 * SECOND);
  // What is live is seen within its five minutes also while others run.
  expect(looksAtLive.gap).toBeLessThanOrEqual(IDLE_LOOK_MS);
  expect(day.held.has('engine')).toBe(false);
  // The same day each time, so the document can hold what this measures.
  if (HOURS === 2) expect(readFileSync('docs/quota.md', 'utf8')).toContain(measured);
});
