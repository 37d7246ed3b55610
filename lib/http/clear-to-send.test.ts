import { describe, expect, it } from 'vitest';
import type { ProviderError } from '@/lib/providers/port';
import { BREAKS_AFTER, PROBE_EVERY_MS } from './breaker';
import type { SharedWrites } from './clear-to-send';
import { type GuardOptions, guardedFetch } from './guarded-fetch';
import { createHttpMemory } from './memory';

const ORIGIN = 'https://api.vendor.example';
const START = Date.parse('2026-01-01T00:00:00Z');

/** A guard, a clock that is moved by hand, and the status or code of each call, every one about something else. */
function rig(answer: () => Promise<Response>, more: Partial<GuardOptions> = {}) {
  const seen = { now: START, sent: 0 };
  const { memory = createHttpMemory() } = more;
  const fetch = guardedFetch({
    ...{ connectionId: 'conn_a', origin: ORIGIN, memory, now: () => seen.now },
    fetch: async () => {
      seen.sent += 1;
      return answer();
    },
    ...more,
  });
  const ask = (method = 'GET') =>
    fetch(`${ORIGIN}/${crypto.randomUUID()}`, { method }).then(
      ({ status }) => status,
      ({ code }: ProviderError) => code,
    );
  const atOnce = (count: number, method?: string) => Promise.all(Array.from({ length: count }, () => ask(method)));
  return { ask, atOnce, seen, memory };
}

/** The ledger of a database that has nothing against anything, and takes its time to say so. */
const slowLedger = {
  hold: () => new Promise<null>((resolve) => setImmediate(() => resolve(null))),
  count: () => undefined,
  saw: () => undefined,
  paused: async () => undefined,
};

const notAsked = () => Promise.reject(new Error('not asked'));

describe('a pause that is told while others wait', () => {
  const pausing = async () => new Response('{}', { status: 429, headers: { 'retry-after': '60' } });

  it('holds back the reads that wait for a lane', async () => {
    const release = Promise.withResolvers<void>();
    const { atOnce, seen } = rig(async () => {
      await release.promise;
      return pausing();
    });
    const asked = atOnce(100);
    await new Promise(setImmediate);
    const underWay = seen.sent;
    release.resolve();
    const said = await asked;
    expect(underWay).toBe(10);
    expect(seen.sent).toBe(underWay);
    expect(said.filter((each) => each === 'rate_limited')).toHaveLength(90);
  });

  it('holds back, too, what waits for a lane while another process was told', async () => {
    const release = Promise.withResolvers<void>();
    const shared = { paused: false };
    const hold = async () => (shared.paused ? ({ until: START + 60_000, why: 'pause' } as const) : null);
    const { atOnce, seen } = rig(
      async () => {
        await release.promise;
        return Response.json({});
      },
      { ledger: { ...slowLedger, hold } },
    );
    const asked = atOnce(30);
    await new Promise(setImmediate);
    shared.paused = true;
    release.resolve();
    const said = await asked;
    expect(seen.sent).toBe(10);
    expect(said.filter((each) => each === 'rate_limited')).toHaveLength(20);
  });

  it('holds back the writes that were asking the database meanwhile', async () => {
    const memory = createHttpMemory();
    const { ask, seen } = rig(pausing, {
      memory,
      ledger: {
        ...slowLedger,
        hold: async () => {
          memory.blocks.set('*', START + 60_000);
          return null;
        },
      },
    });
    expect([await ask('POST'), seen.sent, memory.writes]).toEqual(['rate_limited', 0, []]);
  });
});

