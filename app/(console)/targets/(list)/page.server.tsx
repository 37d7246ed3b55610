import type { Metadata } from 'next';
import { Refused } from '@/components/console/refused';
import { MatrixBoard } from '@/components/matrix/matrix-board';
import { PageHeader } from '@/components/ui/page-header';
import { matrixQuery } from '@/lib/deployments/queries';
import { redeployAction } from '../../deployments/actions';
import { readOrRefuse } from '../../read-or-refuse';

export const metadata: Metadata = { title: 'What runs where' };

export default async function TargetsPage() {
  const matrix = await readOrRefuse(matrixQuery, {}, '/targets');
  return (
    <>
      <PageHeader title="What runs where" description="What each environment runs now, since when and by whom." />
      {matrix.ok ? (
        <MatrixBoard initial={matrix.value} redeploy={redeployAction} />
      ) : (
        <Refused refusal={matrix.refusal} />
      )}
    </>
  );
}
