'use client';

import { PinOff } from 'lucide-react';
import { useState } from 'react';
import { useAction } from '@/components/console/use-action';
import { Button } from '@/components/ui/button';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
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
  const [open, setOpen] = useState(false);
  const lifting = useAction(lift);
  return (
    <>
      <Button
        size="sm"
        variant="quiet"
        icon={<PinOff aria-hidden />}
        aria-label={`Lift the pin of ${where}`}
        onClick={() => setOpen(true)}
      >
        Lift
      </Button>
      {open ? (
        <ConfirmDialog
          open
          onOpenChange={setOpen}
          title={`Let deployments of ${where} through again?`}
          description={`${pin.by} held it: ${pin.reason}. Nothing is deployed by this, but what waits in the queue goes on.`}
          confirmLabel="Lift the pin"
          error={lifting.refusal?.sentence}
          onConfirm={async () => {
            if (await lifting.run({ pinId: pin.id })) setOpen(false);
          }}
        />
      ) : null}
    </>
  );
}
