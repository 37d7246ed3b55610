import type { Metadata } from 'next';
import { ConnectionForm } from '@/components/connections/connection-form';
import { Refused } from '@/components/console/refused';
import { Breadcrumbs } from '@/components/ui/breadcrumbs';
import { Notice } from '@/components/ui/notice';
import { PageHeader } from '@/components/ui/page-header';
import { Panel } from '@/components/ui/panel';
import { connectionListQuery } from '@/lib/connections/queries';
import { catalog } from '@/lib/providers/catalog.generated';
import { whyNot } from '../../may';
import { readOrRefuse } from '../../read-or-refuse';
import { createAction, verifyAction } from '../actions';

export const metadata: Metadata = { title: 'Add a connection' };

export default async function NewConnectionPage() {
  const [read, disabledReason] = await Promise.all([
    readOrRefuse(connectionListQuery, {}, '/connections/new'),
    whyNot('connection.manage'),
  ]);
  // Where the code is comes first: that is what everybody begins with.
  const holds = (manifest: (typeof catalog)[string]) => Number('source' in manifest.capabilities);
  const sorted = Object.values(catalog).sort((a, b) => holds(b) - holds(a));
  const [first, ...rest] = sorted.map(
    ({ id, label, docsUrl, defaultOrigin, credentialKinds, credentialForms = [], credentialHelp = null, ...more }) => ({
      ...{ id, label, docsUrl, defaultOrigin },
      ...{ credentialKinds, credentialForms, credentialHelp },
      ownServer: more.ownServer ?? null,
    }),
  );
  if (!read.ok || !first) return <Refused refusal={read.ok ? NO_PROVIDER : read.refusal} />;
  return (
    <>
      <PageHeader
        above={<Breadcrumbs items={[{ label: 'Connections', href: '/connections' }, { label: 'Add a connection' }]} />}
        title="Add a connection"
        description="An account at a provider. It is checked as soon as it is stored."
      />
      {disabledReason ? <Notice tone="warn" title={disabledReason} className="mb-4 max-w-160" /> : null}
      <Panel className="max-w-160">
        <ConnectionForm
          create={createAction}
          verify={verifyAction}
          providers={[first, ...rest]}
          disabledReason={disabledReason}
        />
      </Panel>
    </>
  );
}

const NO_PROVIDER = { code: 'no_provider', sentence: 'This build knows no provider. Install a complete build.' };
