import { Hourglass } from 'lucide-react';
import { throughOf } from '@/components/deployment/through';
import { deploymentHref, RevisionMark } from '@/components/deployments/deployment-row';
import { StatusBadge } from '@/components/deployments/status-badge';
import { type LiftPin, LiftPinButton } from '@/components/matrix/lift-pin-button';
import { PinTerms } from '@/components/matrix/pin-mark';
import { Mono } from '@/components/ui/code';
import { Link } from '@/components/ui/link';
import { Facts, Panel } from '@/components/ui/panel';
import { RelativeTime } from '@/components/ui/relative-time';
import { formatSpan } from '@/components/ui/time-format';
import type { ComposerStart } from '@/lib/deployments/model/view';
import { MODE_WORDS } from '@/lib/rendering/model/mode';
import { withLabel } from '@/lib/targets/model/label';

function LiveNow({ current }: { current: ComposerStart['current'] }) {
  if (!current) return <span className="text-ink-faint">nothing yet</span>;
  return (
    <>
      <RevisionMark revision={current.revision} />
      <span className="block text-xs text-ink-faint">
        <Link
          href={deploymentHref(current)}
          className="underline decoration-line-strong underline-offset-3 hover:decoration-current"
        >
          #{current.number}
        </Link>{' '}
        by {current.requestedBy.name}, <RelativeTime at={current.finishedAt ?? current.requestedAt} />
      </span>
    </>
  );
}

function Held({ start, lift }: { start: ComposerStart; lift: LiftPin }) {
  const where = `${start.target.component.name} in ${withLabel(start.target.environment.name, start.target.label)}`;
  return (
    <ul className="grid gap-1.5">
      {start.pins.map((pin) => (
        <li key={pin.id} className="grid gap-0.5">
          <span className="break-words">{pin.reason}</span>
          <PinTerms pin={pin} />
          <span>
            <LiftPinButton pin={pin} where={where} lift={lift} />
          </span>
        </li>
      ))}
    </ul>
  );
}

/** What is there before anything is sent: live now, usual length, through whom. */
function SummaryPanel({ start, lift }: { start: ComposerStart; lift: LiftPin }) {
  const { current, usual, provider, settings, pins, rendering } = start;
  return (
    <Panel title="Target">
      <Facts
        items={[
          { name: 'Live now', value: <LiveNow current={current} /> },
          {
            name: 'Usually',
            value: usual ? (
              `${formatSpan(usual.p50Ms)}, nine in ten within ${formatSpan(usual.p90Ms)}`
            ) : (
              <span className="text-ink-faint">not known before three successes</span>
            ),
          },
          ...(rendering
            ? [{ name: 'Renders as', value: `${MODE_WORDS[rendering].short}, ${MODE_WORDS[rendering].means}` }]
            : []),
          ...(pins.length > 0 ? [{ name: 'Held', value: <Held start={start} lift={lift} /> }] : []),
          { name: 'Through', value: throughOf(provider) },
          ...(settings.repository
            ? [{ name: 'Repository', value: <Mono className="break-all">{settings.repository}</Mono> }]
            : []),
          ...(settings.workflow
            ? [{ name: 'Workflow', value: <Mono className="break-all">{settings.workflow}</Mono> }]
            : []),
        ]}
      />
    </Panel>
  );
}

/** Others on their way to the same target; a new one waits behind them. */
function InFlightPanel({ start }: { start: ComposerStart }) {
  const { inFlight, target } = start;
  if (inFlight.length === 0) return null;
  return (
    <Panel
      title={`On the way to ${target.environment.name}`}
      description="A new deployment waits its turn behind these."
      body="flush"
    >
      <ul className="divide-y divide-line">
        {inFlight.map((each) => (
          <li key={each.id} className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1 px-4 py-2 text-sm">
            <Hourglass aria-hidden className="size-3.5 shrink-0 text-ink-faint" />
            <Link href={deploymentHref(each)} className="font-medium hover:underline">
              #{each.number}
            </Link>
            <StatusBadge status={each.status} plain />
            <span className="ml-auto text-xs text-ink-faint">
              {each.requestedBy.name}, <RelativeTime at={each.requestedAt} />
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** The target and what is on its way to it. */
export function ComposerAside({ start, lift }: { start: ComposerStart; lift: LiftPin }) {
  return (
    <div className="grid min-w-0 gap-4">
      <SummaryPanel start={start} lift={lift} />
      <InFlightPanel start={start} />
    </div>
  );
}
