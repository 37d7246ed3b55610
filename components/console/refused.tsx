import { ButtonLink } from '@/components/ui/button-link';
import { Notice } from '@/components/ui/notice';
import type { Refusal } from '@/lib/kernel/errors';

/** In the place of a page's content, when it may not or cannot be shown. */
export function Refused({ refusal }: { refusal: Refusal }) {
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
