'use client';

import { Ellipsis, Pencil, ShieldCheck, Trash2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { useAction } from '@/components/console/use-action';
import { Breadcrumbs } from '@/components/ui/breadcrumbs';
import { Button } from '@/components/ui/button';
import { later } from '@/components/ui/later';
import { MenuButton } from '@/components/ui/menu-button';
import { PageHeader } from '@/components/ui/page-header';
import type { ConnectionDetail } from '@/lib/connections/model/view';
import type { ConnectionDetailProps } from './connection-detail';
import { ConnectionState } from './connection-state';
import { tellCheck } from './tell-check';

const ConfirmDialog = later(() => import('@/components/ui/confirm-dialog').then((file) => file.ConfirmDialog));
const EditDialog = later(() => import('./edit-dialog').then((file) => file.EditDialog));

interface ConnectionHeadProps extends Pick<ConnectionDetailProps, 'actions' | 'disabledReason'> {
  connection: ConnectionDetail;
}

export function ConnectionHead({ connection, actions, disabledReason }: ConnectionHeadProps) {
  const check = useAction(actions.verify);
  const [dialog, setDialog] = useState<'edit' | 'remove' | null>(null);
  const inUse =
    connection.targets > 0
      ? `${connection.targets} targets deploy through it. Point them to another connection first.`
      : null;

  async function verify() {
    const done = await check.run({ id: connection.id });
    if (done.ok) tellCheck(done.value);
  }

  return (
    <>
      <PageHeader
        above={<Breadcrumbs items={[{ label: 'Connections', href: '/connections' }, { label: connection.name }]} />}
        title={connection.name}
        marks={<ConnectionState state={connection.state} />}
        description={`${connection.provider.label}, ${connection.origin}`}
        actions={
          <>
            <Button
              icon={<ShieldCheck aria-hidden />}
              variant="primary"
              pending={check.pending}
              onClick={verify}
              disabledReason={disabledReason ?? (connection.credential.present ? null : 'Enter a credential first.')}
            >
              Check now
            </Button>
            <MenuButton
              button={{ kind: 'icon', label: 'More', variant: 'secondary', icon: <Ellipsis aria-hidden /> }}
              entries={[
                {
                  kind: 'action',
                  id: 'edit',
                  label: 'Rename or move…',
                  icon: <Pencil aria-hidden />,
                  onSelect: () => setDialog('edit'),
                  disabledReason,
                },
                {
                  kind: 'action',
                  id: 'remove',
                  label: 'Remove…',
                  icon: <Trash2 aria-hidden />,
                  tone: 'danger',
                  onSelect: () => setDialog('remove'),
                  disabledReason: disabledReason ?? inUse,
                },
              ]}
            />
          </>
        }
      />
      {check.refusal ? <CheckRefused sentence={check.refusal.sentence} /> : null}
      {dialog === 'edit' ? (
        <EditDialog
          key={connection.version}
          open
          onClose={() => setDialog(null)}
          connection={connection}
          update={actions.update}
        />
      ) : null}
      {dialog === 'remove' ? (
        <RemoveDialog onClose={() => setDialog(null)} connection={connection} remove={actions.remove} />
      ) : null}
    </>
  );
}

function CheckRefused({ sentence }: { sentence: string }) {
  return (
    <p role="alert" className="mb-4 text-sm text-bad">
      {sentence}
    </p>
  );
}

interface RemoveDialogProps extends Pick<ConnectionDetailProps['actions'], 'remove'> {
  onClose: () => void;
  connection: ConnectionDetail;
}

function RemoveDialog({ onClose, connection, remove }: RemoveDialogProps) {
  const router = useRouter();
  const removal = useAction(remove);
  return (
    <ConfirmDialog
      open
      onOpenChange={(next) => !next && onClose()}
      title={`Remove ${connection.name}?`}
      description="Its credential and webhook secret are deleted and cannot be brought back. Past deployments stay in the list."
      confirmLabel="Remove connection"
      tone="danger"
      typedGuard={connection.name}
      error={removal.refusal?.sentence}
      onConfirm={async () => {
        const done = await removal.run({ id: connection.id, version: connection.version });
        if (done.ok) router.push('/connections');
      }}
    />
  );
}
