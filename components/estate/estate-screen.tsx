import { Rocket } from 'lucide-react';
import { ButtonLink } from '@/components/ui/button-link';
import { Notice } from '@/components/ui/notice';
import { withLabel } from '@/lib/targets/model/label';
import type { EstateProgress, EstateTarget, EstateView } from '@/lib/targets/model/view';
import { ComponentPanel } from './component-panel';
import { EnvironmentPanel } from './environment-panel';
import type { EstateActions } from './estate-actions';
import { SetupSteps } from './setup-steps';
import type { ProviderForm } from './target-draft';
import { TargetPanel } from './target-panel';

interface EstateScreenProps {
  estate: EstateView;
  providers: Record<string, ProviderForm>;
  actions: EstateActions;
  /** The target that was stored just now. */
  savedId: string | null;
}

function progressOf(estate: EstateView): EstateProgress {
  const { connections, environments, components, targets, refusals } = estate;
  return {
    connections: connections.length,
    environments: environments.length,
    components: components.length,
    targets: targets.length,
    refusal: refusals.environments ?? refusals.components ?? refusals.targets,
  };
}

/** Environments, components and targets: everything a team sets up before it deploys. */
export function EstateScreen({ estate, providers, actions, savedId }: EstateScreenProps) {
  const saved = estate.targets.find((target) => target.id === savedId);
  return (
    <div className="grid gap-5 *:min-w-0">
      {saved ? <Saved target={saved} /> : null}
      {estate.targets.length === 0 ? <SetupSteps progress={progressOf(estate)} /> : null}
      <EnvironmentPanel estate={estate} actions={actions} />
      <ComponentPanel estate={estate} actions={actions} />
      <TargetPanel estate={estate} providers={providers} />
    </div>
  );
}

function Saved({ target }: { target: EstateTarget }) {
  const { component, environment, label } = target;
  return (
    <Notice
      tone="good"
      live
      title={`${component.name} can be deployed to ${withLabel(environment.name, label)}`}
      action={
        <ButtonLink href={`/deploy/${target.id}`} variant="primary" size="sm" icon={<Rocket aria-hidden />}>
          Deploy it now
        </ButtonLink>
      }
    />
  );
}
