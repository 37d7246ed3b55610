import type { Metadata } from 'next';
import { Refused } from '@/components/console/refused';
import { PackagesScreen } from '@/components/extensions/packages-screen';
import { GalleriesPanel } from '@/components/publications/galleries-panel';
import { InstallsPanel } from '@/components/publications/installs-panel';
import { ButtonLink } from '@/components/ui/button-link';
import { PageHeader } from '@/components/ui/page-header';
import { packageListQuery } from '@/lib/extensions/queries';
import type { ActionResult } from '@/lib/kernel/result';
import { installsView } from '@/lib/publications/model/installs';
import type { PublicationsView } from '@/lib/publications/model/view';
import { publicationsQuery } from '@/lib/publications/queries';
import { whyNot } from '../../may';
import { readOrRefuse } from '../../read-or-refuse';

export const metadata: Metadata = { title: 'Extensions' };

interface ExtensionsPageProps {
  searchParams: Promise<{ cursor?: string | string[] }>;
}

/** Versions × galleries on the first page; a question that was refused says so in its place. */
function galleriesOf(published: ActionResult<PublicationsView> | null) {
  if (!published) return null;
  if (!published.ok) return <Refused refusal={published.refusal} />;
  const { installs, places } = published.value;
  return (
    <>
      <GalleriesPanel view={published.value} />
      <InstallsPanel view={installsView(installs, places)} />
    </>
  );
}

export default async function ExtensionsPage({ searchParams }: ExtensionsPageProps) {
  const { cursor } = await searchParams;
  const page = typeof cursor === 'string' ? { cursor: cursor.slice(0, 200) } : {};
  const [read, uploadRefusal, published] = await Promise.all([
    readOrRefuse(packageListQuery, page, '/extensions'),
    whyNot('deployment.request'),
    'cursor' in page ? null : readOrRefuse(publicationsQuery, {}, '/extensions'),
  ]);
  return (
    <>
      <PageHeader
        title="Extensions"
        description="Packages of VS Code extensions: each kept once, looked through, and compared with what is live."
        actions={<ButtonLink href="/extensions/credentials">Credentials</ButtonLink>}
      />
      {read.ok ? (
        <PackagesScreen
          view={read.value}
          uploadRefusal={uploadRefusal}
          isFirstPage={!('cursor' in page)}
          galleries={galleriesOf(published)}
        />
      ) : (
        <Refused refusal={read.refusal} />
      )}
    </>
  );
}
