import type { Metadata } from 'next';
import { NothingHere } from '@/components/console/nothing-here';
import { Refused } from '@/components/console/refused';
import { MeasurePanel } from '@/components/estate/measure-panel';
import { PublicPanel } from '@/components/estate/public-panel';
import { RuntimePanel } from '@/components/estate/runtime-panel';
import { TargetForm } from '@/components/estate/target-form';
import { TellingPanel } from '@/components/estate/telling-panel';
import { EnvironmentRules } from '@/components/gates/environment-rules';
import { Breadcrumbs } from '@/components/ui/breadcrumbs';
import { PageHeader } from '@/components/ui/page-header';
import { targetHealthQuery } from '@/lib/observability/queries';
import { withLabel } from '@/lib/targets/model/label';
import { estateQuery } from '@/lib/targets/queries';
import { readOrRefuse } from '../../../read-or-refuse';
import {
  createTargetAction,
  setHealthAction,
  setPublicAction,
  setRuntimeAction,
  setTellingAction,
  updateTargetAction,
} from '../../actions';
import { providerForms, runtimeForms, tellsTo } from '../../provider-forms';

export const metadata: Metadata = { title: 'Change a target' };

export default async function TargetPage({ params }: { params: Promise<{ targetId: string }> }) {
  const { targetId } = await params;
  const path = `/estate/targets/${encodeURIComponent(targetId)}`;
  const [estate, measured] = await Promise.all([
    readOrRefuse(estateQuery, {}, path),
    readOrRefuse(targetHealthQuery, { targetId }, path),
  ]);
  if (!estate.ok) return <Refused refusal={estate.refusal} />;
  const target = estate.value.targets.find((each) => each.id === targetId);
  if (!target) return <NothingHere />;
  const { component, environment, label } = target;
  const to = tellsTo(target.connection.providerId);
  const title = `${component.name} to ${withLabel(environment.name, label)}`;
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
      <RuntimePanel
        key={`runtime ${target.id}`}
        target={target}
        connections={estate.value.connections}
        runtimes={runtimeForms()}
        refusal={estate.value.refusals.runtimes}
        set={setRuntimeAction}
      />
      {measured.ok ? (
        <MeasurePanel key={`measured ${measured.value.version}`} current={measured.value} set={setHealthAction} />
      ) : null}
      {to === null ? null : <TellingPanel target={target} set={setTellingAction} to={to} />}
      <PublicPanel target={target} set={setPublicAction} />
    </>
  );
}
