import type { Metadata } from 'next';
import { Refused } from '@/components/console/refused';
import { EstateScreen } from '@/components/estate/estate-screen';
import type { JustSaved } from '@/components/estate/saved-target';
import { PageHeader } from '@/components/ui/page-header';
import { estateQuery } from '@/lib/targets/queries';
import { readOrRefuse } from '../../read-or-refuse';
import * as act from '../actions';
import { providerForms } from '../provider-forms';

export const metadata: Metadata = { title: 'What you deploy' };

const actions = {
  createComponent: act.createComponentAction,
  updateComponent: act.updateComponentAction,
  createEnvironment: act.createEnvironmentAction,
  updateEnvironment: act.updateEnvironmentAction,
  setPolicy: act.setPolicyAction,
};

interface EstatePageProps {
  searchParams: Promise<{ [name in 'saved' | 'also' | 'left']?: string | string[] }>;
}

export default async function EstatePage({ searchParams }: EstatePageProps) {
  const [estate, search] = await Promise.all([readOrRefuse(estateQuery, {}, '/estate'), searchParams]);
  return (
    <>
      <PageHeader
        title="What you deploy"
        description="Components, the environments they run in, and how each one gets there."
      />
      {estate.ok ? (
        <EstateScreen estate={estate.value} providers={providerForms()} actions={actions} saved={justSaved(search)} />
      ) : (
        <Refused refusal={estate.refusal} />
      )}
    </>
  );
}

function justSaved({ saved, also = [], left }: Awaited<EstatePageProps['searchParams']>): JustSaved | null {
  if (typeof saved !== 'string') return null;
  return { id: saved, also: [also].flat(), left: Math.min(Number.parseInt(String(left), 10) || 0, 999) };
}
