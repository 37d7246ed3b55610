import { Undo2 } from 'lucide-react';
import { buttonStyles } from '@/components/ui/button-styles';
import { cn } from '@/components/ui/cn';
import { Link } from '@/components/ui/link';

export function rollBackHref(targetId: string, to?: string): string {
  return `/targets/${targetId}/roll-back${to ? `?to=${encodeURIComponent(to)}` : ''}`;
}

interface RollBackLinkProps {
  targetId: string;
  /** "Backend in Production": read out, because a page has many of these. */
  where: string;
}

/** The way back from a list of targets: to the page that says what going back brings about. */
export function RollBackLink({ targetId, where }: RollBackLinkProps) {
  const label = `Roll back ${where}`;
  return (
    <Link
      href={rollBackHref(targetId)}
      title={label}
      aria-label={label}
      className={cn(buttonStyles({ variant: 'quiet', size: 'sm', shape: 'icon' }), 'relative')}
    >
      <Undo2 aria-hidden />
    </Link>
  );
}
