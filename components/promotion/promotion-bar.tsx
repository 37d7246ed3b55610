'use client';

import { Rocket } from 'lucide-react';
import { SubmitButton } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Notice } from '@/components/ui/notice';
import type { usePromotion } from './use-promotion';

/** Reason and the one button, always in sight; when it is off it says why. */
export function PromotionBar({ state }: { state: ReturnType<typeof usePromotion> }) {
  const { chosen, plan, blocked, reason, setReason, pending, refusal, fields } = state;
  const asks = (chosen?.policy.approvals ?? 0) > 0;
  const { name } = plan.target.environment;
  return (
    <section
      aria-label="Promote"
      className="sticky bottom-[calc(3.5rem+env(safe-area-inset-bottom))] z-20 -mx-3 grid gap-2 border-t border-line bg-canvas px-3 py-3 sm:-mx-4 sm:px-4 md:bottom-0 md:-mb-10 lg:-mx-6 lg:px-6"
    >
      {refusal ? <Notice tone="bad" live title={refusal.sentence} /> : null}
      {blocked ? (
        <p role="status" className="text-pretty text-sm text-ink-soft">
          {blocked}
        </p>
      ) : null}
      <div className="flex flex-wrap items-end gap-x-3 gap-y-2">
        <Field label="Reason (optional)" error={fields['reason']} className="min-w-0 flex-1 basis-64">
          <Input
            value={reason}
            maxLength={500}
            autoComplete="off"
            placeholder="Stands with the deployment, for everybody to read"
            onChange={(event) => setReason(event.target.value)}
          />
        </Field>
        <SubmitButton
          variant="primary"
          icon={<Rocket aria-hidden />}
          pending={pending}
          disabledReason={blocked}
          className="h-9 px-4 max-sm:w-full pointer-coarse:h-11"
        >
          {asks ? `Ask to promote to ${name}` : `Promote to ${name}`}
        </SubmitButton>
      </div>
    </section>
  );
}
