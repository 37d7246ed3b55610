import type { Metadata } from 'next';
import { NothingHere } from '@/components/console/nothing-here';
import { Refused } from '@/components/console/refused';
import { PublicPanel } from '@/components/estate/public-panel';
import { TargetForm } from '@/components/estate/target-form';
import { TellingPanel } from '@/components/estate/telling-panel';
import { EnvironmentRules } from '@/components/gates/environment-rules';
import { Breadcrumbs } from '@/components/ui/breadcrumbs';
import { PageHeader } from '@/components/ui/page-header';
import { estateQuery } from '@/lib/targets/queries';
import { readOrRefuse } from '../../../read-or-refuse';
import { createTargetAction, setPublicAction, setTellingAction, updateTargetAction } from '../../actions';
import { providerForms, tellsTo } from '../../provider-forms';

export const metadata: Metadata = { title: 'Change a target' };

export default async function TargetPage({ params }: { params: Promise<{ targetId: string }> }) {
  const { targetId } = await params;
  const estate = await readOrRefuse(estateQuery, {}, `/estate/targets/${encodeURIComponent(targetId)}`);
  if (!estate.ok) return <Refused refusal={estate.refusal} />;
  const target = estate.value.targets.find((each) => each.id === targetId);
  if (!target) return <NothingHere />;
  const { component, environment, label } = target;
  const title = `${component.name} to ${environment.name}${label ? ` (${label})` : ''}`;
  return (
    <>
      <PageHeader
        above={<Breadcrumbs items={[{ label: 'What you deploy', href: '/estate' }, { label: title }]} />}
        title={title}
        description="What is started to bring it there. Past deployments keep the settings that they used."
      />
      <TargetForm
        key={target.id}
        estate={estate.value}
        providers={providerForms()}
        target={target}
        wanted={{ component: component.slug, environment: environment.slug }}
        create={createTargetAction}
        update={updateTargetAction}
      />
      <EnvironmentRules targetId={target.id} />
      <TellingPanel target={target} set={setTellingAction} to={tellsTo(target.connection.providerId)} />
      <PublicPanel target={target} set={setPublicAction} />
    </>
  );
}
