import { RemoteRules } from '@/components/gates/remote-rules';
import { HostingWarning } from '@/components/hosting/hosting-warning';
import type { ComposerStart } from '@/lib/deployments/model/view';
import type { useComposer } from './use-composer';

/** Whether the host would keep the build back, and what the provider asks for besides. */
export function Besides({ start, composer }: { start: ComposerStart; composer: ReturnType<typeof useComposer> }) {
  const { plan, values } = composer;
  return (
    <>
      <HostingWarning targetId={start.target.id} />
      <RemoteRules
        targetId={start.target.id}
        gitRef={plan?.revision.ref ?? ''}
        refKind={plan?.revision.refKind ?? 'branch'}
        inputs={{ ...values, ...start.fixedInputs }}
      />
    </>
  );
}
