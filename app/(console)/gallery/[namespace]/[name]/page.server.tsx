import type { Metadata } from 'next';
import { Refused } from '@/components/console/refused';
import { ExtensionScreen } from '@/components/gallery/extension-screen';
import { Breadcrumbs } from '@/components/ui/breadcrumbs';
import { PageHeader } from '@/components/ui/page-header';
import { galleryExtensionQuery } from '@/lib/gallery/queries';
import { lexReadme } from '@/lib/gallery/server';
import { readOrRefuse } from '../../../read-or-refuse';
import { unyankAction, yankAction } from '../../actions';

type Params = Promise<{ namespace: string; name: string }>;

export async function generateMetadata({ params }: { params: Params }): Promise<Metadata> {
  const { namespace, name } = await params;
  return { title: `${namespace}.${name} · Gallery` };
}

export default async function GalleryExtensionPage({ params }: { params: Params }) {
  const { namespace, name } = await params;
  const path = `/gallery/${namespace}/${name}`;
  const read = await readOrRefuse(galleryExtensionQuery, { namespace, name }, path);
  const above = <Breadcrumbs items={[{ label: 'Gallery', href: '/gallery' }, { label: `${namespace}.${name}` }]} />;
  if (!read.ok)
    return (
      <>
        <PageHeader above={above} title={`${namespace}.${name}`} />
        <Refused refusal={read.refusal} />
      </>
    );
  const { readme } = read.value;
  return (
    <>
      <PageHeader above={above} title={read.value.displayName} description={read.value.description || undefined} />
      <ExtensionScreen
        view={read.value}
        readme={readme === null ? null : lexReadme(readme)}
        yank={yankAction}
        unyank={unyankAction}
      />
    </>
  );
}
