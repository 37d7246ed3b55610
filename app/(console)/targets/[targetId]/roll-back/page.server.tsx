import type { Metadata } from 'next';
import { Refused } from '@/components/console/refused';
import { RollBackScreen } from '@/components/roll-back/roll-back-screen';
import { rollBackPlanQuery } from '@/lib/deployments/queries';
import { rollBackAction } from '../../../deployments/actions';
import { whyNot } from '../../../may';
import { readOrRefuse } from '../../../read-or-refuse';

export const metadata: Metadata = { title: 'Roll back' };

interface RollBackPageProps {
  params: Promise<{ targetId: string }>;
  searchParams: Promise<{ to?: string | string[] }>;
}

/** The plan for `?to=…`, or for the last one that was verified: at night nobody should have to choose first. */
async function readPlan(targetId: string, to: string | undefined) {
  const path = `/targets/${targetId}/roll-back`;
  const first = await readOrRefuse(rollBackPlanQuery, { targetId, ...(to ? { toDeploymentId: to } : {}) }, path);
  if (!first.ok || first.value.chosen) return first;
  const last = first.value.candidates[0];
  return last ? await readOrRefuse(rollBackPlanQuery, { targetId, toDeploymentId: last.id }, path) : first;
}

export default async function RollBackPage({ params, searchParams }: RollBackPageProps) {
  const [{ targetId }, { to }] = await Promise.all([params, searchParams]);
  const [read, overrideRefusal] = await Promise.all([
    readPlan(targetId, typeof to === 'string' ? to : undefined),
    whyNot('freeze.override'),
  ]);
  if (!read.ok) return <Refused refusal={read.refusal} />;
  return (
    <RollBackScreen key={targetId} initial={read.value} rollBack={rollBackAction} overrideRefusal={overrideRefusal} />
  );
}
