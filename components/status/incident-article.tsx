import { Panel } from '@/components/ui/panel';
import { RelativeTime } from '@/components/ui/relative-time';
import { ToneBadge } from '@/components/ui/tone';
import { nameOf, namesOf } from '@/lib/status/model/feed';
import type { PublicIncident, PublicUpdate } from '@/lib/status/model/public';
import { IMPACT_WORDS, INCIDENT_WORDS } from '@/lib/status/model/words';

/** One incident with everything that was said about it, newest first. */
export function IncidentArticle({ incident }: { incident: PublicIncident }) {
  const { id, title, impact, resolvedAt, startedAt, places, release, updates } = incident;
  const words = IMPACT_WORDS[impact];
  return (
    <Panel
      id={id}
      title={<bdi>{title}</bdi>}
      description={
        <>
          {places.length > 0 ? `${namesOf(places)} · ` : ''}since <RelativeTime at={startedAt} />
          {resolvedAt ? (
            <>
              , over <RelativeTime at={resolvedAt} />
            </>
          ) : null}
        </>
      }
      actions={
        <ToneBadge tone={resolvedAt ? 'neutral' : words.tone} plain>
          {words.label}
        </ToneBadge>
      }
      className="scroll-mt-4"
    >
      <ol className="grid gap-3">
        {updates.map((update) => (
          <Update key={update.id} update={update} />
        ))}
      </ol>
      {release ? (
        <p className="mt-3 border-t border-line pt-2 text-xs text-ink-soft">
          Released before it: {nameOf(release)} <code>{release.version}</code>, live since{' '}
          <RelativeTime at={release.at} />
        </p>
      ) : null}
    </Panel>
  );
}

function Update({ update: { state, text, at } }: { update: PublicUpdate }) {
  const { label, tone } = INCIDENT_WORDS[state];
  return (
    <li className="grid gap-0.5">
      <div className="flex flex-wrap items-center gap-x-3">
        <ToneBadge tone={tone} plain>
          {label}
        </ToneBadge>
        <RelativeTime at={at} className="text-xs text-ink-faint" />
      </div>
      <p className="max-w-prose whitespace-pre-line break-words text-sm">
        <bdi>{text}</bdi>
      </p>
    </li>
  );
}
