import { ExternalLink } from 'lucide-react';
import Link from 'next/link';
import { LookButton, type LookNow } from '@/components/matrix/look-button';
import { RollBackLink } from '@/components/roll-back/roll-back-link';
import { Panel } from '@/components/ui/panel';
import { RelativeTime } from '@/components/ui/relative-time';
import { ToneIcon } from '@/components/ui/tone';
import type { NowView } from '@/lib/deployments/model/view';

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
        {drift.map((each) => (
          <li key={each.targetId} className="grid gap-0.5 px-4 py-2.5 text-sm">
            <span className="flex items-center gap-1.5">
              <ToneIcon tone="bad" />
              <Link
                href={`/deploy/${each.targetId}`}
                className="min-w-0 truncate rounded-sm font-medium hover:underline"
              >
                {each.component} → {each.environment}
              </Link>
              <span className="ml-auto flex shrink-0 items-center">
                <LookButton targetId={each.targetId} where={`${each.component} in ${each.environment}`} look={look} />
                <RollBackLink targetId={each.targetId} where={`${each.component} in ${each.environment}`} />
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
        ))}
      </ul>
    </Panel>
  );
}
