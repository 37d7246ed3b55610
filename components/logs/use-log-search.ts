'use client';

import { useDeferredValue, useMemo, useState } from 'react';
import type { LogLine } from './line';
import { findMatches, type Match } from './search';

export interface LogSearch {
  query: string;
  /** What the matches belong to; a beat behind `query`. */
  needle: string;
  setQuery: (query: string) => void;
  matches: readonly Match[];
  /** There are more than are counted. */
  more: boolean;
  /** Which one is marked, from 0; -1 when there is none. */
  at: number;
  current: Match | null;
  /** Moves round and answers where it went. */
  move: (by: 1 | -1) => Match | null;
}

/** Search over a log; typing stays quick because the search follows a beat behind. */
export function useLogSearch(lines: readonly LogLine[]): LogSearch {
  const [query, setQuery] = useState('');
  const [wanted, setWanted] = useState(0);
  const needle = useDeferredValue(query);
  const { matches, more } = useMemo(() => findMatches(lines, needle), [lines, needle]);
  const at = matches.length === 0 ? -1 : Math.min(wanted, matches.length - 1);

  return {
    query,
    needle,
    setQuery: (next) => {
      setQuery(next);
      setWanted(0);
    },
    matches,
    more,
    at,
    current: matches[at] ?? null,
    move: (by) => {
      if (matches.length === 0) return null;
      const next = (at + by + matches.length) % matches.length;
      setWanted(next);
      return matches[next] ?? null;
    },
  };
}
