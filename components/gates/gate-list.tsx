import { CircleCheck, CircleX, Hourglass, type LucideIcon } from 'lucide-react';
import { cn } from '@/components/ui/cn';
import { RelativeTime } from '@/components/ui/relative-time';
import { type Tone, toneText } from '@/components/ui/tone';
import type { GateView } from '@/lib/gates/model/gate';
import { GATE_WORDS } from './gate-words';

const LOOKS = {
  open: { word: 'open', icon: CircleCheck, tone: 'good' },
  waiting: { word: 'waiting', icon: Hourglass, tone: 'warn' },
  closed: { word: 'closed', icon: CircleX, tone: 'bad' },
} as const satisfies Record<GateView['state'], { word: string; icon: LucideIcon; tone: Tone }>;

const ORDER: readonly GateView['state'][] = ['closed', 'waiting', 'open'];

/** What is in the way first, whatever the order in which it was asked. */
export function byUrgency(gates: readonly GateView[]): GateView[] {
  return [...gates].sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
}

/** Where the checklist itself stands with its boxes, its gate would only repeat it. */
export function withoutChecklist(gates: readonly GateView[]): GateView[] {
  return gates.filter((gate) => gate.kind !== 'checklist');
}

function GateLine({ gate }: { gate: GateView }) {
  const { icon: Icon, tone, word } = LOOKS[gate.state];
  return (
    <li className="grid grid-cols-[1rem_minmax(0,1fr)] gap-x-2 py-2 text-sm">
      <Icon aria-hidden strokeWidth={2.25} className={cn('mt-0.5 size-4', toneText[tone])} />
      <div className="grid min-w-0 gap-0.5">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <span className="font-medium">{GATE_WORDS[gate.kind]}</span>
          <span className={cn('text-xs font-medium', toneText[tone])}>{word}</span>
          {gate.until && gate.state !== 'open' ? (
            <span className="text-xs text-ink-faint">
              opens by itself <RelativeTime at={gate.until} />
            </span>
          ) : null}
        </p>
        <p className={cn('wrap-anywhere text-pretty', gate.state === 'open' ? 'text-ink-faint' : 'text-ink-soft')}>
          {gate.sentence}
        </p>
      </div>
    </li>
  );
}

/** Every gate with its state, what it saw, until when, and who can do what about it. */
export function GateList({ gates, className }: { gates: readonly GateView[]; className?: string }) {
  return (
    <ul className={cn('divide-y divide-line', className)}>
      {byUrgency(gates).map((gate) => (
        <GateLine key={`${gate.kind} ${gate.code} ${gate.sentence}`} gate={gate} />
      ))}
    </ul>
  );
}

/** What is in the way in sight, what is open behind a fold. */
export function GateSummary({ gates }: { gates: readonly GateView[] }) {
  const shut = gates.filter((gate) => gate.state !== 'open');
  const open = gates.filter((gate) => gate.state === 'open');
  return (
    <div className="grid gap-1">
      {shut.length > 0 ? <GateList gates={shut} className="-my-2" /> : null}
      {open.length > 0 ? (
        <details className={cn('text-sm', shut.length > 0 && 'mt-2')}>
          <summary className="flex w-fit items-center gap-1.5 rounded-sm text-ink-soft hover:text-ink pointer-coarse:py-2">
            <CircleCheck aria-hidden strokeWidth={2.25} className="size-4 text-good" />
            {shut.length === 0 ? `All ${open.length} open` : `${open.length} open`}
          </summary>
          <GateList gates={open} className="pt-1" />
        </details>
      ) : null}
    </div>
  );
}

/** "1 closed, 2 waiting": what stands in the way, in a line; all of them open says so. */
export function gatesInWords(gates: readonly GateView[]): string {
  const parts = (['closed', 'waiting'] as const).flatMap((state) => {
    const count = gates.filter((gate) => gate.state === state).length;
    return count > 0 ? [`${count} ${LOOKS[state].word}`] : [];
  });
  return parts.length > 0 ? parts.join(', ') : 'all open';
}
