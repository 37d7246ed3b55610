import { describe, expect, it } from 'vitest';
import type { ProviderError } from '@/lib/providers/port';
import { BREAKS_AFTER, PROBE_EVERY_MS } from './breaker';
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
    expect(underWay).toBe(20);
    expect(seen.sent).toBe(underWay);
    expect(said.filter((each) => each === 'rate_limited')).toHaveLength(80);
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
    expect(seen.sent).toBe(20);
    expect(said.filter((each) => each === 'rate_limited')).toHaveLength(10);
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
    const bookShared = async (perMinute: number) => {
      asked.push(perMinute);
      return asked.length > 1 ? 7_000 : 0;
    };
    const { ask, seen, memory } = rig(async () => Response.json({}), { bookShared, writesPerMinute: 5 });
    expect([await ask('POST'), await ask('POST'), await ask('GET')]).toEqual([200, 'rate_limited', 200]);
    expect([asked, seen.sent]).toEqual([[5, 5], 2]);
    expect(memory.writes, 'nor does it use up this process’s own').toHaveLength(1);
  });

  it('are not counted where the vendor is simulated', async () => {
    const bookShared = () => Promise.reject(new Error('not asked'));
    const { ask } = rig(async () => Response.json({}), { bookShared, writesPerMinute: Number.POSITIVE_INFINITY });
    expect(await ask('POST')).toBe(200);
  });
});