describe('the writes of a minute', () => {
  it('are used up only by what is sent, however many wait for a provider that is silent', async () => {
    const provider = { silent: true };
    const { ask, atOnce, seen, memory } = rig(
      async () => {
        if (provider.silent) throw new TypeError('fetch failed', { cause: new Error('other side closed') });
        return Response.json({});
      },
      { ledger: slowLedger },
    );
    for (let each = 0; each < BREAKS_AFTER; each += 1) await ask('POST');
    for (let second = 0; second < 55; second += 1) {
      seen.now += 1_000;
      await atOnce(12, 'POST');
    }
    expect(memory.writes).toHaveLength(seen.sent);
    provider.silent = false;
    seen.now += PROBE_EVERY_MS;
    expect(await ask('POST')).toBe(200);
    expect(await atOnce(12, 'POST')).toEqual(Array.from({ length: 12 }, () => 200));
  });

  it('are those of all processes: one that is refused there is not sent', async () => {
    const asked: number[] = [];
    const book = async (perMinute: number) => {
      asked.push(perMinute);
      return asked.length > 1 ? 7_000 : 0;
    };
    const { ask, seen, memory } = rig(async () => Response.json({}), {
      ...{ sharedWrites: { book, takeBack: notAsked }, writesPerMinute: 5 },
    });
    expect([await ask('POST'), await ask('POST'), await ask('GET')]).toEqual([200, 'rate_limited', 200]);
    expect([asked, seen.sent]).toEqual([[5, 5], 2]);
    expect(memory.writes, 'nor does it use up this process’s own').toHaveLength(1);
  });

  it('are not counted where the vendor is simulated', async () => {
    const sharedWrites = { book: notAsked, takeBack: notAsked };
    const { ask } = rig(async () => Response.json({}), { sharedWrites, writesPerMinute: Number.POSITIVE_INFINITY });
    expect(await ask('POST')).toBe(200);
  });
});

describe('a write that all processes’ minute has to be asked about', () => {
  const silent = async () => {
    throw new TypeError('fetch failed', { cause: new Error('other side closed') });
  };

  /** After five without an answer, when the next probe is due; then the shared minute says what is given. */
  async function atTheProbe(book: () => Promise<number>) {
    const provider: { answer: () => Promise<Response> } = { answer: silent };
    const shared = { takenBack: 0 };
    const takeBack = async () => {
      shared.takenBack += 1;
      if (shared.takenBack > 1) throw new Error('No database.');
    };
    const minute: SharedWrites = { book: async () => 0, takeBack };
    const { ask, atOnce, seen, memory } = rig(() => provider.answer(), { sharedWrites: minute });
    for (let each = 0; each < BREAKS_AFTER; each += 1) await ask();
    seen.now += PROBE_EVERY_MS;
    provider.answer = async () => Response.json({});
    minute.book = book;
    return { ask, atOnce, seen, memory, shared };
  }

  it.each([
    ['refuses it', async () => 7_000, 'rate_limited'],
    ['cannot be asked', () => Promise.reject(new Error('No database.')), undefined],
  ])(
    'leaves the probe of a silent provider to others where it %s, and its own minute as it was',
    async (_, book, code) => {
      const { ask, seen, memory, shared } = await atTheProbe(book);
      const before = seen.sent;
      const said = await ask('POST');
      expect([said, seen.sent, memory.writes, shared.takenBack]).toEqual([code, before, [], 0]);
      expect(await ask('GET'), 'the probe').toBe(200);
    },
  );

  it('leaves nothing booked where a pause was told meanwhile, though the database cannot take it back', async () => {
    const paused = { until: 0 };
    const { ask, seen, memory, shared } = await atTheProbe(async () => {
      memory.blocks.set('*', paused.until);
      return 0;
    });
    for (const times of [1, 2]) {
      paused.until = seen.now + 1_000;
      const before = seen.sent;
      expect([await ask('POST'), seen.sent, memory.writes, shared.takenBack]).toEqual([
        'rate_limited',
        before,
        [],
        times,
      ]);
      seen.now += 1_001;
    }
    expect(await ask('GET'), 'the probe').toBe(200);
  });

  it('is the one probe while it waits for the answer: no other is sent beside it', async () => {
    const answer = Promise.withResolvers<number>();
    const { ask, atOnce, seen } = await atTheProbe(() => answer.promise);
    const before = seen.sent;
    const first = ask('POST');
    await new Promise(setImmediate);
    expect(new Set(await atOnce(5))).toEqual(new Set(['not_answering']));
    answer.resolve(0);
    expect([await first, seen.sent]).toEqual([200, before + 1]);
  });
});
