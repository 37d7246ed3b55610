import { Snowflake } from 'lucide-react';
import { cn } from '@/components/ui/cn';
import { type Bar, type Day, hoursOn, midnight } from './calendar-days';
import { windowInUtc } from './moment';
import { scopeInWords } from './scope-words';

function Entry({ day, bar, now }: { day: Day; bar: Bar; now: number }) {
  const active = bar.from <= now && now < bar.to;
  return (
    <li>
      <a
        href={`#freeze-${bar.freeze.id}`}
        title={windowInUtc(new Date(bar.from).toISOString(), new Date(bar.to).toISOString())}
        className="flex min-w-0 items-start gap-2 rounded-md px-2 py-2 text-sm hover:bg-raised"
      >
        <Snowflake aria-hidden className={cn('mt-0.5 size-4 shrink-0', active ? 'text-busy' : 'text-ink-faint')} />
        <span className="grid min-w-0 flex-1">
          <span className={cn('wrap-anywhere font-medium', active && 'text-busy')}>
            {bar.freeze.name}
            {active ? ' (now)' : ''}
          </span>
          <span className="wrap-anywhere text-xs text-ink-faint">{scopeInWords(bar.freeze.scope)}</span>
        </span>
        <span className="shrink-0 text-xs text-ink-soft tabular-nums">{hoursOn(day, bar)}</span>
      </a>
    </li>
  );
}

/** What is frozen on one day. */
export function DayList({ day, now }: { day: Day; now: number }) {
  if (day.bars.length === 0) return <p className="px-2 py-1.5 text-sm text-ink-faint">Nothing is frozen.</p>;
  return (
    <ul className="grid gap-px">
      {day.bars.map((bar) => (
        <Entry key={`${bar.freeze.id} ${bar.from}`} day={day} bar={bar} now={now} />
      ))}
    </ul>
  );
}

export function dayInWords(at: number): string {
  return new Date(at).toLocaleDateString(undefined, { weekday: 'long', day: 'numeric', month: 'long' });
}

function NowLine() {
  return (
    <div className="flex items-center gap-2 py-1 text-xs font-medium text-accent">
      Today
      <span aria-hidden className="h-px flex-1 bg-accent" />
    </div>
  );
}

/** The days of a month that have something in them, with a line where today is: for narrow screens. */
export function Agenda({ days, now }: { days: readonly Day[]; now: number }) {
  const today = midnight(new Date(now)).getTime();
  const shown = days.filter((day) => day.inMonth && day.bars.length > 0);
  const showsToday = days.some((day) => day.inMonth && day.at === today);
  const first = shown.find((day) => day.at >= today);
  if (shown.length === 0)
    return <p className="px-1 py-4 text-center text-sm text-ink-soft">Nothing is frozen in this month.</p>;
  return (
    <div className="grid gap-2">
      {shown.map((day) => (
        <section key={day.at} aria-label={dayInWords(day.at)}>
          {showsToday && day === first ? <NowLine /> : null}
          <h3 className="px-2 text-xs font-medium text-ink-faint">{dayInWords(day.at)}</h3>
          <DayList day={day} now={now} />
        </section>
      ))}
      {showsToday && !first ? <NowLine /> : null}
    </div>
  );
}
