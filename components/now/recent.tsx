import { History } from 'lucide-react';
import { DeploymentLine } from '@/components/deployments/deployment-row';
import { EmptyState } from '@/components/ui/empty-state';
import { Link } from '@/components/ui/link';
import { Panel } from '@/components/ui/panel';
import type { DeploymentSummary } from '@/lib/deployments/model/view';

/** What changed last. */
export function Recent({ deployments }: { deployments: readonly DeploymentSummary[] }) {
  return (
    <Panel
      title="Recent deployments"
      body="flush"
      actions={
        <Link href="/deployments" className="rounded-sm text-xs text-ink-soft hover:text-ink hover:underline">
          See all
        </Link>
      }
    >
      {deployments.length === 0 ? (
        <EmptyState icon={<History aria-hidden />} title="No deployment yet" className="py-7">
          Press Deploy beside a component to make the first one.
        </EmptyState>
      ) : (
        <ul className="divide-y divide-line">
          {deployments.map((deployment) => (
            <DeploymentLine key={deployment.id} deployment={deployment} />
          ))}
        </ul>
      )}
    </Panel>
  );
}
