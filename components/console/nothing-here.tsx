import { SearchX } from 'lucide-react';
import { ButtonLink } from '@/components/ui/button-link';
import { EmptyState } from '@/components/ui/empty-state';

/** In the place of a page about a thing that is not there, or that this person may not see. */
export function NothingHere() {
  return (
    <div className="rounded-lg border border-line bg-surface">
      <h1 className="sr-only">Not found</h1>
      <EmptyState
        icon={<SearchX aria-hidden />}
        title="There is nothing at this address"
        action={
          <>
            <ButtonLink href="/now" variant="primary">
              Go to Now
            </ButtonLink>
            <ButtonLink href="/targets">What runs where</ButtonLink>
          </>
        }
      >
        It may have been removed, or you may not see it. An administrator can say which, under Members and Audit.
      </EmptyState>
    </div>
  );
}
