import { fitOf } from '@/components/deployments/deployment-row';
import { DeployAction } from '@/components/matrix/deploy-action';
import { MatrixEmpty } from '@/components/matrix/matrix-empty';
import { RollBackLink } from '@/components/roll-back/roll-back-link';
import { cn } from '@/components/ui/cn';
import { Link } from '@/components/ui/link';
import { Panel } from '@/components/ui/panel';
import type { NowView } from '@/lib/deployments/model/view';
import { withLabel } from '@/lib/targets/model/label';

type QuickDeploy = NowView['quickDeploys'][number];

/** More than this is looked up in the matrix or by ⌘K. */
const SHOWN = 16;

function byName(a: QuickDeploy, b: QuickDeploy): number {
  return a.componentName.localeCompare(b.componentName) || a.environmentName.localeCompare(b.environmentName);
}

/** One row per target, each with the button that starts a deployment. */
export function QuickDeploys({ targets }: { targets: readonly QuickDeploy[] }) {
  if (targets.length === 0) return <MatrixEmpty />;
  // Which targets are shown follows their use; where they stand does not, or the button would move under the hand.
  const shown = targets.slice(0, SHOWN).sort(byName);
  return (
    <Panel
      title="Deploy"
      body="flush"
      actions={
        <Link href="/targets" className="rounded-sm text-xs text-ink-soft hover:text-ink hover:underline">
          {targets.length > SHOWN ? `All ${targets.length} targets` : 'What runs where'}
        </Link>
      }
    >
      <ul className="divide-y divide-line">
        {shown.map((target) => (
          <QuickDeployLine key={target.targetId} target={target} />
        ))}
      </ul>
    </Panel>
  );
}

function QuickDeployLine({ target }: { target: QuickDeploy }) {
  const place = withLabel(target.environmentName, target.label);
  return (
    <li className="flex min-w-0 items-center gap-1 px-4 py-2 text-sm hover:bg-raised/60">
      <span className="grid min-w-0 flex-1 gap-x-3 sm:grid-cols-[minmax(0,1fr)_minmax(0,1fr)] sm:items-center">
        <span className={cn('min-w-0', fitOf(target.label))}>
          <Link href={`/components/${target.componentSlug}`} className="rounded-sm font-medium hover:underline">
            {target.componentName}
          </Link>{' '}
          <span className="text-ink-faint">→</span> {place}
        </span>
        <span className="min-w-0 truncate font-mono text-xs text-ink-faint">
          {target.current ?? 'nothing live yet'}
        </span>
      </span>
      {target.current ? (
        <RollBackLink targetId={target.targetId} where={`${target.componentName} in ${place}`} />
      ) : null}
      <DeployAction
        targetId={target.targetId}
        what={`${target.componentName} to ${place}`}
        gate={target.deploy}
        mayOverride={target.mayOverride}
      />
    </li>
  );
}
