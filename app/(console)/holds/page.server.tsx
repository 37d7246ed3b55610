import type { Metadata } from 'next';
import { Refused } from '@/components/console/refused';
import { HoldsScreen } from '@/components/holds/holds-screen';
import { PageHeader } from '@/components/ui/page-header';
import { holdsQuery } from '@/lib/gates/queries';
import { readOrRefuse } from '../read-or-refuse';
import * as act from './actions';

export const metadata: Metadata = { title: 'Holds' };

const actions = {
  lock: act.lockAction,
  lift: act.liftPinAction,
  freeze: act.freezeAction,
  updateFreeze: act.updateFreezeAction,
  endFreeze: act.endFreezeAction,
};

interface HoldsPageProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

const text = (value: string | string[] | undefined) => (typeof value === 'string' ? value : '');

/** `?add=lock&environment=…&component=…` opens the form with that scope. */
export default async function HoldsPage({ searchParams }: HoldsPageProps) {
  const [holds, search] = await Promise.all([readOrRefuse(holdsQuery, {}, '/holds'), searchParams]);
  if (!holds.ok)
    return (
      <>
        <PageHeader title="Holds" />
        <Refused refusal={holds.refusal} />
      </>
    );
  return (
    <HoldsScreen
      initial={holds.value}
      actions={actions}
      scope={{ environmentId: text(search['environment']), componentId: text(search['component']), targetId: '' }}
    />
  );
}
