'use client';

import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { useLiveQuery } from '@/components/live/use-live-query';
import { Button, IconButton } from '@/components/ui/button';
import { Panel } from '@/components/ui/panel';
import { Skeleton } from '@/components/ui/skeleton';
import { useNow } from '@/components/ui/ticking';
import type { HoldsView } from '@/lib/gates/model/view';
import { queryKeys } from '@/lib/realtime/protocol';
import { Agenda, DayList, dayInWords } from './agenda';
import { barsOf, gridSpan, midnight, monthOf, weeksOf } from './calendar-days';
import { MonthGrid } from './month-grid';

/** The windows of the six weeks around a month, live. */
function useWindows(month: Date) {
  const { from, to } = gridSpan(month);
  const span = new URLSearchParams({ from: from.toISOString(), to: to.toISOString() });
  return useLiveQuery<HoldsView>({
    queryKey: [...queryKeys.holds, from.toISOString()],
    path: `/api/v1/holds?${span}`,
  });
}

interface TurnProps {
  month: Date;
  onTurn: (months: number) => void;
  onToday: () => void;
}

function Turn({ month, onTurn, onToday }: TurnProps) {
  return (
    <>
      <Button size="sm" variant="quiet" onClick={onToday}>
        Today
      </Button>
      <IconButton size="sm" label="Earlier month" icon={<ChevronLeft aria-hidden />} onClick={() => onTurn(-1)} />
      <span aria-live="polite" className="min-w-28 text-center text-sm font-medium">
        {month.toLocaleDateString(undefined, { month: 'long', year: 'numeric' })}
      </span>
      <IconButton size="sm" label="Later month" icon={<ChevronRight aria-hidden />} onClick={() => onTurn(1)} />
    </>
  );
}

function Loaded({ now }: { now: number }) {
  const today = midnight(new Date(now));
  const [selected, setSelected] = useState(today);
  const month = monthOf(selected);
  const { data, error } = useWindows(month);
  const weeks = weeksOf(month, data ? barsOf(data) : []);
  const days = weeks.flat();
  const day = days.find((each) => each.at === selected.getTime());
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <Panel
      title="Freeze calendar"
      description={zone === 'UTC' ? 'Times of UTC' : `Times of ${zone}; UTC on hover`}
      actions={
        <Turn
          month={month}
          onTurn={(months) => setSelected(monthOf(month, months))}
          onToday={() => setSelected(today)}
        />
      }
      body="flush"
    >
      {error && !data ? <p className="p-4 text-sm text-bad">{error.message}</p> : null}
      <div className="max-md:hidden">
        <MonthGrid
          label={`Freezes, ${month.toLocaleDateString(undefined, { month: 'long', year: 'numeric' })}`}
          weeks={weeks}
          now={now}
          selected={selected.getTime()}
          onSelect={setSelected}
        />
        {day ? (
          <section aria-label="The chosen day" className="border-t border-line p-2">
            <h3 aria-live="polite" className="px-2 py-1 text-xs font-medium text-ink-soft">
              {dayInWords(day.at)}
            </h3>
            <DayList day={day} now={now} />
          </section>
        ) : null}
      </div>
      <div className="p-2 md:hidden">
        <Agenda days={days} now={now} />
      </div>
    </Panel>
  );
}

/** Frozen and coming, month by month: a grid on a desk, a list on a phone. */
export function FreezeCalendar() {
  // The days are those of the viewer's zone, which only the browser knows.
  const now = useNow('half-minute');
  return now === null ? <Skeleton className="h-112 rounded-lg" /> : <Loaded now={now} />;
}
