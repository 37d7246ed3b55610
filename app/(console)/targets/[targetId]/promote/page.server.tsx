import type { Metadata } from 'next';
import { Refused } from '@/components/console/refused';
import { PromotionScreen } from '@/components/promotion/promotion-screen';
import { promotionPlanQuery } from '@/lib/deployments/queries';
import { promoteAction } from '../../../deployments/actions';
import { whyNot } from '../../../may';
import { readOrRefuse } from '../../../read-or-refuse';

export const metadata: Metadata = { title: 'Promote' };

interface PromotePageProps {
  params: Promise<{ targetId: string }>;
  searchParams: Promise<{ from?: string | string[] }>;
}

/** The plan for `?from=…`, or for the newest build that could be promoted. */
async function readPlan(targetId: string, from: string | undefined) {
  const path = `/targets/${targetId}/promote`;
  const first = await readOrRefuse(promotionPlanQuery, { targetId, ...(from ? { fromDeploymentId: from } : {}) }, path);
  if (!first.ok || first.value.chosen) return first;
  const newest = first.value.candidates[0];
  return newest ? await readOrRefuse(promotionPlanQuery, { targetId, fromDeploymentId: newest.id }, path) : first;
}

export default async function PromotePage({ params, searchParams }: PromotePageProps) {
  const [{ targetId }, { from }] = await Promise.all([params, searchParams]);
  const [read, overrideRefusal] = await Promise.all([
    readPlan(targetId, typeof from === 'string' ? from : undefined),
    whyNot('freeze.override'),
  ]);
  if (!read.ok) return <Refused refusal={read.refusal} />;
  return (
    <PromotionScreen key={targetId} initial={read.value} promote={promoteAction} overrideRefusal={overrideRefusal} />
  );
}
