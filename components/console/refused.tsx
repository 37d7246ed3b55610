import { ButtonLink } from '@/components/ui/button-link';
import { Notice } from '@/components/ui/notice';
import type { Refusal } from '@/lib/kernel/errors';
import { NothingHere } from './nothing-here';

/** Where what was wanted is done, when it is on another page. */
const ELSEWHERE: Readonly<Record<string, { href: string; label: string }>> = {
  takes_packages: { href: '/extensions', label: 'Choose a version' },
};

/** In the place of a page's content, when it may not or cannot be shown. */
export function Refused({ refusal }: { refusal: Refusal }) {
  if (refusal.code === 'not_found') return <NothingHere />;
  const elsewhere = ELSEWHERE[refusal.code] ?? { href: '/now', label: 'Go to Now' };
  return (
    <Notice
      tone="warn"
      title={refusal.sentence}
      action={
        <ButtonLink href={elsewhere.href} size="sm">
          {elsewhere.label}
        </ButtonLink>
      }
    />
  );
}
