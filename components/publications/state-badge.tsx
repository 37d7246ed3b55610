import { RelativeTime } from '@/components/ui/relative-time';
import { type Tone, ToneBadge } from '@/components/ui/tone';
import { PUBLICATION_WORDS, type PublicationState } from '@/lib/publications/model/publication';
import type { PublicationCell } from '@/lib/publications/model/view';

const TONES: Record<PublicationState, Tone> = {
  accepted: 'busy',
  validating: 'busy',
  scanning: 'busy',
  active: 'busy',
  verified: 'good',
  quarantined: 'warn',
  rejected: 'bad',
  unlisted: 'neutral',
};

/** Where a package is at one gallery, since when, and whether that lasts too long. */
export function PublicationBadge({ cell }: { cell: PublicationCell }) {
  return (
    <span className="inline-flex flex-wrap items-center gap-1.5">
      <ToneBadge tone={cell.overdue ? 'bad' : TONES[cell.state]}>{PUBLICATION_WORDS[cell.state].label}</ToneBadge>
      <RelativeTime at={cell.since} className="text-xs text-ink-faint" />
      {cell.overdue ? <span className="text-xs text-bad">longer than it may</span> : null}
    </span>
  );
}
