import type { Metadata } from 'next';
import { Refused } from '@/components/console/refused';
import { PublishScreen } from '@/components/publications/publish-screen';
import { Breadcrumbs } from '@/components/ui/breadcrumbs';
import { PageHeader } from '@/components/ui/page-header';
import { publishPlanQuery } from '@/lib/publications/queries';
import { addOwnerAction, createNamespaceAction } from '../../../../gallery/actions';
import { readOrRefuse } from '../../../../read-or-refuse';
import { namespaceAction, publishAction, recallAction, unpublishAction } from './actions';

export const metadata: Metadata = { title: 'Publish' };

interface PublishPageProps {
  params: Promise<{ packageId: string }>;
}

export default async function PublishPage({ params }: PublishPageProps) {
  const { packageId } = await params;
  const read = await readOrRefuse(publishPlanQuery, { packageId }, `/extensions/packages/${packageId}/publish`);
  if (!read.ok) return <Refused refusal={read.refusal} />;
  const { extension, version } = read.value.package;
  return (
    <>
      <PageHeader
        above={
          <Breadcrumbs
            items={[
              { label: 'Extensions', href: '/extensions' },
              { label: `${extension} ${version}`, href: `/extensions/packages/${packageId}` },
              { label: 'Publish' },
            ]}
          />
        }
        title={`Publish ${extension} ${version}`}
        description="Each place gets the same package, by a deployment of its own. It counts as live when a client gets the same bytes."
      />
      <PublishScreen
        plan={read.value}
        actions={{
          publish: publishAction,
          recall: recallAction,
          unpublish: unpublishAction,
          makeNamespace: namespaceAction,
          createOwn: createNamespaceAction,
          becomeOwner: addOwnerAction,
        }}
      />
    </>
  );
}
