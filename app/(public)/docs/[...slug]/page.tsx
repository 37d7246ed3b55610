import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { listDocs, readDoc } from '@/lib/site-docs/server';
import { DECISIONS_SLUG, DocScreen } from '../doc-screen';

interface DocPageProps {
  params: Promise<{ slug: string[] }>;
}

/** What the build does not know is not there. */
export const dynamicParams = false;

export function generateStaticParams(): { slug: string[] }[] {
  return listed().map((slug) => ({ slug: [...slug] }));
}

const listed = () => [...listDocs().map(({ slug }) => slug), DECISIONS_SLUG].filter(({ length }) => length > 0);

export async function generateMetadata(props: DocPageProps): Promise<Metadata> {
  return { title: readDoc(await slugOf(props))?.title ?? 'Decisions' };
}

export default async function DocPage(props: DocPageProps) {
  return <DocScreen slug={await slugOf(props)} />;
}

/** Where each page is made for its request, the framework lets every address through. */
async function slugOf({ params }: DocPageProps): Promise<readonly string[]> {
  const { slug } = await params;
  if (!listed().some((known) => known.join('/') === slug.join('/'))) notFound();
  return slug;
}
