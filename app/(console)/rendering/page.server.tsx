import type { Metadata } from 'next';
import { Refused } from '@/components/console/refused';
import { RenderingScreen } from '@/components/rendering/rendering-screen';
import { PageHeader } from '@/components/ui/page-header';
import { renderingQuery } from '@/lib/rendering/queries';
import { redeployAction } from '../deployments/actions';
import { whyNot } from '../may';
import { readOrRefuse } from '../read-or-refuse';
import { switchRenderingAction } from './actions';

export const metadata: Metadata = { title: 'Web rendering & config' };

export default async function RenderingPage() {
  const [read, overrideRefusal] = await Promise.all([
    readOrRefuse(renderingQuery, {}, '/rendering'),
    whyNot('freeze.override'),
  ]);
  return (
    <>
      <PageHeader
        title="Web rendering & config"
        description="How each web dashboard is built in each environment, what proves it, and what moving it would do."
      />
      {read.ok ? (
        <RenderingScreen
          initial={read.value}
          switchMode={switchRenderingAction}
          overrideRefusal={overrideRefusal}
          redeploy={redeployAction}
        />
      ) : (
        <Refused refusal={read.refusal} />
      )}
    </>
  );
}
