import type { Metadata } from 'next';
import { Refused } from '@/components/console/refused';
import { TargetForm } from '@/components/estate/target-form';
import { Breadcrumbs } from '@/components/ui/breadcrumbs';
import { PageHeader } from '@/components/ui/page-header';
import { estateQuery } from '@/lib/targets/queries';
import { readOrRefuse } from '../../../read-or-refuse';
import { createTargetAction, updateTargetAction } from '../../actions';
import { providerForms } from '../../provider-forms';

export const metadata: Metadata = { title: 'Add a target' };

interface NewTargetPageProps {
  searchParams: Promise<{ component?: string | string[]; environment?: string | string[] }>;
}

export default async function NewTargetPage({ searchParams }: NewTargetPageProps) {
  const [estate, search] = await Promise.all([readOrRefuse(estateQuery, {}, '/estate/targets/new'), searchParams]);
  if (!estate.ok) return <Refused refusal={estate.refusal} />;
  return (
    <>
      <PageHeader
        above={<Breadcrumbs items={[{ label: 'What you deploy', href: '/estate' }, { label: 'Add a target' }]} />}
        title="Add a target"
        description="Where one component goes, and what is started to bring it there."
      />
      <TargetForm
        estate={estate.value}
        providers={providerForms()}
        target={null}
        wanted={{ component: String(search.component ?? ''), environment: String(search.environment ?? '') }}
        create={createTargetAction}
        update={updateTargetAction}
      />
    </>
  );
}
