import { cn } from '@/components/ui/cn';
import { Link } from '@/components/ui/link';
import { formatSpan } from '@/components/ui/time-format';
import type { Metric } from '@/lib/observability/model/dora';
import type { DoraView } from '@/lib/observability/model/dora-view';
import { inWords } from '@/lib/observability/model/figure-words';

interface FigureCardProps {
  metric: Metric;
  view: DoraView;
  /** Its rows are shown. */
  open: boolean;
  href: string;
}

/** One figure, what it is made of, and what it was before. All of it is a link to its rows. */
export function FigureCard({ metric, view: { figures, before, rules }, open, href }: FigureCardProps) {
  const now = inWords(metric, figures, formatSpan);
  const then = before === null ? null : inWords(metric, before, formatSpan);
  return (
    <li
      className={cn(
        'relative grid content-start gap-0.5 rounded-lg border bg-surface p-4 hover:bg-raised/60',
        open ? 'border-accent' : 'border-line',
      )}
    >
      <Link
        href={href}
        scroll={false}
        aria-current={open ? 'true' : undefined}
        className="text-xs font-medium text-ink-soft after:absolute after:inset-0 after:rounded-lg"
      >
        {rules[metric].label}
      </Link>
      <p data-tabular className="text-2xl font-semibold tracking-[-0.011em]">
        {now.value}
      </p>
      <p data-tabular className="text-xs text-ink-soft">
        {now.detail}
      </p>
      <p data-tabular className="text-xs text-ink-faint">
        Before: {then?.value ?? 'not known'}
      </p>
    </li>
  );
}
