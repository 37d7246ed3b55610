import { deploymentHref } from '@/components/deployments/deployment-row';
import { Link } from '@/components/ui/link';
import { Notice } from '@/components/ui/notice';
import type { RollBackPlan } from '@/lib/deployments/model/roll-back';

const CAN = { cancel: 'Cancel', 'stop-waiting': 'Stop waiting for' } as const;

/** What goes there first, and the page where that can be ended. */
export function AheadNotice({ ahead: { id, number, says, can } }: { ahead: NonNullable<RollBackPlan['onItsWay']> }) {
  return (
    <Notice
      tone="warn"
      title={says}
      live
      action={
        <Link href={deploymentHref({ id })} className="underline underline-offset-3">
          {can ? CAN[can] : 'Open'} #{number}
        </Link>
      }
    />
  );
}
