import type { ReactNode } from 'react';
import { SubmitButton } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Notice } from '@/components/ui/notice';
import type { ChosenState } from './use-chosen';

interface ChosenBarProps {
  state: Pick<ChosenState, 'blocked' | 'reason' | 'setReason' | 'pending' | 'refusal' | 'fields'>;
  /** What the bar is for, to a screen reader. */
  label: string;
  /** Where the reason will stand. */
  placeholder: string;
  /** Without one nothing is sent. */
  needsReason: boolean;
  variant: 'primary' | 'danger';
  icon: ReactNode;
  children: string;
}

/** Reason and the one button, always in sight; when it is off it says why and who can change that. */
export function ChosenBar({ state, label, placeholder, needsReason, variant, icon, children }: ChosenBarProps) {
  const { blocked, reason, setReason, pending, refusal, fields } = state;
  const missing = needsReason && reason.trim().length < 3 ? 'Say why in a few words first.' : null;
  return (
    <section
      aria-label={label}
      className="sticky bottom-[calc(3.5rem+env(safe-area-inset-bottom))] z-20 -mx-3 grid gap-2 border-t border-line bg-canvas px-3 py-3 sm:-mx-4 sm:px-4 md:bottom-0 md:-mb-10 lg:-mx-6 lg:px-6"
    >
      {refusal ? <Notice tone="bad" live title={refusal.sentence} /> : null}
      {blocked ? (
        <p role="status" className="text-pretty text-sm text-ink-soft">
          {blocked}
        </p>
      ) : null}
      <div className="flex flex-wrap items-end gap-x-3 gap-y-2">
        <Field label="Reason" required={needsReason} error={fields['reason']} className="min-w-0 flex-1 basis-64">
          <Input
            value={reason}
            maxLength={500}
            autoComplete="off"
            placeholder={placeholder}
            onChange={(event) => setReason(event.target.value)}
          />
        </Field>
        <SubmitButton
          variant={variant}
          icon={icon}
          pending={pending}
          disabledReason={blocked ?? missing}
          className="h-9 px-4 max-sm:w-full pointer-coarse:h-11"
        >
          {children}
        </SubmitButton>
      </div>
    </section>
  );
}
