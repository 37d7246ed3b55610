import { ExternalLink } from 'lucide-react';
import { fitOf } from '@/components/deployments/deployment-row';
import { LookButton, type LookNow } from '@/components/matrix/look-button';
import { RollBackLink } from '@/components/roll-back/roll-back-link';
import { cn } from '@/components/ui/cn';
import { Link } from '@/components/ui/link';
import { Panel } from '@/components/ui/panel';
import { RelativeTime } from '@/components/ui/relative-time';
import { ToneIcon } from '@/components/ui/tone';
import type { NowView } from '@/lib/deployments/model/view';
import { withLabel } from '@/lib/targets/model/label';

/** Targets on which something else runs than what was deployed from here. */
export function DriftList({ drift, look }: { drift: NowView['drift']; look: LookNow }) {
  if (drift.length === 0) return null;
  return (
    <Panel
      title={`Drifted (${drift.length})`}
      description="Something else runs there than what was deployed from here."
      body="flush"
      className="border-bad/30"
    >
      <ul className="divide-y divide-line">
        {drift.map((each) => {
          const place = withLabel(each.environment, each.label);
          const where = `${each.component} in ${place}`;
          return (
            <li key={each.targetId} className="grid gap-0.5 px-4 py-2.5 text-sm">
              <span className="flex items-center gap-1.5">
                <ToneIcon tone="bad" />
                <Link
                  href={`/deploy/${each.targetId}`}
                  className={cn('min-w-0 rounded-sm font-medium hover:underline', fitOf(each.label))}
                >
                  {each.component} → {place}
                </Link>
                <span className="ml-auto flex shrink-0 items-center">
                  <LookButton targetId={each.targetId} where={where} look={look} />
                  <RollBackLink targetId={each.targetId} where={where} />
                </span>
              </span>
              <span className="wrap-anywhere text-ink-soft">{each.sentence}</span>
              <span className="flex items-center gap-2 text-xs text-ink-faint">
                seen <RelativeTime at={each.since} />
                {each.url ? (
                  <a href={each.url} target="_blank" rel="noreferrer" className="hover:underline">
                    Open it there
                    <ExternalLink aria-hidden className="ml-1 inline size-3 align-baseline" />
                  </a>
                ) : null}
              </span>
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}
