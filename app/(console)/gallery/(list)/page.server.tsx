import type { Metadata } from 'next';
import { Refused } from '@/components/console/refused';
import { GalleryList } from '@/components/gallery/gallery-list';
import { ButtonLink } from '@/components/ui/button-link';
import { PageHeader } from '@/components/ui/page-header';
import { galleryListQuery } from '@/lib/gallery/queries';
import { readOrRefuse } from '../../read-or-refuse';

export const metadata: Metadata = { title: 'Gallery' };

type Search = Record<string, string | string[] | undefined>;

const one = (value: string | string[] | undefined): string => (Array.isArray(value) ? (value[0] ?? '') : (value ?? ''));

export default async function GalleryPage({ searchParams }: { searchParams: Promise<Search> }) {
  const search = await searchParams;
  const [text, category] = [one(search.text).slice(0, 200), one(search.category).slice(0, 100)];
  const page = Math.max(1, Math.min(10_000, Number.parseInt(one(search.page), 10) || 1));
  const read = await readOrRefuse(galleryListQuery, { text, category: category || null, page }, '/gallery');
  return (
    <>
      <PageHeader
        title="Gallery"
        description="Extensions that editors install from here, and from nowhere else."
        actions={<ButtonLink href="/gallery/tokens">Tokens and namespaces</ButtonLink>}
      />
      {read.ok ? <GalleryList view={read.value} text={text} category={category} /> : <Refused refusal={read.refusal} />}
    </>
  );
}
