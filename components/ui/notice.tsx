import type { ReactNode } from 'react';
import { cn } from './cn';
import { type Tone, ToneIcon, toneWash } from './tone';

interface NoticeProps {
  tone: Tone;
  title: ReactNode;
  /** What to do about it, or who is on it. */
  children?: ReactNode;
  action?: ReactNode;
  /** Announce it when it appears; leave out for what stands there from the start. */
  live?: boolean;
  className?: string;
}

const borders = {
  good: 'border-good/30',
  warn: 'border-warn/30',
  bad: 'border-bad/30',
  busy: 'border-busy/30',
  neutral: 'border-line',
} as const satisfies Record<Tone, string>;

/** What happened and what to do, in the place where it matters. */
export function Notice({ tone, title, children, action, live = false, className }: NoticeProps) {
  return (
    <div
      role={live ? (tone === 'bad' ? 'alert' : 'status') : undefined}
      className={cn(
        'flex flex-wrap items-start gap-x-3 gap-y-2 rounded-md border px-3 py-2.5 text-sm',
        toneWash[tone],
        borders[tone],
        className,
      )}
    >
      <ToneIcon tone={tone} className="mt-0.5 size-4" />
      <div className="wrap-anywhere min-w-[min(12rem,100%)] flex-1">
        <p className="font-medium">{title}</p>
        {children ? <div className="mt-0.5 text-ink-soft">{children}</div> : null}
      </div>
      {action ? <div className="flex flex-wrap gap-2">{action}</div> : null}
    </div>
  );
}
