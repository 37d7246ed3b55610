'use client';

import { Snowflake } from 'lucide-react';
import { type KeyboardEvent, useRef } from 'react';
import { cn } from '@/components/ui/cn';
import { type Bar, type Day, hoursOn, midnight } from './calendar-days';
import { windowInUtc } from './moment';

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;
const SHOWN = 3;
const STEPS: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

interface MonthGridProps {
  label: string;
  weeks: readonly Day[][];
  /** Milliseconds since the epoch. */
  now: number;
  selected: number;
  /** Midnight of the day; one outside the month turns the page. */
  onSelect: (day: Date) => void;
}

function isToday(day: Day, now: number): boolean {
  return midnight(new Date(now)).getTime() === day.at;
}

function NowLine({ now }: { now: number }) {
  return (
    <span className="flex items-center gap-1 text-2xs font-medium text-accent">
      <span className="shrink-0">
        now {new Date(now).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })}
      </span>
      <span aria-hidden className="h-px flex-1 bg-accent" />
    </span>
  );
}

function Chip({ day, bar, now }: { day: Day; bar: Bar; now: number }) {
  const active = bar.from <= now && now < bar.to;
  return (
    <span
      title={windowInUtc(new Date(bar.from).toISOString(), new Date(bar.to).toISOString())}
      className={cn(
        'flex min-w-0 items-center gap-1 rounded px-1 py-px text-2xs',
        active
          ? 'bg-busy-wash font-medium text-busy'
          : bar.to <= now
            ? 'bg-raised text-ink-faint'
            : 'bg-raised text-ink-soft',
      )}
    >
      <Snowflake aria-hidden className="size-2.5 shrink-0" />
      <span className="min-w-0 truncate">{bar.freeze.name}</span>
      <span className="ml-auto shrink-0 max-2xl:sr-only">{hoursOn(day, bar)}</span>
    </span>
  );
}

function DayContent({ day, now }: { day: Day; now: number }) {
  const today = isToday(day, now);
  const shown = day.bars.slice(0, SHOWN);
  const before = shown.filter((bar) => bar.from <= now);
  const after = shown.filter((bar) => bar.from > now);
  return (
    <>
      <span
        className={cn(
          'inline-flex h-5 min-w-5 self-start items-center justify-center rounded-full px-1 text-xs tabular-nums',
          today ? 'bg-accent font-medium text-accent-ink' : day.inMonth ? 'text-ink' : 'text-ink-faint',
        )}
      >
        {new Date(day.at).getDate()}
      </span>
      <span className="grid w-full min-w-0 gap-0.5">
        {before.map((bar) => (
          <Chip key={`${bar.freeze.id} ${bar.from}`} day={day} bar={bar} now={now} />
        ))}
        {today ? <NowLine now={now} /> : null}
        {after.map((bar) => (
          <Chip key={`${bar.freeze.id} ${bar.from}`} day={day} bar={bar} now={now} />
        ))}
        {day.bars.length > SHOWN ? (
          <span className="px-1 text-2xs text-ink-faint">{day.bars.length - SHOWN} more</span>
        ) : null}
      </span>
    </>
  );
}

interface DayButtonProps {
  day: Day;
  now: number;
  chosen: boolean;
  onSelect: MonthGridProps['onSelect'];
}

function DayButton({ day, now, chosen, onSelect }: DayButtonProps) {
  return (
    <button
      type="button"
      aria-pressed={chosen}
      aria-current={isToday(day, now) ? 'date' : undefined}
      tabIndex={chosen ? 0 : -1}
      onClick={() => onSelect(new Date(day.at))}
      className={cn(
        'flex h-full min-h-20 w-full min-w-0 flex-col gap-0.5 p-1 text-start -outline-offset-2 hover:bg-raised/60',
        !day.inMonth && 'bg-canvas',
        chosen && 'bg-accent-wash hover:bg-accent-wash',
      )}
    >
      <DayContent day={day} now={now} />
    </button>
  );
}

/** A month of days: arrow keys go from day to day, over the edge into the next month. */
export function MonthGrid({ label, weeks, now, selected, onSelect }: MonthGridProps) {
  const table = useRef<HTMLTableElement>(null);

  function onKey(event: KeyboardEvent) {
    const step = STEPS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    onSelect(midnight(new Date(selected), step));
    requestAnimationFrame(() => table.current?.querySelector<HTMLElement>('[aria-pressed="true"]')?.focus());
  }

  return (
    <table ref={table} aria-label={label} onKeyDown={onKey} className="h-px w-full table-fixed border-collapse">
      <thead>
        <tr>
          {WEEKDAYS.map((name) => (
            <th
              key={name}
              scope="col"
              className="h-7 border-b border-line px-1.5 text-start text-xs font-medium text-ink-faint"
            >
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {weeks.map((week) => (
          <tr key={week[0]?.at}>
            {week.map((day) => (
              <td key={day.at} className="h-px border-b border-l border-line p-0 align-top first:border-l-0">
                <DayButton day={day} now={now} chosen={day.at === selected} onSelect={onSelect} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
