import { approvalHref, DeploymentLine } from '@/components/deployments/deployment-row';
import { Panel } from '@/components/ui/panel';
import type { DeploymentSummary } from '@/lib/deployments/model/view';

/** Only there when someone has to decide. */
export function NeedsYou({ deployments }: { deployments: readonly DeploymentSummary[] }) {
  if (deployments.length === 0) return null;
  return (
    <Panel
      title={`Needs you (${deployments.length})`}
      description="These wait for a person; open one to see what is known and decide."
      body="flush"
      className="border-warn/40"
    >
      <ul className="divide-y divide-line">
        {deployments.map((deployment) => (
          <DeploymentLine
            key={deployment.id}
            deployment={deployment}
            {...(deployment.status === 'awaiting_approval' ? { href: approvalHref(deployment) } : {})}
          />
        ))}
      </ul>
    </Panel>
  );
}
