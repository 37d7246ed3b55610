import type { Metadata } from 'next';
import { Refused } from '@/components/console/refused';
import { ReleasesScreen } from '@/components/releases/releases-screen';
import { PageHeader } from '@/components/ui/page-header';
import { releaseListQuery } from '@/lib/releases/queries';
import { readOrRefuse } from '../read-or-refuse';
import { createReleaseAction, createTagAction, publishReleaseAction } from './actions';

export const metadata: Metadata = { title: 'Releases' };

const actions = { create: createReleaseAction, publish: publishReleaseAction, tag: createTagAction };

interface ReleasesPageProps {
  searchParams: Promise<{ component?: string | string[] }>;
}

/** `?component=backend` shows its repositories only. */
export default async function ReleasesPage({ searchParams }: ReleasesPageProps) {
  const { component } = await searchParams;
  const wanted = typeof component === 'string' && component !== '' ? { component: component.slice(0, 80) } : {};
  const read = await readOrRefuse(releaseListQuery, wanted, '/releases');
  return (
    <>
      <PageHeader title="Releases" description="Versions of the repositories, and which of them is live where." />
      {read.ok ? <ReleasesScreen view={read.value} actions={actions} /> : <Refused refusal={read.refusal} />}
    </>
  );
}
