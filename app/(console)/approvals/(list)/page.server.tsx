import type { Metadata } from 'next';
import { ApprovalBoard } from '@/components/approval/approval-board';
import { Refused } from '@/components/console/refused';
import { PageHeader } from '@/components/ui/page-header';
import { deploymentListQuery, nowQuery } from '@/lib/deployments/queries';
import { readOrRefuse } from '../../read-or-refuse';

export const metadata: Metadata = { title: 'Approvals' };

export default async function ApprovalsPage() {
  const [waiting, now] = await Promise.all([
    readOrRefuse(deploymentListQuery, { status: 'awaiting_approval', limit: 100 }, '/approvals'),
    readOrRefuse(nowQuery, {}, '/approvals'),
  ]);
  const refused = !waiting.ok ? waiting : !now.ok ? now : null;
  return (
    <>
      <PageHeader title="Approvals" description="Deployments that start only when enough people said yes." />
      {refused ? <Refused refusal={refused.refusal} /> : null}
      {waiting.ok && now.ok ? <ApprovalBoard waiting={waiting.value} now={now.value} /> : null}
    </>
  );
}
