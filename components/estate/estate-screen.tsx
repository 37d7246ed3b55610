import type { EstateProgress, EstateView } from '@/lib/targets/model/view';
import { ComponentPanel } from './component-panel';
import { EnvironmentPanel } from './environment-panel';
import type { EstateActions } from './estate-actions';
import { type JustSaved, SavedTarget } from './saved-target';
import { SetupSteps } from './setup-steps';
import type { ProviderForm } from './target-draft';
import { TargetPanel } from './target-panel';

interface EstateScreenProps {
  estate: EstateView;
  providers: Record<string, ProviderForm>;
  actions: EstateActions;
  /** The target that was stored just now. */
  saved: JustSaved | null;
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
export function EstateScreen({ estate, providers, actions, saved }: EstateScreenProps) {
  return (
    <div className="grid gap-5 *:min-w-0">
      {saved ? <SavedTarget targets={estate.targets} saved={saved} /> : null}
      {estate.targets.length === 0 ? <SetupSteps progress={progressOf(estate)} /> : null}
      <EnvironmentPanel estate={estate} actions={actions} />
      <ComponentPanel estate={estate} actions={actions} />
      <TargetPanel estate={estate} providers={providers} />
    </div>
  );
}
