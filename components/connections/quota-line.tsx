import { ProgressBar } from '@/components/ui/progress-bar';
import { RelativeTime } from '@/components/ui/relative-time';
import type { Tone } from '@/components/ui/tone';
import type { QuotaView } from '@/lib/connections/model/view';

const figures = new Intl.NumberFormat('en');

function toneOf(quota: QuotaView): Tone {
  if (quota.blockedUntil || quota.remaining === 0) return 'bad';
  return quota.limit > 0 && quota.remaining / quota.limit < 0.2 ? 'warn' : 'good';
}

/** "4,812 of 5,000 left, reset in 32 min". */
export function QuotaText({ quota }: { quota: QuotaView }) {
  if (quota.blockedUntil) {
    return (
      <span className="text-bad">
        paused by the provider, goes on <RelativeTime at={quota.blockedUntil} />
      </span>
    );
  }
  if (quota.limit === 0) return <span className="text-ink-faint">no figure</span>;
  return (
    <span className="tabular-nums sm:whitespace-nowrap">
      {figures.format(quota.remaining)} of {figures.format(quota.limit)} left
      <span className="text-ink-faint">
        , reset <RelativeTime at={quota.resetAt} />
      </span>
    </span>
  );
}

/** One limit of the provider as a line with a bar. */
export function QuotaLine({ quota }: { quota: QuotaView }) {
  return (
    <li className="grid gap-1.5 px-4 py-2.5 text-sm">
      <span className="flex flex-wrap items-baseline justify-between gap-x-4">
        <span className="font-mono text-xs">{quota.resource}</span>
        <QuotaText quota={quota} />
      </span>
      {quota.limit > 0 ? (
        <ProgressBar
          label={`Requests left: ${quota.resource}`}
          fraction={quota.remaining / quota.limit}
          tone={toneOf(quota)}
          bare
        />
      ) : null}
    </li>
  );
}
