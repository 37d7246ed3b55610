'use client';

import { useLiveQuery } from '@/components/live/use-live-query';
import { RelativeTime } from '@/components/ui/relative-time';
import { type Tone, ToneBadge } from '@/components/ui/tone';
import { RATING_WORDS, rateVital, VITALS, type VitalRating, type VitalsView } from '@/lib/observability/model/vitals';
import { queryKeys } from '@/lib/realtime/protocol';
import { Unread } from './unread';

const TONES: Readonly<Record<VitalRating, Tone>> = { good: 'good', 'needs-improvement': 'warn', poor: 'bad' };

/** What the host measured of those who visit. Nothing where its provider measures none. */
export function VitalsPanel({ targetId, where }: { targetId: string; where: string }) {
  const { data, error } = useLiveQuery<VitalsView | null>({
    queryKey: queryKeys.vitals(targetId),
    path: `/api/v1/targets/${encodeURIComponent(targetId)}/vitals`,
  });
  if (!data) return <Unread what={`Web Vitals of ${where}`} error={error} />;
  return <VitalsParts where={where} vitals={data} />;
}

/** The same for what was read. */
export function VitalsParts({ where, vitals }: { where: string; vitals: VitalsView }) {
  const { by, days, figures, problem, readAt } = vitals;
  const says = problem?.sentence ?? figures?.none?.sentence ?? null;
  return (
    <section aria-label={`Web Vitals of ${where}`} className="grid gap-1.5 border-t border-line pt-3 *:min-w-0">
      <p className="text-xs font-medium text-ink-soft">Web Vitals</p>
      {says ? <p className={`text-xs ${problem ? 'text-warn' : 'text-ink-soft'}`}>{says}</p> : null}
      {figures && !figures.none ? (
        <>
          <dl className="grid gap-1 text-xs">
            {VITALS.map((each) => (
              <Vital key={each.key} spec={each} figure={figures[each.key]} />
            ))}
          </dl>
          <p className="text-xs text-ink-faint">
            Three of four visits to {figures.of} were no worse, by {by}, in the last {days} days; read{' '}
            <RelativeTime at={readAt} />.
          </p>
        </>
      ) : null}
    </section>
  );
}

function Vital({ spec, figure }: { spec: (typeof VITALS)[number]; figure: number | null }) {
  const rating = figure === null ? null : rateVital(spec, figure);
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-x-2">
      <dt>
        <abbr title={spec.name} className="no-underline">
          {spec.short}
        </abbr>
      </dt>
      <dd className="flex flex-wrap items-center gap-x-2">
        {figure === null || rating === null ? (
          <span className="text-ink-faint">not measured</span>
        ) : (
          <>
            <span className="tabular-nums">{spec.write(figure)}</span>
            <ToneBadge tone={TONES[rating]} plain>
              {RATING_WORDS[rating]}
            </ToneBadge>
          </>
        )}
      </dd>
    </div>
  );
}
