import type { Metadata } from 'next';
import { Refused } from '@/components/console/refused';
import { CredentialsScreen } from '@/components/publications/credentials-screen';
import { Breadcrumbs } from '@/components/ui/breadcrumbs';
import { PageHeader } from '@/components/ui/page-header';
import { retirementQuery } from '@/lib/publications/queries';
import { setUpAction } from '../../components/[slug]/setup/actions';
import { readOrRefuse } from '../../read-or-refuse';

export const metadata: Metadata = { title: 'Credentials of galleries' };

interface CredentialsPageProps {
  searchParams: Promise<{ component?: string | string[] }>;
}

export default async function ExtensionCredentialsPage({ searchParams }: CredentialsPageProps) {
  const { component } = await searchParams;
  const input = typeof component === 'string' ? { component } : {};
  const read = await readOrRefuse(retirementQuery, input, '/extensions/credentials');
  return (
    <>
      <PageHeader
        above={<Breadcrumbs items={[{ label: 'Extensions', href: '/extensions' }, { label: 'Credentials' }]} />}
        title="Credentials"
        description="By what extensions are published, until when it holds, and how to do without."
      />
      {read.ok ? <CredentialsScreen view={read.value} setUp={setUpAction} /> : <Refused refusal={read.refusal} />}
    </>
  );
}
