'use client';

import { useEffect } from 'react';

/** Takes the browser to the same page at the address that the console knows itself by; the fragment comes along. */
export function MoveTo({ origin }: { origin: string }) {
  useEffect(() => {
    const { pathname, search, hash } = window.location;
    window.location.replace(`${origin}${pathname}${search}${hash}`);
  }, [origin]);
  return (
    <p className="px-1 text-ink-soft">
      This console is at{' '}
      <a className="text-accent underline" href={origin}>
        {origin}
      </a>
      .
    </p>
  );
}
