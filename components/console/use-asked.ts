'use client';

import { useSearchParams } from 'next/navigation';
import { useEffect, useEffectEvent } from 'react';
import { withoutParameters } from './address';

/**
 * Calls `onAsk` when the address says `?name=value`, as links of other pages and of the palette do, and takes that out of
 * the address at once, with what `along` names: a reload, or the way back, must not open the same form again.
 */
export function useAsked(name: string, value: string, onAsk: () => void, along: readonly string[] = []): void {
  const asked = useSearchParams().get(name) === value;
  const answer = useEffectEvent(() => {
    window.history.replaceState(null, '', withoutParameters(window.location.href, [name, ...along]));
    onAsk();
  });
  useEffect(() => {
    if (asked) answer();
  }, [asked]);
}
