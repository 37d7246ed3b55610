import { cn } from '@/components/ui/cn';
import {
  DAY_LEVELS,
  type DayLevel,
  type DayUptime,
  dayNamed,
  LEVEL_WORDS,
  levelOf,
  type PublicUptime,
  percentOf,
} from '@/lib/status/model/uptime';

/** Height and colour say the same, so that neither is needed alone. Of 24. */
const LOOK: Readonly<Record<DayLevel, { height: number; fill: string }>> = {
  up: { height: 24, fill: 'fill-good' },
  thin: { height: 18, fill: 'fill-ink-faint' },
  slight: { height: 14, fill: 'fill-warn' },
  bad: { height: 9, fill: 'fill-bad' },
  none: { height: 3, fill: 'fill-line-strong' },
};
const STEP = 4;

/** "99.98 % up, measured on 88 of 90 days". */
export function uptimeInWords({ share, measuredDays, days }: PublicUptime): string {
  if (share === null) return 'Nothing was measured yet';
  return `${percentOf(share)} up, measured on ${measuredDays} of ${days.length} days`;
}

/** A bar a day, oldest first. A day without a measurement stays a gap. */
export function UptimeBars({ uptime, className }: { uptime: PublicUptime; className?: string }) {
  const { from, days } = uptime;
  return (
    <svg
      viewBox={`0 0 ${days.length * STEP - 1} 24`}
      preserveAspectRatio="none"
      role="img"
      aria-label={`${uptimeInWords(uptime)}, from ${from} to today`}
      className={cn('block h-6 w-full', className)}
    >
      {DAY_LEVELS.map((level) => (
        <path key={level} d={barsOf(days, level)} className={LOOK[level].fill} />
      ))}
    </svg>
  );
}

/** One path for all days of a level: a page of many places would have thousands of parts otherwise. */
function barsOf(days: readonly DayUptime[], level: DayLevel): string {
  const { height } = LOOK[level];
  const bar = (at: number) => `M${at * STEP} ${24 - height}h${STEP - 1}v${height}h${1 - STEP}z`;
  return days.map((day, at) => (levelOf(day) === level ? bar(at) : '')).join('');
}

/** The days that were not simply up, newest first, for whoever wants to know which. */
export function troubledDays({ from, days }: PublicUptime): { day: string; says: string }[] {
  return days
    .flatMap((day, at) => {
      const level = levelOf(day);
      if (day === null || level === 'up') return [];
      const [share, measured] = day;
      const rest = measured < 1 ? `, measured for ${Math.round(measured * 100)} % of the day` : '';
      return [{ day: dayNamed(from, at), says: `${percentOf(share)}: ${LEVEL_WORDS[level]}${rest}` }];
    })
    .reverse();
}
