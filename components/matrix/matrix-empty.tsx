import { Grid3x3 } from 'lucide-react';
import { ButtonLink } from '@/components/ui/button-link';
import { EmptyState } from '@/components/ui/empty-state';

/** Before the first target there is nothing to show; the way there starts at a connection. */
export function MatrixEmpty() {
  return (
    <div className="rounded-lg border border-line bg-surface">
      <EmptyState
        icon={<Grid3x3 aria-hidden />}
        title="Nothing is set up to deploy yet"
        action={
          <ButtonLink href="/connections/new" variant="primary">
            Add a connection
          </ButtonLink>
        }
      >
        A target is a component in an environment, bound to a connection. Connect the account that runs your deployments
        first.
      </EmptyState>
    </div>
  );
}
