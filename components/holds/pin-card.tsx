'use client';

import { PinOff } from 'lucide-react';
import { useAction } from '@/components/console/use-action';
import { PIN_KINDS } from '@/components/matrix/pin-mark';
import { Badge } from '@/components/ui/badge';
import { ConfirmButton } from '@/components/ui/confirm-button';
import { RelativeTime } from '@/components/ui/relative-time';
import type { PinEntry } from '@/lib/gates/model/view';
import { whatStarts } from '@/lib/gates/model/what-starts';
import { HeldBackList } from './held-back';
import type { HoldActions } from './hold-actions';
import { scopeInWords } from './scope-words';

function LiftButton({ pin, lift }: { pin: PinEntry; lift: HoldActions['lift'] }) {
  const lifting = useAction(lift);
  const where = scopeInWords(pin.scope);
  const starts = whatStarts(pin.heldBack).join(' ') || 'Nothing is deployed by this.';
  return (
    <ConfirmButton
      size="sm"
      icon={<PinOff aria-hidden />}
      disabledReason={pin.refusal}
      aria-label={`Lift: ${where}`}
      confirm={{
        title: `Let deployments through again: ${where}?`,
        description: `${pin.by.name} held it: ${pin.reason}. ${starts}`,
        confirmLabel: 'Lift',
        reason: { hint: 'Kept in the audit log.' },
      }}
      onConfirm={async ({ reason }) => {
        const done = await lifting.run({ pinId: pin.id, reason });
        return done.ok ? null : done.refusal.sentence;
      }}
    >
      Lift
    </ConfirmButton>
  );
}

function Resume({ steps }: { steps: readonly string[] }) {
  if (steps.length === 0) return null;
  return (
    <details className="text-sm">
      <summary className="w-fit rounded-sm text-xs text-ink-soft hover:text-ink pointer-coarse:py-2">
        What lifting it does
      </summary>
      <ol className="mt-1 grid list-decimal gap-0.5 pl-5 text-ink-soft">
        {steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
    </details>
  );
}

/** One hold: what, why, who, since and until when, what waits because of it, and the way to end it. */
export function PinCard({ pin, lift }: { pin: PinEntry; lift: HoldActions['lift'] }) {
  const { label, icon: Icon } = PIN_KINDS[pin.kind];
  return (
    <li className="grid gap-2 px-4 py-3">
      <div className="flex flex-wrap items-start gap-x-3 gap-y-1.5">
        <div className="grid min-w-0 flex-1 basis-56 gap-0.5">
          <h3 className="flex flex-wrap items-center gap-x-2 gap-y-1 text-sm font-medium">
            <Icon aria-hidden className="size-3.5 shrink-0 text-ink-faint" />
            <span className="min-w-0 wrap-anywhere">{scopeInWords(pin.scope)}</span>
            <Badge variant="solid">{label}</Badge>
          </h3>
          <p className="wrap-anywhere text-sm text-ink-soft">{pin.reason}</p>
          <p className="text-xs text-ink-faint">
            {pin.by.name}, since <RelativeTime at={pin.since} />
            {pin.until ? (
              <>
                , ends by itself <RelativeTime at={pin.until} className="font-medium text-ink-soft" />
              </>
            ) : (
              ', until somebody lifts it'
            )}
          </p>
        </div>
        <LiftButton pin={pin} lift={lift} />
      </div>
      <HeldBackList heldBack={pin.heldBack} />
      <Resume steps={pin.resume} />
    </li>
  );
}
