import { Lock, Pin, Snowflake } from 'lucide-react';
import { Badge } from '@/components/ui/badge';
import { RelativeTime } from '@/components/ui/relative-time';
import type { PinView } from '@/lib/deployments/model/view';

export const PIN_KINDS = {
  rollback: { label: 'Rolled back', icon: Pin },
  lock: { label: 'Locked', icon: Lock },
  freeze: { label: 'Frozen', icon: Snowflake },
} as const satisfies Record<PinView['kind'], { label: string; icon: typeof Pin }>;

/** One mark per pin; the reason and the person on hover and for screen readers. */
export function PinMarks({ pins }: { pins: readonly PinView[] }) {
  return pins.map((pin) => {
    const { label, icon: Icon } = PIN_KINDS[pin.kind];
    return (
      <span key={pin.id} title={`${pin.reason} (${pin.by})`} className="inline-flex">
        <Badge icon={<Icon aria-hidden />} variant="solid">
          {label}
          <span className="sr-only">
            {' '}
            by {pin.by}: {pin.reason}
          </span>
        </Badge>
      </span>
    );
  });
}

/** Who, since when, until when: the line under a pin. */
export function PinTerms({ pin }: { pin: PinView }) {
  return (
    <span className="text-xs text-ink-faint">
      {pin.by}, <RelativeTime at={pin.since} />
      {pin.until ? (
        <>
          , ends <RelativeTime at={pin.until} />
        </>
      ) : (
        ', until someone lifts it'
      )}
    </span>
  );
}
