import { Panel } from '@/components/ui/panel';
import { formatUtc } from '@/components/ui/time-format';
import { ToneBadge } from '@/components/ui/tone';
import { namesOf } from '@/lib/status/model/feed';
import type { PublicMaintenance } from '@/lib/status/model/public';
import { MAINTENANCE_WORDS } from '@/lib/status/model/words';

/** Announced work: what, where, and when in UTC. */
export function MaintenanceArticle({ maintenance }: { maintenance: PublicMaintenance }) {
  const { id, title, text, state, from, to, places } = maintenance;
  const { label, tone } = MAINTENANCE_WORDS[state];
  return (
    <Panel
      id={id}
      title={<bdi>{`Maintenance: ${title}`}</bdi>}
      description={
        <>
          <time dateTime={from}>{formatUtc(Date.parse(from))}</time> to{' '}
          <time dateTime={to}>{formatUtc(Date.parse(to))}</time>
          {places.length > 0 ? ` · ${namesOf(places)}` : ''}
        </>
      }
      actions={
        <ToneBadge tone={tone} plain>
          {label}
        </ToneBadge>
      }
      className="scroll-mt-4"
    >
      <p className="max-w-prose whitespace-pre-line break-words text-sm">
        <bdi>{text}</bdi>
      </p>
    </Panel>
  );
}
