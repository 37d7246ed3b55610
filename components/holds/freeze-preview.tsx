'use client';

import { useDeferredValue } from 'react';
import { useNow } from '@/components/ui/ticking';
import { freezeSays } from '@/lib/gates/model/freeze-words';
import { type FreezeTimes, problemOfTimes, windowsOf } from '@/lib/gates/model/windows';
import { windowInUtc, windowInWords } from './moment';

const SHOWN = 4;
const SPANS = [40, 400, 8 * 366].map((days) => days * 86_400_000);

function coming(times: FreezeTimes, now: number) {
  for (const span of SPANS) {
    const windows = windowsOf(times, now, now + span);
    if (windows.length >= SHOWN || span === SPANS.at(-1)) return windows.slice(0, SHOWN);
  }
  return [];
}

/** What is typed, read back: in words, and the next times at which it would hold, in the viewer's zone. */
export function FreezePreview({ times }: { times: FreezeTimes }) {
  const now = useNow('half-minute') ?? Date.now();
  const shown = useDeferredValue(times);
  const problem = problemOfTimes(shown, now);
  if (problem) return <p className="text-sm text-ink-soft">{problem.sentence}</p>;
  if (shown.durationMinutes < 5) return <p className="text-sm text-ink-soft">Enter how long it lasts.</p>;
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <>
      <p className="wrap-anywhere text-sm font-medium">{freezeSays(shown)}</p>
      <ol className="grid gap-0.5 text-sm text-ink-soft">
        {coming(shown, now).map(({ from, to }) => {
          const [begins, ends] = [new Date(from).toISOString(), new Date(to).toISOString()];
          return (
            <li key={from} title={windowInUtc(begins, ends)} className="tabular-nums">
              {windowInWords(begins, ends)}
            </li>
          );
        })}
      </ol>
      {zone === 'UTC' ? null : <p className="text-xs text-ink-faint">Times of {zone}; UTC on hover.</p>}
    </>
  );
}
