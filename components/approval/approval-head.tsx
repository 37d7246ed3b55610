import { Undo2 } from 'lucide-react';
import { Badge } from '@/components/ui/badge';
import { Breadcrumbs } from '@/components/ui/breadcrumbs';
import { Mono } from '@/components/ui/code';
import { PageHeader } from '@/components/ui/page-header';
import { RelativeTime } from '@/components/ui/relative-time';
import { Sha } from '@/components/ui/sha';
import type { ApprovalPacket } from '@/lib/gates/model/view';
import { withLabel } from '@/lib/targets/model/label';

const VERBS = { deploy: 'Deploy', retry: 'Deploy', rollback: 'Roll back', promote: 'Promote' } as const;

/** Who asks for what, why, and how long it waits. */
export function ApprovalHead({ packet }: { packet: ApprovalPacket }) {
  const { deployment, expiresAt } = packet;
  const { component, environment, label, requestedBy } = deployment;
  const waits = deployment.status === 'awaiting_approval';
  return (
    <PageHeader
      className="mb-0"
      above={<Breadcrumbs items={[{ label: 'Approvals', href: '/approvals' }, { label: `#${deployment.number}` }]} />}
      title={`${VERBS[deployment.kind]} ${component.name} to ${withLabel(environment.name, label)}?`}
      marks={
        <>
          {environment.isProduction ? <Badge variant="accent">Production</Badge> : null}
          {deployment.kind === 'rollback' ? <Badge icon={<Undo2 aria-hidden />}>Rollback</Badge> : null}
        </>
      }
      description={
        <span className="grid gap-1">
          <span className="min-w-0 wrap-anywhere text-ink">
            <Mono>{deployment.ref}</Mono> <Sha value={deployment.sha} className="text-ink-faint" />{' '}
            {deployment.message.split('\n')[0]}
          </span>
          <span>
            <span className="font-medium text-ink">{requestedBy.name}</span> asks,{' '}
            <RelativeTime at={deployment.requestedAt} />
            {deployment.reason ? <>: “{deployment.reason}”</> : null}
            {waits && expiresAt ? (
              <>
                {' · '}ends without an answer <RelativeTime at={expiresAt} className="font-medium text-ink" />
              </>
            ) : null}
          </span>
        </span>
      }
    />
  );
}
