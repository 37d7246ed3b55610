import { describe, expect, test } from 'vitest';
import type { Serving } from '@/lib/providers/port';
import { isServed, isTaken, isUntouched, type Serve, servedObservation } from './serve';

const SERVE: Serve = { verb: 'promote', remoteId: 'b2', url: 'https://host.example/b2' };
const ref = (id: string) => ({ id, attempt: 1, url: '' });
const serving = (over: Partial<Serving> = {}): Serving => ({ ref: ref('b1'), change: null, held: null, ...over });
const change = (over: Partial<NonNullable<Serving['change']>> = {}): Serving['change'] => ({
  ...{ to: 'b2', kind: 'promote', state: 'going-on' },
  ...over,
});
const phase = (seen: Serving, askedMs = 5_000) => servedObservation(SERVE, seen, askedMs).phase;

describe('what a host serves decides how a promotion stands', () => {
  test('it is done when the build is served, and not before', () => {
    expect(phase(serving({ change: change() }))).toBe('deploying');
    expect(phase(serving({ ref: ref('b2'), change: change() })), 'still going on').toBe('deploying');
    expect(phase(serving({ ref: ref('b2'), change: change({ state: 'done' }) }))).toBe('done');
    expect(phase(serving({ ref: ref('b2') }))).toBe('done');
  });

  test('a host that could not do it, or was told another build since, ends it', () => {
    const failed = servedObservation(SERVE, serving({ change: change({ state: 'failed' }) }), 5_000);
    expect(failed).toMatchObject({ phase: 'failed', failure: { step: 'Serve the build' } });
    const other = serving({ ref: ref('b3'), change: change({ to: 'b3', state: 'done' }) });
    expect(phase(other, 5_000), 'what it says may be from before').toBe('deploying');
    expect(phase(other, 61_000)).toBe('failed');
  });

  test('a host that says nothing yet is waited for', () => {
    expect(phase(serving())).toBe('deploying');
    expect(phase(serving({ ref: null }), 120_000)).toBe('deploying');
    expect(phase(serving({ change: change({ state: 'done' }) }), 120_000), 'the request is there').toBe('deploying');
  });

  test('a host that tells of no change and serves another build after a minute has been told another one', () => {
    const seen = servedObservation(SERVE, serving({ ref: ref('b3') }), 61_000);
    expect(seen).toMatchObject({ phase: 'failed', failure: { sentence: expect.stringContaining('something else') } });
  });

  test('what is served is served already, unless the host is about to leave it', () => {
    expect(isServed({ remoteId: 'b1' }, serving())).toBe(true);
    expect(isServed({ remoteId: 'b2' }, serving())).toBe(false);
    expect(isServed({ remoteId: null }, serving({ ref: null }))).toBe(false);
    expect(isServed({ remoteId: 'b1' }, serving({ change: change() }))).toBe(false);
    expect(isServed({ remoteId: 'b1' }, serving({ change: change({ to: 'b1' }) }))).toBe(true);
  });

  test('after a lost answer, only what the host serves or is about to serve counts as taken', () => {
    expect(isTaken(SERVE, serving())).toBe(false);
    expect(isTaken(SERVE, serving({ change: change({ state: 'failed' }) }))).toBe(false);
    expect(isTaken(SERVE, serving({ change: change() }))).toBe(true);
    expect(isTaken(SERVE, serving({ ref: ref('b2') }))).toBe(true);
    expect(isTaken(SERVE, serving({ ref: ref('b3'), change: change({ state: 'done' }) }))).toBe(false);
  });
});

describe('after a lost answer, it is sent once more without asking anybody', () => {
  test.each([
    ['over what was served before the first request', 'b1', serving(), true],
    ['over nothing, as before', null, serving({ ref: null }), true],
    ['never over what a person put live meanwhile', 'b0', serving(), false],
    ['never while something is on its way', 'b1', serving({ change: change({ to: 'b3' }) }), false],
  ])('%s', (_what, before, seen, sent) => expect(isUntouched(before, seen)).toBe(sent));
});
