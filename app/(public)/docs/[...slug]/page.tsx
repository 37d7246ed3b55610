import type { Metadata } from 'next';
import { listDocs, readDoc } from '@/lib/site-docs/server';
import { DECISIONS_SLUG, DocScreen } from '../doc-screen';

interface DocPageProps {
  params: Promise<{ slug: string[] }>;
}

/** What the build does not know is not there. */
export const dynamicParams = false;

export function generateStaticParams(): { slug: string[] }[] {
  const written = listDocs().map(({ slug }) => ({ slug: [...slug] }));
  return [...written.filter(({ slug }) => slug.length > 0), { slug: [...DECISIONS_SLUG] }];
}

export async function generateMetadata({ params }: DocPageProps): Promise<Metadata> {
  const { slug } = await params;
  return { title: readDoc(slug)?.title ?? 'Decisions' };
}

export default async function DocPage({ params }: DocPageProps) {
  return <DocScreen slug={(await params).slug} />;
}
