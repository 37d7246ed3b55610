'use client';

import NextLink from 'next/link';
import { type ComponentProps, useState } from 'react';

/**
 * A link to a page of ours. What it leads to is fetched ahead once somebody is about to follow it (points at it, reaches it
 * by the keyboard or touches it), not whenever it is to be seen: a page with the rail beside it asked for 28 things ahead,
 * which cost the server several times what the page itself did. `prefetch={false}`: never ahead.
 * Source: https://nextjs.org/docs/app/guides/prefetching#hover-triggered-prefetch
 */
export function Link({
  prefetch = null,
  onMouseEnter,
  onTouchStart,
  onFocus,
  ...rest
}: ComponentProps<typeof NextLink>) {
  const [meant, setMeant] = useState(false);
  return (
    <NextLink
      {...rest}
      prefetch={meant ? prefetch : false}
      onMouseEnter={(event) => {
        setMeant(true);
        onMouseEnter?.(event);
      }}
      onTouchStart={(event) => {
        setMeant(true);
        onTouchStart?.(event);
      }}
      onFocus={(event) => {
        setMeant(true);
        onFocus?.(event);
      }}
    />
  );
}
