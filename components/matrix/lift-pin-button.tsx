'use client';

import { PinOff } from 'lucide-react';
import { useAction } from '@/components/console/use-action';
import { ConfirmButton } from '@/components/ui/confirm-button';
import type { PinView } from '@/lib/deployments/model/view';
import type { Action } from '@/lib/kernel/result';

export type LiftPin = Action<{ pinId: string }, { lifted: boolean }>;

interface LiftPinButtonProps {
  pin: PinView;
  /** "Backend in Production". */
  where: string;
  lift: LiftPin;
}

/** Lets deployments through again; asks first, because somebody held them for a reason. */
export function LiftPinButton({ pin, where, lift }: LiftPinButtonProps) {
  const lifting = useAction(lift);
  return (
    <ConfirmButton
      size="sm"
      variant="quiet"
      icon={<PinOff aria-hidden />}
      aria-label={`Lift the pin of ${where}`}
      confirm={{
        title: `Let deployments of ${where} through again?`,
        description: `${pin.by} held it: ${pin.reason}. Nothing is deployed by this, but what waits in the queue goes on.`,
        confirmLabel: 'Lift the pin',
      }}
      onConfirm={async () => {
        const done = await lifting.run({ pinId: pin.id });
        return done.ok ? null : done.refusal.sentence;
      }}
    >
      Lift
    </ConfirmButton>
  );
}
