import { Panel } from '@/components/ui/panel';
import { nameOf } from '@/lib/status/model/feed';
import type { PublicWhere } from '@/lib/status/model/public';
import type { PublicUptime } from '@/lib/status/model/uptime';
import { troubledDays, UptimeBars, uptimeInWords } from './uptime-bars';

interface Measured extends PublicWhere {
  uptime: PublicUptime;
}

/** Uptime of every place that is measured, by day. */
export function UptimeList({ places }: { places: readonly Measured[] }) {
  if (places.length === 0) return null;
  return (
    <Panel
      title="Uptime, by day"
      description="As our own probes saw it, in UTC. A full bar: up all day. Grey: less than half of the day was measured. A line: not measured at all."
      body="flush"
    >
      <ul className="divide-y divide-line">
        {places.map((place) => (
          <li key={nameOf(place)} className="grid gap-2 px-4 py-3">
            <div className="flex flex-wrap items-baseline justify-between gap-x-4">
              <h3 className="text-sm font-medium">{nameOf(place)}</h3>
              <p className="text-xs text-ink-soft tabular-nums">{uptimeInWords(place.uptime)}</p>
            </div>
            <UptimeBars uptime={place.uptime} />
            <TroubledDays uptime={place.uptime} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function TroubledDays({ uptime }: { uptime: PublicUptime }) {
  const days = troubledDays(uptime);
  if (days.length === 0) return null;
  return (
    <details className="text-xs text-ink-soft">
      <summary className="w-fit cursor-pointer py-0.5">
        {days.length === 1 ? '1 day that was not simply up' : `${days.length} days that were not simply up`}
      </summary>
      <ul className="mt-1 grid gap-0.5 tabular-nums">
        {days.map(({ day, says }) => (
          <li key={day}>
            {day}: {says}
          </li>
        ))}
      </ul>
    </details>
  );
}
