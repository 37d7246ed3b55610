'use client';

import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import type { DeploymentDetail } from '@/lib/deployments/model/view';
import type { Refusal } from '@/lib/kernel/errors';
import type { VerbId } from './action-plan';
import { confirmationOf } from './confirmations';

interface PressDialogProps {
  id: VerbId;
  deployment: DeploymentDetail;
  verb: { pending: boolean; refusal: Refusal | null };
  disabledReason: string | null;
  onClose: () => void;
  onConfirm: () => Promise<void>;
}

/** What follows from a press, before it is done. */
export function PressDialog({ id, deployment, verb, disabledReason, onClose, onConfirm }: PressDialogProps) {
  const { title, consequences, confirmLabel, tone } = confirmationOf(id, deployment);
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={title}
      description={consequences[0]}
      confirmLabel={confirmLabel}
      tone={tone}
      pending={verb.pending}
      disabledReason={disabledReason}
      error={verb.refusal?.sentence}
      onConfirm={onConfirm}
    >
      {consequences.slice(1).map((sentence) => (
        <p key={sentence} className="text-sm text-ink-soft">
          {sentence}
        </p>
      ))}
    </ConfirmDialog>
  );
}
