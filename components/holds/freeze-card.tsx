'use client';

import { CircleStop, Pencil, Snowflake } from 'lucide-react';
import { useAction } from '@/components/console/use-action';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/cn';
import { ConfirmButton } from '@/components/ui/confirm-button';
import type { FreezeEntry } from '@/lib/gates/model/view';
import { whatStarts } from '@/lib/gates/model/what-starts';
import { WaitingList, waitingIn } from './held-back';
import type { HoldActions } from './hold-actions';
import { scopeInWords } from './scope-words';
import { WindowTime } from './window-time';

export function whatEnds({ next, heldBack }: FreezeEntry): string {
  if (!next?.active) return 'It does not hold now. None of its coming windows will.';
  const starts = whatStarts(heldBack);
  if (starts.length === 0) return 'It holds now, and nothing waits because of it. It never comes back.';
  return `It holds now. ${starts.join(' ')} The freeze never comes back.`;
}

function EndButton({ freeze, end }: { freeze: FreezeEntry; end: HoldActions['endFreeze'] }) {
  const ending = useAction(end);
  return (
    <ConfirmButton
      size="sm"
      variant="quiet"
      icon={<CircleStop aria-hidden />}
      disabledReason={freeze.refusal}
      aria-label={`End ${freeze.name}`}
      confirm={{
        title: `End “${freeze.name}” for good?`,
        description: whatEnds(freeze),
        children: waitingIn(freeze.heldBack) > 0 ? <WaitingList heldBack={freeze.heldBack} /> : null,
        confirmLabel: 'End the freeze',
        reason: { required: true, hint: 'Kept in the audit log.' },
      }}
      onConfirm={async ({ reason }) => {
        const done = await ending.run({ freezeId: freeze.id, reason });
        return done.ok ? null : (done.fields?.['reason'] ?? done.refusal.sentence);
      }}
    >
      End
    </ConfirmButton>
  );
}

function Next({ next }: Pick<FreezeEntry, 'next'>) {
  if (!next) return <p className="text-xs text-ink-faint">It is over; no window comes any more.</p>;
  return (
    <p className="text-xs text-ink-soft">
      {next.active ? 'Now: ' : 'Next: '}
      <WindowTime from={next.from} to={next.to} />
    </p>
  );
}

interface FreezeCardProps {
  freeze: FreezeEntry;
  end: HoldActions['endFreeze'];
  onEdit: (freeze: FreezeEntry) => void;
}

/** One freeze: when, where, why, whose, what waits because of it, and the ways to change it. */
export function FreezeCard({ freeze, end, onEdit }: FreezeCardProps) {
  const active = freeze.next?.active ?? false;
  return (
    <li id={`freeze-${freeze.id}`} className="grid scroll-mt-20 gap-1.5 px-4 py-3 target:bg-accent-wash">
      <div className="flex min-w-0 items-start gap-2">
        <Snowflake aria-hidden className={cn('mt-0.5 size-4 shrink-0', active ? 'text-busy' : 'text-ink-faint')} />
        <div className="grid min-w-0 flex-1 gap-0.5">
          <h3 className="flex flex-wrap items-center gap-x-2 text-sm font-medium">
            <span className="min-w-0 wrap-anywhere">{freeze.name}</span>
            {active ? <span className="text-xs font-medium text-busy">holds now</span> : null}
          </h3>
          <p className="wrap-anywhere text-sm text-ink-soft">{freeze.reason}</p>
          <p className="text-xs text-ink-soft">{freeze.says}</p>
          <Next next={freeze.next} />
          <p className="text-xs text-ink-faint">
            {scopeInWords(freeze.scope)} · by {freeze.by.name}
          </p>
        </div>
      </div>
      {active ? (
        <div className="pl-6">
          <WaitingList heldBack={freeze.heldBack} />
        </div>
      ) : null}
      <div className="flex flex-wrap gap-1 pl-4">
        <Button
          size="sm"
          variant="quiet"
          icon={<Pencil aria-hidden />}
          disabledReason={freeze.refusal}
          aria-label={`Change ${freeze.name}`}
          onClick={() => onEdit(freeze)}
        >
          Change
        </Button>
        <EndButton freeze={freeze} end={end} />
      </div>
    </li>
  );
}
