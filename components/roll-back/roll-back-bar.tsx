'use client';

import { Undo2 } from 'lucide-react';
import { SubmitButton } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Notice } from '@/components/ui/notice';
import type { useRollBack } from './use-roll-back';

/** Reason and the one button, always in sight; when it is off it says why and who can change that. */
export function RollBackBar({ state }: { state: ReturnType<typeof useRollBack> }) {
  const { chosen, blocked, reason, setReason, pending, refusal, fields } = state;
  const missing = reason.trim().length < 3 ? 'Say why in a few words first.' : null;
  const asks = (chosen?.policy.approvals ?? 0) > 0;
  return (
    <section
      aria-label="Roll back"
      className="sticky bottom-[calc(3.5rem+env(safe-area-inset-bottom))] z-20 -mx-3 grid gap-2 border-t border-line bg-canvas px-3 py-3 sm:-mx-4 sm:px-4 md:bottom-0 md:-mb-10 lg:-mx-6 lg:px-6"
    >
      {refusal ? <Notice tone="bad" live title={refusal.sentence} /> : null}
      {blocked ? (
        <p role="status" className="text-pretty text-sm text-ink-soft">
          {blocked}
        </p>
      ) : null}
      <div className="flex flex-wrap items-end gap-x-3 gap-y-2">
        <Field label="Reason" required error={fields['reason']} className="min-w-0 flex-1 basis-64">
          <Input
            value={reason}
            maxLength={500}
            autoComplete="off"
            placeholder="Stands with the hold, for everybody to read"
            onChange={(event) => setReason(event.target.value)}
          />
        </Field>
        <SubmitButton
          variant="danger"
          icon={<Undo2 aria-hidden />}
          pending={pending}
          disabledReason={blocked ?? missing}
          className="h-9 px-4 max-sm:w-full pointer-coarse:h-11"
        >
          {asks ? 'Ask to roll back and hold' : 'Roll back and hold'}
        </SubmitButton>
      </div>
    </section>
  );
}
