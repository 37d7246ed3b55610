'use client';

import { useCallback, useEffect, useMemo, useState } from 'react';
import type { AheadNews, GivenAhead } from '@/lib/gates/model/given-ahead';
import { keptInTab } from './kept-in-tab';

/** A yes that this person gave ahead, for exactly this content. Kept for this tab: proving who one is may lead away and back. */
export function useGivenAhead(personId: string, digest: string): [GivenAhead | null, (news: AheadNews) => void] {
  const [given, setGiven] = useState<GivenAhead | null>(null);
  const kept = useMemo(() => keptInTab(() => sessionStorage, personId, digest), [personId, digest]);
  useEffect(() => setGiven(kept.read()), [kept]);
  const tell = useCallback((news: AheadNews) => setGiven((before) => kept.after(before, news)), [kept]);
  return [given?.digest === digest ? given : null, tell];
}
