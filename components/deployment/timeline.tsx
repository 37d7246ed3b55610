'use client';

import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Panel } from '@/components/ui/panel';
import { RelativeTime } from '@/components/ui/relative-time';
import { ToneDot } from '@/components/ui/tone';
import { STATUS_VIEW } from '@/lib/deployments/model/status';
import type { TimelineEntry } from '@/lib/deployments/model/view';

const FIRST = 25;

/** What happened, oldest first, each with who and when. */
export function Timeline({ entries }: { entries: readonly TimelineEntry[] }) {
  const [all, setAll] = useState(false);
  const hidden = all ? 0 : Math.max(0, entries.length - FIRST);
  return (
    <Panel title="What happened">
      {hidden > 0 ? (
        <Button size="sm" variant="quiet" className="mb-2 -ml-2" onClick={() => setAll(true)}>
          Show {hidden} earlier
        </Button>
      ) : null}
      <ol className="grid gap-0">
        {entries.slice(hidden).map((entry) => (
          <li
            key={entry.id}
            className="relative flex gap-3 pb-3.5 last:pb-0 [&:not(:last-child)]:before:absolute [&:not(:last-child)]:before:top-4 [&:not(:last-child)]:before:bottom-0 [&:not(:last-child)]:before:left-[3.5px] [&:not(:last-child)]:before:w-px [&:not(:last-child)]:before:bg-line"
          >
            <ToneDot tone={entry.toStatus ? STATUS_VIEW[entry.toStatus].tone : 'neutral'} className="h-5 shrink-0" />
            <div className="min-w-0 flex-1">
              <p className="wrap-anywhere text-sm">{entry.sentence}</p>
              <p className="text-xs text-ink-faint">
                {entry.toStatus ? <>{STATUS_VIEW[entry.toStatus].label} · </> : null}
                {entry.actorName} · <RelativeTime at={entry.at} />
              </p>
            </div>
          </li>
        ))}
      </ol>
    </Panel>
  );
}
