'use client';

import { useEffect, useState } from 'react';

/** For browsers that do not say when they are idle. */
const SOON_MS = 200;

/** False until the page has come alive and the browser has nothing better to do: the time to fetch what may wait. */
export function useIdle(): boolean {
  const [idle, setIdle] = useState(false);
  useEffect(() => {
    const ready = () => setIdle(true);
    if (typeof requestIdleCallback !== 'function') {
      const timer = setTimeout(ready, SOON_MS);
      return () => clearTimeout(timer);
    }
    const handle = requestIdleCallback(ready, { timeout: 2000 });
    return () => cancelIdleCallback(handle);
  }, []);
  return idle;
}
