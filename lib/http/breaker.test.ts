import { describe, expect, it } from 'vitest';
import { ProviderError } from '@/lib/providers/port';
import { BREAKS_AFTER, PROBE_EVERY_MS } from './breaker';
import { guardedFetch } from './guarded-fetch';
import { createHttpMemory } from './memory';

const ORIGIN = 'https://api.vendor.example';

/** A guard over a provider that is silent until told otherwise, and a clock that is moved by hand. */
function rig() {
  const provider = { silent: true, sent: 0 };
  const clock = { now: Date.parse('2026-01-01T00:00:00Z') };
  const fetch = guardedFetch({
    ...{ connectionId: 'conn_a', origin: ORIGIN, memory: createHttpMemory(), now: () => clock.now },
    fetch: async () => {
      provider.sent += 1;
      if (provider.silent) throw new TypeError('fetch failed', { cause: new Error('other side closed') });
      return Response.json({}, { status: 503 });
    },
  });
  /** The code of the failure, or the status; each call asks for something else, so that no answer is shared. */
  const ask = async (method = 'GET', signal?: AbortSignal) => {
    const path = `${ORIGIN}/${crypto.randomUUID()}`;
    try {
      return (await fetch(path, { method, ...(signal ? { signal } : {}) })).status;
    } catch (error) {
      if (error instanceof ProviderError) return { code: error.code, ambiguous: error.ambiguous };
      throw error;
    }
  };
  const times = async (count: number) => {
    for (let each = 0; each < count; each += 1) await ask();
  };
  return { ask, times, provider, clock };
}

describe('a provider that does not answer', () => {
  it('is sent one request each five seconds after five in a row; what is not sent is never ambiguous', async () => {
    const { ask, times, provider, clock } = rig();
    await times(BREAKS_AFTER - 1);
    expect(await ask('POST')).toEqual({ code: 'network', ambiguous: true });
    expect(await ask('POST')).toEqual({ code: 'not_answering', ambiguous: false });
    expect(provider.sent).toBe(BREAKS_AFTER);
    clock.now += PROBE_EVERY_MS;
    expect(await ask()).toEqual({ code: 'network', ambiguous: false });
    expect(await ask()).toEqual({ code: 'not_answering', ambiguous: false });
    expect(provider.sent).toBe(BREAKS_AFTER + 1);
  });

  it('is asked as before after any answer, a failure of its own too', async () => {
    const { ask, times, provider, clock } = rig();
    await times(BREAKS_AFTER);
    provider.silent = false;
    expect(await ask()).toEqual({ code: 'not_answering', ambiguous: false });
    clock.now += PROBE_EVERY_MS;
    expect([await ask(), await ask(), await ask('POST')]).toEqual([503, 503, 503]);
  });

  it('is not given up for failures that are not in a row, nor for callers who give up themselves, or after a time of their own', async () => {
    const { ask, times, provider } = rig();
    for (let round = 0; round < 3; round += 1) {
      provider.silent = true;
      await times(BREAKS_AFTER - 1);
      provider.silent = false;
      expect(await ask()).toBe(503);
    }
    provider.silent = true;
    const given = AbortSignal.abort();
    for (let each = 0; each < 2 * BREAKS_AFTER; each += 1)
      expect(await ask('POST', given)).toMatchObject({ code: 'aborted' });
    const patience = AbortSignal.abort(new DOMException('A page waits no longer.', 'TimeoutError'));
    for (let each = 0; each < 2 * BREAKS_AFTER; each += 1)
      expect(await ask(each % 2 ? 'POST' : 'GET', patience)).toMatchObject({ code: 'timeout' });
    expect(await ask()).toMatchObject({ code: 'network' });
  });

  it('is asked by all at once again after a minute in which nobody asked, and after a clock was set back', async () => {
    const { ask, times, provider, clock } = rig();
    await times(BREAKS_AFTER);
    clock.now += 61_000;
    provider.silent = false;
    expect(await Promise.all([ask(), ask(), ask()])).toEqual([503, 503, 503]);
    provider.silent = true;
    await times(BREAKS_AFTER);
    clock.now -= 20_000;
    expect(await ask()).toMatchObject({ code: 'network' });
    expect(await ask()).toMatchObject({ code: 'not_answering' });
  });

  it('counts as silent however the transport says so, and a refusal of the transport itself not at all', async () => {
    const said = { code: 'network' };
    const fetch = guardedFetch({
      ...{ connectionId: 'conn_a', origin: ORIGIN, memory: createHttpMemory(), now: () => 0 },
      fetch: async () => Promise.reject(new ProviderError('unavailable', said.code, 'It cannot be reached.')),
    });
    const code = () => fetch(`${ORIGIN}/${crypto.randomUUID()}`).catch((error: ProviderError) => error.code);
    said.code = 'address_refused';
    for (let each = 0; each < BREAKS_AFTER; each += 1) await code();
    expect(await code()).toBe('address_refused');
    said.code = 'network';
    for (let each = 0; each < BREAKS_AFTER; each += 1) await code();
    expect(await code()).toBe('not_answering');
  });

  it('uses up none of the writes of a minute', async () => {
    const { ask, times, provider, clock } = rig();
    await times(BREAKS_AFTER);
    for (let each = 0; each < 70; each += 1) expect(await ask('POST')).toMatchObject({ code: 'not_answering' });
    provider.silent = false;
    clock.now += PROBE_EVERY_MS;
    expect(await ask('POST')).toBe(503);
  });
});
