import type { Metadata } from 'next';
import { ApprovalScreen } from '@/components/approval/approval-screen';
import { Refused } from '@/components/console/refused';
import { requireActor } from '@/lib/auth/session';
import { approvalPacketQuery } from '@/lib/deployments/queries';
import { answerGateAction, approveAction, rejectAction } from '../../deployments/actions';
import { readOrRefuse } from '../../read-or-refuse';

export const metadata: Metadata = { title: 'Approve?' };

const actions = { approve: approveAction, reject: rejectAction, answerGate: answerGateAction };

export default async function ApprovalPage({ params }: { params: Promise<{ deploymentId: string }> }) {
  const { deploymentId } = await params;
  const read = await readOrRefuse(approvalPacketQuery, { deploymentId }, `/approvals/${deploymentId}`);
  if (!read.ok) return <Refused refusal={read.refusal} />;
  const { id } = await requireActor();
  return <ApprovalScreen key={deploymentId} initial={read.value} actions={actions} personId={id} />;
}
