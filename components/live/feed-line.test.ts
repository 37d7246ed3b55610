import { QueryClient } from '@tanstack/react-query';
import { afterEach, expect, test, vi } from 'vitest';
import { followFeed } from './feed-line';

afterEach(() => vi.unstubAllGlobals());

/** The browser's stream, by hand. */
class Source extends EventTarget {
  static last: Source;
  static readonly CLOSED = 2;
  readonly readyState = 1;
  onopen?: () => void;
  constructor() {
    super();
    Source.last = this;
  }
  close() {}
}

test('a page says that it is degraded while the database is away, and asks for everything once it is back', () => {
  vi.stubGlobal('EventSource', Source);
  vi.stubGlobal('document', { hidden: false, addEventListener: () => {}, removeEventListener: () => {} });
  const client = new QueryClient();
  const asked = vi.spyOn(client, 'invalidateQueries');
  const states: string[] = [];
  const stop = followFeed(client, (state) => states.push(state));
  Source.last.onopen?.();
  asked.mockClear();
  Source.last.dispatchEvent(new Event('away'));
  expect([states.at(-1), asked.mock.calls.length]).toEqual(['degraded', 0]);
  Source.last.dispatchEvent(new Event('back'));
  expect([states.at(-1), asked.mock.calls.length]).toEqual(['live', 1]);
  stop();
});
