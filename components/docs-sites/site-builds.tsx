import { Mono } from '@/components/ui/code';
import { Panel } from '@/components/ui/panel';
import { RelativeTime } from '@/components/ui/relative-time';
import { ToneBadge } from '@/components/ui/tone';
import type { Site } from '@/lib/providers/port';

/** What the provider built last from the branch, newest first. */
export function SiteBuilds({ builds }: { builds: Site['builds'] }) {
  return (
    <Panel title="Last builds" body="flush">
      <ul className="divide-y divide-line">
        {builds.map((build) => (
          <li
            key={`${build.at} ${build.sha}`}
            className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2 text-sm"
          >
            <ToneBadge tone={toneOf(build)} plain>
              {build.state}
            </ToneBadge>
            {build.sha ? <Mono>{build.sha.slice(0, 7)}</Mono> : null}
            <RelativeTime at={build.at} className="text-ink-faint" />
            {build.by ? <span className="text-ink-faint">by {build.by}</span> : null}
            {build.error ? <p className="basis-full wrap-anywhere text-ink-soft">{build.error}</p> : null}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function toneOf({ failed, state }: Site['builds'][number]) {
  if (failed) return 'bad';
  return state === 'built' ? 'good' : 'busy';
}
