import { Ban, ThumbsDown, ThumbsUp } from 'lucide-react';
import { Panel } from '@/components/ui/panel';
import { RelativeTime } from '@/components/ui/relative-time';
import { ToneBadge } from '@/components/ui/tone';
import type { ApprovalEntry, ApprovalPacket } from '@/lib/gates/model/view';

function Mark({ entry }: { entry: ApprovalEntry }) {
  if (entry.voided !== null)
    return (
      <ToneBadge tone="neutral" plain icon={<Ban aria-hidden className="size-3.5" />}>
        no longer counts
      </ToneBadge>
    );
  return entry.decision === 'approve' ? (
    <ToneBadge tone="good" plain icon={<ThumbsUp aria-hidden className="size-3.5" />}>
      approved
    </ToneBadge>
  ) : (
    <ToneBadge tone="bad" plain icon={<ThumbsDown aria-hidden className="size-3.5" />}>
      rejected
    </ToneBadge>
  );
}

/** Each decision with who, when and why, and why it counts no more. */
export function VoteList({ entries }: { entries: readonly ApprovalEntry[] }) {
  return (
    <ul className="divide-y divide-line">
      {entries.map((entry) => (
        <li key={`${entry.by.id} ${entry.at}`} className="grid gap-0.5 py-2 text-sm">
          <span className="flex flex-wrap items-center gap-x-2">
            <span className="font-medium">{entry.by.name}</span>
            <Mark entry={entry} />
            <RelativeTime at={entry.at} className="ml-auto text-xs text-ink-faint" />
          </span>
          {entry.reason ? <span className="wrap-anywhere text-ink-soft">“{entry.reason}”</span> : null}
          {entry.voided ? <span className="text-xs text-ink-faint">{entry.voided}</span> : null}
        </li>
      ))}
    </ul>
  );
}

/** Who could still say yes. */
function missingInWords({ required, given, canApprove, deployment }: ApprovalPacket): string {
  if (deployment.status !== 'awaiting_approval') return '';
  const missing = required - given;
  if (missing <= 0) return 'All approvals are there.';
  if (canApprove.length === 0)
    return 'Nobody else has the approver role here. An administrator can give it to somebody under Members.';
  const names = canApprove.length > 6 ? [...canApprove.slice(0, 5), `${canApprove.length - 5} others`] : canApprove;
  return `${missing} more from ${names.join(', ')}.`;
}

/** k of n, by whom, and who is missing. */
export function VotesPanel({ packet }: { packet: ApprovalPacket }) {
  const { approvals, given, required } = packet;
  const missing = missingInWords(packet);
  return (
    <Panel title={`Approvals: ${given} of ${required}`}>
      {missing ? <p className="text-pretty text-sm text-ink-soft">{missing}</p> : null}
      {approvals.length > 0 ? <VoteList entries={approvals} /> : null}
      {approvals.length === 0 && !missing ? <p className="text-sm text-ink-faint">Nobody has decided.</p> : null}
    </Panel>
  );
}
