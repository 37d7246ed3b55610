import type { Metadata } from 'next';
import { Refused } from '@/components/console/refused';
import { SiteScreen } from '@/components/docs-sites/site-screen';
import { Breadcrumbs } from '@/components/ui/breadcrumbs';
import { PageHeader } from '@/components/ui/page-header';
import { siteQuery } from '@/lib/docs-sites/queries';
import { readOrRefuse } from '../../../read-or-refuse';
import { setSiteAction } from './actions';

export const metadata: Metadata = { title: 'Site and versions' };

interface SitePageProps {
  params: Promise<{ slug: string }>;
  searchParams: Promise<{ repository?: string | string[] }>;
}

export default async function SitePage({ params, searchParams }: SitePageProps) {
  const [{ slug }, search] = await Promise.all([params, searchParams]);
  const path = `/components/${encodeURIComponent(slug)}`;
  const input = { slug, ...(typeof search.repository === 'string' && { repository: search.repository }) };
  const read = await readOrRefuse(siteQuery, input, `${path}/versions`);
  if (!read.ok) return <Refused refusal={read.refusal} />;
  const { name } = read.value.component;
  return (
    <>
      <PageHeader
        above={
          <Breadcrumbs
            items={[{ label: 'What runs where', href: '/targets' }, { label: name, href: path }, { label: 'Site' }]}
          />
        }
        title={`Site of ${name}`}
        description="What visitors see: which versions there are, the commits they were built from, and who builds the site."
      />
      <SiteScreen key={`${slug} ${read.value.repository}`} view={read.value} setSite={setSiteAction} />
    </>
  );
}
