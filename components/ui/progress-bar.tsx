import { cn } from './cn';
import { formatSpan } from './time-format';
import type { Tone } from './tone';

interface ProgressBarProps {
  /** What advances: "Deploy". */
  label: string;
  /** 0 to 1; above 1 it took longer than usual and the bar says so. */
  fraction: number;
  /** Milliseconds it usually takes; null when nobody knows yet. */
  usually?: number | null;
  tone?: Tone;
  /** Draw the bar without the line of text. */
  bare?: boolean;
  className?: string;
}

const fills = {
  good: 'fill-good',
  warn: 'fill-warn',
  bad: 'fill-bad',
  busy: 'fill-busy',
  neutral: 'fill-ink-faint',
} as const;

/** A measured bar with the usual length beside it. Drawn in SVG: a strict style policy allows it. */
export function ProgressBar({ label, fraction, usually, tone, bare = false, className }: ProgressBarProps) {
  const over = fraction > 1;
  const percent = Math.round(Math.min(Math.max(fraction, 0), 1) * 100);
  const usual = usually ? `usually ${formatSpan(usually)}` : 'no usual time yet';
  return (
    <div className={cn('grid gap-1', className)}>
      <div
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
        aria-valuetext={over ? `longer than usual, ${usual}` : `${percent} %, ${usual}`}
      >
        <svg
          aria-hidden="true"
          className="block h-1.5 w-full rounded-full bg-raised"
          preserveAspectRatio="none"
          viewBox="0 0 100 1"
        >
          <rect
            width={percent}
            height="1"
            className={cn('transition-[width] duration-500', fills[tone ?? (over ? 'warn' : 'busy')])}
          />
        </svg>
      </div>
      {bare ? null : (
        <p className="text-xs text-ink-faint tabular-nums">{over ? `Longer than usual; ${usual}` : usual}</p>
      )}
    </div>
  );
}
