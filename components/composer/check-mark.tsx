import { Check, Clock, type LucideIcon, Minus, X } from 'lucide-react';
import { cn } from '@/components/ui/cn';
import { type Tone, toneText } from '@/components/ui/tone';
import type { CheckState } from '@/lib/providers/port';

const CHECKS = {
  success: { icon: Check, tone: 'good', word: 'checks passed' },
  failure: { icon: X, tone: 'bad', word: 'checks failed' },
  pending: { icon: Clock, tone: 'warn', word: 'checks running' },
  none: { icon: Minus, tone: 'neutral', word: 'no checks' },
} as const satisfies Record<CheckState, { icon: LucideIcon; tone: Tone; word: string }>;

interface CheckMarkProps {
  state: CheckState;
  /** Show the word beside the icon, not only to screen readers. */
  spelled?: boolean;
  /** The policy names the checks that count: none is one of them that is missing, say. */
  named?: boolean;
  className?: string;
}

/** How the checks of a commit stand. */
export function CheckMark({ state, spelled = false, named = false, className }: CheckMarkProps) {
  const { icon: Icon, tone, word: usual } = CHECKS[state];
  const word = named && state === 'none' ? 'not all checks passed' : usual;
  return (
    <span title={word} className={cn('inline-flex shrink-0 items-center gap-1 text-xs', toneText[tone], className)}>
      <Icon aria-hidden strokeWidth={2.25} className="size-3.5" />
      <span className={spelled ? undefined : 'sr-only'}>{word}</span>
    </span>
  );
}
