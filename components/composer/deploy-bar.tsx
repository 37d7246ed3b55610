'use client';

import { Rocket, ThumbsUp } from 'lucide-react';
import { SubmitButton } from '@/components/ui/button';
import { Kbd } from '@/components/ui/kbd';
import { Notice } from '@/components/ui/notice';
import { formatSpan } from '@/components/ui/time-format';
import type { ComposerPlan, ComposerStart } from '@/lib/deployments/model/view';
import type { Refusal } from '@/lib/kernel/errors';

interface DeployBarProps {
  start: ComposerStart;
  plan: ComposerPlan | null;
  /** Why it cannot be pressed and who can lift that. */
  reason: string | null;
  pending: boolean;
  /** What the last press was answered. */
  refusal: Refusal | null;
  /** How many fields need another look after a press. */
  problems: number;
}

function effect(start: ComposerStart, plan: ComposerPlan | null): string {
  const parts: string[] = [];
  if (plan?.comparison) {
    const { totalIncluded, totalLeaving } = plan.comparison;
    if (totalIncluded > 0) parts.push(`${totalIncluded} ${totalIncluded === 1 ? 'commit' : 'commits'} in`);
    if (totalLeaving > 0) parts.push(`${totalLeaving} out`);
    if (totalIncluded + totalLeaving === 0) parts.push('the same commit again');
  }
  const { approvals } = (plan ?? start).policy;
  if (approvals > 0) parts.push(`needs ${approvals} ${approvals === 1 ? 'approval' : 'approvals'}`);
  if (start.usual) parts.push(`usually ${formatSpan(start.usual.p50Ms)}`);
  return parts.join(' · ');
}

/** The one button, with what it does, or why it does not. Stays in sight. */
export function DeployBar({ start, plan, reason, pending, refusal, problems }: DeployBarProps) {
  const { environment, component } = start.target;
  const asks = (plan ?? start).policy.approvals > 0;
  const short = plan?.revision.sha.slice(0, 7);
  const says =
    problems > 0
      ? `${problems} ${problems === 1 ? 'field needs' : 'fields need'} another look.`
      : (reason ?? effect(start, plan));
  return (
    <div className="sticky bottom-[calc(3.5rem+env(safe-area-inset-bottom))] z-20 -mx-3 grid gap-2 border-t border-line bg-canvas px-3 py-3 sm:-mx-4 sm:px-4 md:bottom-0 md:-mb-10 lg:-mx-6 lg:px-6">
      {refusal ? <Notice tone="bad" live title={refusal.sentence} /> : null}
      <div className="flex flex-wrap items-center justify-end gap-x-4 gap-y-2">
        <p role="status" className="min-w-0 flex-1 basis-64 text-pretty text-sm text-ink-soft max-sm:basis-full">
          {says}
        </p>
        <Kbd keys={['⌘', '↵']} className="max-md:hidden" />
        <SubmitButton
          variant={environment.isProduction ? 'danger' : 'primary'}
          icon={asks ? <ThumbsUp aria-hidden /> : <Rocket aria-hidden />}
          pending={pending}
          disabledReason={reason}
          className="h-9 px-4 pointer-coarse:h-11 max-sm:w-full"
        >
          {asks ? 'Ask for approval: ' : 'Deploy '}
          {short || component.name} to {environment.name}
        </SubmitButton>
      </div>
    </div>
  );
}
