import { ChevronLeft, ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';
import { ButtonLink } from './button-link';
import { buttonStyles } from './button-styles';

interface PaginationProps {
  /** What is paged: "Deployments". */
  label: string;
  /** Links that carry a cursor; null where there is nothing more. */
  previousHref: string | null;
  nextHref: string | null;
  /** For example "51–100". */
  summary?: ReactNode;
}

/** Newer and older, by cursor: no page numbers, because rows keep arriving. */
export function Pagination({ label, previousHref, nextHref, summary }: PaginationProps) {
  return (
    <nav aria-label={`${label}, pages`} className="flex items-center justify-between gap-3 text-xs text-ink-faint">
      <span>{summary}</span>
      <span className="flex gap-2">
        <Step href={previousHref} rel="prev" icon={<ChevronLeft aria-hidden />} label="Newer" />
        <Step href={nextHref} rel="next" icon={<ChevronRight aria-hidden />} label="Older" />
      </span>
    </nav>
  );
}

interface StepProps {
  href: string | null;
  rel: 'prev' | 'next';
  icon: ReactNode;
  label: string;
}

function Step({ href, rel, icon, label }: StepProps) {
  const inside = rel === 'prev' ? [icon, label] : [label, icon];
  if (href) {
    return (
      <ButtonLink href={href} rel={rel} size="sm">
        {inside[0]}
        {inside[1]}
      </ButtonLink>
    );
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements lint/a11y/useFocusableInteractive: a link with nowhere to go, as ARIA spells it.
    <span role="link" aria-disabled="true" className={buttonStyles({ size: 'sm' })}>
      {inside[0]}
      {inside[1]}
    </span>
  );
}
