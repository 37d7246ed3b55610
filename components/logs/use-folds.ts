'use client';

import { useMemo, useState } from 'react';
import type { LogLine } from './line';

/** Which groups are folded, by the number of their headline. */
export function useFolds(lines: readonly LogLine[]) {
  const [folded, setFolded] = useState<ReadonlySet<number>>(new Set());
  const groups = useMemo(() => lines.filter((line) => line.kind === 'group').map((line) => line.number), [lines]);

  function toggle(number: number) {
    setFolded((old) => {
      const next = new Set(old);
      if (!next.delete(number)) next.add(number);
      return next;
    });
  }

  return { folded, groups, toggle, foldAll: () => setFolded(folded.size > 0 ? new Set() : new Set(groups)) };
}
