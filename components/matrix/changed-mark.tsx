import { FilePenLine } from 'lucide-react';
import type { Redeploy } from '@/components/redeploy/redeploy-press';
import { later } from '@/components/ui/later';
import { Link } from '@/components/ui/link';
import { RelativeTime } from '@/components/ui/relative-time';
import { ToneBadge } from '@/components/ui/tone';
import { isTerminal } from '@/lib/deployments/model/status';
import type { MatrixCell } from '@/lib/deployments/model/view';

const RedeployPress = later(
  () => import('@/components/redeploy/redeploy-press').then((file) => file.RedeployPress),
  <span hidden />,
);

interface ChangedMarkProps {
  cell: MatrixCell;
  /** "Website in Staging". */
  where: string;
  redeploy: Redeploy;
}

/** Settings that what is live does not have yet, as they were last read, and the press that deploys it once more. */
export function ChangedMark({ cell, where, redeploy }: ChangedMarkProps) {
  const { changed, current, latest, targetId, environmentSlug, deploy } = cell;
  if (!changed || !current) return null;
  const names = changed.names.join(', ');
  // The cell shows what is on its way beside this.
  const going = latest !== null && !isTerminal(latest.status);
  return (
    <>
      <Link
        href={`/environments/${encodeURIComponent(environmentSlug)}/configuration`}
        title={`${names}: changed after #${current.number} was asked for`}
        className="relative rounded-sm hover:underline"
      >
        <ToneBadge tone="warn" plain icon={<FilePenLine aria-hidden className="size-3.5 shrink-0" />}>
          {changed.names.length} changed, not live
          <span className="sr-only">
            : {names}, in {where}
          </span>
        </ToneBadge>
      </Link>
      <span className="text-xs text-ink-faint">
        read <RelativeTime at={changed.readAt} />
      </span>
      {going ? null : (
        <RedeployPress
          key={latest?.id ?? current.id}
          targetId={targetId}
          where={where}
          live={{ id: current.id, ...current.revision }}
          next={null}
          refusal={deploy.allowed ? null : (deploy.refusal?.sentence ?? 'This target cannot be deployed now.')}
          approvals={changed.approvals}
          redeploy={redeploy}
        />
      )}
    </>
  );
}
