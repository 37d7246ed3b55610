import type { Metadata } from 'next';
import { Refused } from '@/components/console/refused';
import { NowBoard } from '@/components/now/now-board';
import { nowQuery } from '@/lib/deployments/queries';
import { liftPinAction } from '../holds/actions';
import { readOrRefuse } from '../read-or-refuse';
import { lookAction } from '../targets/actions';

export const metadata: Metadata = { title: 'Now' };

export default async function NowPage() {
  const now = await readOrRefuse(nowQuery, {}, '/now');
  return (
    <>
      <h1 className="sr-only">Now</h1>
      {now.ok ? (
        <NowBoard initial={now.value} liftPin={liftPinAction} look={lookAction} />
      ) : (
        <Refused refusal={now.refusal} />
      )}
    </>
  );
}
