'use client';

import { ThumbsDown, ThumbsUp } from 'lucide-react';
import { useRef, useState } from 'react';
import { useAction } from '@/components/console/use-action';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Notice } from '@/components/ui/notice';
import { notify } from '@/components/ui/notify';
import type { ApprovalPacket } from '@/lib/gates/model/view';
import type { ApprovalActions } from './approval-actions';

interface DecisionBarProps {
  packet: ApprovalPacket;
  actions: ApprovalActions;
  /** The content is another one now: read it again. */
  onChanged: () => void;
  onApproved: () => void;
}

const NEEDS_REASON = 'To reject it say why in a few words.';

/** Runs either decision on what is on the page; what changed meanwhile is read anew instead. */
function useDecision({ packet, actions, onChanged, onApproved }: DecisionBarProps) {
  const [reason, setReason] = useState('');
  const [missing, setMissing] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const approval = useAction(actions.approve);
  const rejection = useAction(actions.reject);
  const { id, number } = packet.deployment;

  async function decide(verb: 'approve' | 'reject') {
    const input = { deploymentId: id, digest: packet.digest, reason: reason.trim() };
    if (verb === 'reject' && input.reason.length < 3) {
      setMissing(true);
      return field.current?.focus();
    }
    setMissing(false);
    approval.clear();
    rejection.clear();
    const done = await (verb === 'approve' ? approval.run(input) : rejection.run(input));
    // Also after a refusal: most of them say that the page is old.
    onChanged();
    if (!done.ok) return;
    if (verb === 'approve') onApproved();
    setReason('');
    notify({ tone: 'good', title: verb === 'approve' ? `You approved #${number}` : `You rejected #${number}` });
  }

  return {
    decide,
    reason,
    setReason,
    field,
    error: missing ? NEEDS_REASON : (approval.fields['reason'] ?? rejection.fields['reason'] ?? null),
    refusal: approval.refusal ?? rejection.refusal,
    approving: approval.pending,
    rejecting: rejection.pending,
  };
}

interface ButtonsProps {
  state: ReturnType<typeof useDecision>;
  number: number;
  blocked: string | null;
}

function Buttons({ state, number, blocked }: ButtonsProps) {
  const { decide, approving, rejecting } = state;
  return (
    <div className="flex gap-2 max-sm:w-full">
      <Button
        icon={<ThumbsDown aria-hidden />}
        disabledReason={blocked}
        pending={rejecting}
        onClick={() => void decide('reject')}
        className="h-9 px-4 max-sm:flex-1 pointer-coarse:h-11"
      >
        Reject
      </Button>
      <Button
        variant="primary"
        icon={<ThumbsUp aria-hidden />}
        disabledReason={blocked}
        pending={approving}
        onClick={() => void decide('approve')}
        className="h-9 px-4 max-sm:flex-[2] pointer-coarse:h-11"
      >
        Approve #{number}
      </Button>
    </div>
  );
}

/** Approve or reject, always in sight and under the thumb; when neither is possible it says why and who can. */
export function DecisionBar(props: DecisionBarProps) {
  const { packet } = props;
  const state = useDecision(props);
  const { field, reason, setReason, error, refusal } = state;
  const blocked = packet.refusal?.sentence ?? null;
  return (
    <section
      aria-label="Decision"
      className="sticky bottom-[calc(3.5rem+env(safe-area-inset-bottom))] z-20 -mx-3 grid gap-2 border-t border-line bg-canvas px-3 py-3 sm:-mx-4 sm:px-4 md:bottom-0 md:-mb-10 lg:-mx-6 lg:px-6"
    >
      {refusal ? (
        <Notice tone="bad" live title={refusal.sentence}>
          {refusal.code === 'approval_changed' ? 'The page shows the new content now.' : null}
        </Notice>
      ) : null}
      <div className="flex flex-wrap items-end gap-x-3 gap-y-2">
        {blocked ? (
          <p role="status" className="min-w-0 flex-1 basis-64 self-center text-pretty text-sm text-ink-soft">
            {blocked}
          </p>
        ) : (
          <Field label="Reason" error={error} filter className="min-w-0 flex-1 basis-64">
            <Input
              ref={field}
              value={reason}
              maxLength={500}
              autoComplete="off"
              placeholder="Needed to reject; kept with the decision"
              onChange={(event) => setReason(event.target.value)}
            />
          </Field>
        )}
        <Buttons state={state} number={packet.deployment.number} blocked={blocked} />
      </div>
    </section>
  );
}
