import { Check, Square } from 'lucide-react';
import type { ApprovalPacket } from '@/lib/gates/model/view';

/** What the requester ticked, word for word. */
export function TickedList({ items }: { items: ApprovalPacket['checklist'] }) {
  return (
    <ul className="grid gap-1">
      {items.map(({ item, ticked }) => (
        <li key={item} className="flex items-start gap-1.5">
          {ticked ? (
            <Check aria-hidden strokeWidth={2.25} className="mt-0.5 size-4 shrink-0 text-good" />
          ) : (
            <Square aria-hidden className="mt-0.5 size-4 shrink-0 text-ink-faint" />
          )}
          <span className="min-w-0 wrap-anywhere">
            {item}
            <span className="sr-only">{ticked ? ', ticked' : ', not ticked'}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}
