import { ButtonLink } from '@/components/ui/button-link';
import { Notice } from '@/components/ui/notice';
import type { Refusal } from '@/lib/kernel/errors';
import { NothingHere } from './nothing-here';

/** In the place of a page's content, when it may not or cannot be shown. */
export function Refused({ refusal }: { refusal: Refusal }) {
  if (refusal.code === 'not_found') return <NothingHere />;
  return (
    <Notice
      tone="warn"
      title={refusal.sentence}
      action={
        <ButtonLink href="/now" size="sm">
          Go to Now
        </ButtonLink>
      }
    />
  );
}
