import { CircleAlert, CircleCheck, CircleDashed, LoaderCircle, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { cn } from './cn';

/** How a thing stands. Always shown with an icon and a word; the colour only repeats them. */
export type Tone = 'good' | 'warn' | 'bad' | 'busy' | 'neutral';

export const toneText = {
  good: 'text-good',
  warn: 'text-warn',
  bad: 'text-bad',
  busy: 'text-busy',
  neutral: 'text-ink-soft',
} as const satisfies Record<Tone, string>;

export const toneWash = {
  good: 'bg-good-wash',
  warn: 'bg-warn-wash',
  bad: 'bg-bad-wash',
  busy: 'bg-busy-wash',
  neutral: 'bg-raised',
} as const satisfies Record<Tone, string>;

const toneFill = {
  good: 'bg-good',
  warn: 'bg-warn',
  bad: 'bg-bad',
  busy: 'bg-busy',
  neutral: 'bg-ink-faint',
} as const satisfies Record<Tone, string>;

const toneIcons = {
  good: CircleCheck,
  warn: TriangleAlert,
  bad: CircleAlert,
  busy: LoaderCircle,
  neutral: CircleDashed,
} as const;

/** The tone's own mark; decorative, so put a word beside it. */
export function ToneIcon({ tone, className }: { tone: Tone; className?: string }) {
  const Icon = toneIcons[tone];
  const turning = tone === 'busy' && 'animate-spin [animation-duration:1.6s]';
  return <Icon aria-hidden className={cn('size-3.5 shrink-0', toneText[tone], turning, className)} />;
}

interface ToneBadgeProps {
  tone: Tone;
  children: ReactNode;
  /** Replaces the tone's own icon. */
  icon?: ReactNode;
  /** Without the wash: for dense tables. */
  plain?: boolean;
  className?: string;
}

/** Icon, word and colour in one inline mark. */
export function ToneBadge({ tone, children, icon, plain = false, className }: ToneBadgeProps) {
  return (
    <span
      className={cn(
        'inline-flex max-w-full items-center gap-1.5 whitespace-nowrap align-middle text-xs font-medium',
        toneText[tone],
        !plain && ['h-5.5 rounded-full px-2', toneWash[tone]],
        className,
      )}
    >
      {icon ?? <ToneIcon tone={tone} />}
      <span className="truncate">{children}</span>
    </span>
  );
}

interface ToneDotProps {
  tone: Tone;
  /** Read by screen readers; leave out only when the same word stands beside the dot. */
  label?: string;
  pulse?: boolean;
  className?: string;
}

export function ToneDot({ tone, label, pulse = false, className }: ToneDotProps) {
  return (
    <span className={cn('inline-flex items-center', className)}>
      <span aria-hidden className={cn('size-2 rounded-full', toneFill[tone], pulse && 'animate-breathe')} />
      {label ? <span className="sr-only">{label}</span> : null}
    </span>
  );
}
