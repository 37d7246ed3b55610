import { Ban, Check, Circle, CircleHelp, LoaderCircle, type LucideIcon, Minus, X } from 'lucide-react';
import { cn } from '@/components/ui/cn';
import { type Tone, toneText } from '@/components/ui/tone';
import type { StepStatus } from '@/lib/providers/port';

/** How the state of a job or a step reads. */
export const STEP_VIEW = {
  queued: { word: 'waiting', icon: Circle, tone: 'neutral' },
  running: { word: 'running', icon: LoaderCircle, tone: 'busy' },
  succeeded: { word: 'succeeded', icon: Check, tone: 'good' },
  failed: { word: 'failed', icon: X, tone: 'bad' },
  cancelled: { word: 'cancelled', icon: Ban, tone: 'neutral' },
  skipped: { word: 'skipped', icon: Minus, tone: 'neutral' },
  unrecognised: { word: 'state unknown', icon: CircleHelp, tone: 'warn' },
} as const satisfies Record<StepStatus, { word: string; icon: LucideIcon; tone: Tone }>;

/** What ran when it was last looked at, of a run that is followed no more. */
export const LAST_RUNNING = { word: 'was running', icon: Circle, tone: 'neutral' } as const;

interface StepMarkProps {
  status: StepStatus;
  /** Its deployment has ended, so it is followed no more. */
  over?: boolean;
  className?: string;
}

/** The icon, with its word for screen readers. */
export function StepMark({ status: is, over = false, className }: StepMarkProps) {
  const status = over && is === 'running' ? null : is;
  const { icon: Icon, tone, word } = status === null ? LAST_RUNNING : STEP_VIEW[status];
  const turning = status === 'running' && 'animate-spin [animation-duration:1.6s]';
  return (
    <>
      <Icon aria-hidden strokeWidth={2.25} className={cn('size-3.5 shrink-0', toneText[tone], turning, className)} />
      <span className="sr-only">{word}</span>
    </>
  );
}
