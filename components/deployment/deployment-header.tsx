import { ExternalLink } from 'lucide-react';
import type { ReactNode } from 'react';
import { KindMark, RevisionMark } from '@/components/deployments/deployment-row';
import { StatusBadge } from '@/components/deployments/status-badge';
import { Badge } from '@/components/ui/badge';
import { Breadcrumbs } from '@/components/ui/breadcrumbs';
import { PageHeader } from '@/components/ui/page-header';
import { RelativeTime } from '@/components/ui/relative-time';
import type { DeploymentDetail } from '@/lib/deployments/model/view';
import { withLabel } from '@/lib/targets/model/label';

interface DeploymentHeaderProps {
  deployment: DeploymentDetail;
  /** The buttons. */
  actions: ReactNode;
}

/** What goes where, how it stands, who asked for it and why. */
export function DeploymentHeader({ deployment, actions }: DeploymentHeaderProps) {
  const { component, environment, label, number, revision, requestedBy, provider, remoteUrl } = deployment;
  return (
    <PageHeader
      className="mb-0"
      above={<Breadcrumbs items={[{ label: 'Deployments', href: '/deployments' }, { label: `#${number}` }]} />}
      title={
        <>
          <span className="font-normal text-ink-faint">#{number}</span> {component.name}{' '}
          <span className="text-ink-faint">→</span> {withLabel(environment.name, label)}
        </>
      }
      marks={
        <>
          <StatusBadge status={deployment.status} />
          {deployment.isCurrent ? <Badge variant="accent">Live now</Badge> : null}
          <KindMark kind={deployment.kind} />
        </>
      }
      description={
        <span className="grid gap-1">
          <span className="flex min-w-0 flex-wrap items-baseline gap-x-2">
            <RevisionMark revision={revision} />
            <span className="min-w-0 wrap-anywhere text-ink">{revision.message.split('\n')[0]}</span>
          </span>
          <span className="text-ink-faint">
            {requestedBy.name}, <RelativeTime at={deployment.requestedAt} />
            {deployment.reason ? <span className="text-ink-soft">: “{deployment.reason}”</span> : null}
            {remoteUrl ? (
              <>
                {' · '}
                <a
                  href={remoteUrl}
                  target="_blank"
                  rel="noreferrer"
                  className="whitespace-nowrap text-ink-soft underline decoration-line-strong underline-offset-3 hover:decoration-current"
                >
                  Open at {provider.runsAt}
                  <ExternalLink aria-hidden className="ml-1 inline size-3 align-baseline" />
                </a>
              </>
            ) : null}
          </span>
        </span>
      }
      actions={actions}
    />
  );
}
