import { isValidElement, type ReactElement, Suspense } from 'react';
import { describe, expect, test } from 'vitest';
import { Fetched, fetched, NotFetched } from './fetched';

/** What the boundary draws after its part threw `error`. */
function drawn(error: unknown, over = false) {
  const boundary = new Fetched({ children: 'part', waiting: 'waiting', over });
  boundary.state = Fetched.getDerivedStateFromError(error);
  return boundary.render();
}

/** Fetches as React does, and answers what came or why nothing did. */
async function fetchOf({ Part }: ReturnType<typeof fetched>): Promise<unknown> {
  const { _payload, _init } = Part as unknown as { _payload: unknown; _init(payload: unknown): unknown };
  for (;;)
    try {
      return _init(_payload);
    } catch (thrown) {
      if (!(thrown instanceof Promise)) return thrown;
      await thrown.catch(() => undefined);
    }
}

describe('a part that is fetched later', () => {
  test('is drawn with what waits for it, and with the component once it has come', async () => {
    const boundary = new Fetched({ children: 'part', waiting: 'waiting' });
    const shown = boundary.render() as ReactElement<{ fallback: unknown; children: unknown }>;
    expect(shown.type).toBe(Suspense);
    expect(shown.props).toEqual({ fallback: 'waiting', children: 'part' });
    const Came = () => null;
    expect(await fetchOf(fetched(async () => Came))).toBe(Came);
  });

  test('that cannot be fetched leaves a notice in its place, or beside what opens it', async () => {
    const error = await fetchOf(fetched(() => Promise.reject(new Error('chunk 7 failed'))));
    expect(error).toBeInstanceOf(NotFetched);
    expect(isValidElement(drawn(error))).toBe(true);
    const over = drawn(error, true) as ReactElement<{ children: unknown[] }>;
    expect(over.props.children[0]).toBe('waiting');
  });

  test('that breaks while it is drawn breaks the page, as it would without the boundary', () => {
    const broken = new TypeError('x is not a function');
    expect(() => drawn(broken)).toThrow(broken);
  });

  test('may be fetched ahead without anybody being told that it failed', async () => {
    let asked = 0;
    const { warm } = fetched(async () => {
      asked += 1;
      throw new Error('offline');
    });
    expect(warm()).toBeUndefined();
    expect(asked).toBe(1);
  });
});
