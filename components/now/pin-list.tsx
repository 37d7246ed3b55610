import { fitOf } from '@/components/deployments/deployment-row';
import { type LiftPin, LiftPinButton } from '@/components/matrix/lift-pin-button';
import { PIN_KINDS, PinTerms } from '@/components/matrix/pin-mark';
import { cn } from '@/components/ui/cn';
import { Link } from '@/components/ui/link';
import { Panel } from '@/components/ui/panel';
import type { NowView } from '@/lib/deployments/model/view';
import { withLabel } from '@/lib/targets/model/label';

/** What is held where it is, by whom and until when. */
export function PinList({ pins, lift }: { pins: NowView['pins']; lift: LiftPin }) {
  if (pins.length === 0) return null;
  return (
    <Panel
      title={`Held (${pins.length})`}
      body="flush"
      actions={
        <Link href="/holds" className="rounded-sm text-xs text-ink-soft hover:text-ink hover:underline">
          All holds
        </Link>
      }
    >
      <ul className="divide-y divide-line">
        {pins.map((pin) => {
          const { label, icon: Icon } = PIN_KINDS[pin.kind];
          const place = withLabel(pin.environment, pin.label);
          return (
            <li key={pin.id} className="grid gap-0.5 px-4 py-2.5 text-sm">
              <span className="flex items-center gap-1.5">
                <Icon aria-hidden className="size-3.5 shrink-0 text-ink-faint" />
                <Link
                  href={`/deploy/${pin.targetId}`}
                  className={cn('min-w-0 rounded-sm font-medium hover:underline', fitOf(pin.label))}
                >
                  {pin.component} → {place}
                </Link>
                <span className="ml-auto shrink-0 text-xs text-ink-soft">{label}</span>
              </span>
              <span className="text-pretty text-ink-soft">{pin.reason}</span>
              <span className="flex items-center justify-between gap-2">
                <PinTerms pin={pin} />
                <LiftPinButton pin={pin} where={`${pin.component} in ${place}`} lift={lift} />
              </span>
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}
