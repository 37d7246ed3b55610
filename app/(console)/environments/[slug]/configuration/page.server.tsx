import type { Metadata } from 'next';
import { ConfigurationScreen } from '@/components/configuration/configuration-screen';
import { Refused } from '@/components/console/refused';
import { Breadcrumbs } from '@/components/ui/breadcrumbs';
import { PageHeader } from '@/components/ui/page-header';
import { configurationQuery } from '@/lib/configuration/queries';
import { redeployAction } from '../../../deployments/actions';
import { readOrRefuse } from '../../../read-or-refuse';
import * as act from './actions';

export const metadata: Metadata = { title: 'Configuration' };

const actions = {
  planSet: act.planSettingAction,
  planRemoval: act.planRemovalAction,
  set: act.setSettingAction,
  remove: act.removeSettingAction,
};

interface ConfigurationPageProps {
  params: Promise<{ slug: string }>;
}

export default async function ConfigurationPage({ params }: ConfigurationPageProps) {
  const { slug } = await params;
  const path = `/environments/${encodeURIComponent(slug)}/configuration`;
  const read = await readOrRefuse(configurationQuery, { environment: slug }, path);
  if (!read.ok) return <Refused refusal={read.refusal} />;
  const { environment } = read.value;
  return (
    <>
      <PageHeader
        above={
          <Breadcrumbs
            items={[
              { label: 'What you deploy', href: '/estate' },
              { label: environment.name },
              { label: 'Configuration' },
            ]}
          />
        }
        title={`Configuration of ${environment.name}`}
        description="Secrets and variables by name, where their targets find them. Values are never shown."
      />
      <ConfigurationScreen key={environment.slug} view={read.value} actions={actions} redeploy={redeployAction} />
    </>
  );
}
