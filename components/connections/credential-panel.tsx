'use client';

import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { later } from '@/components/ui/later';
import { Facts, Panel } from '@/components/ui/panel';
import type { ConnectionDetail } from '@/lib/connections/model/view';
import type { ConnectionDetailProps } from './connection-detail';
import { KIND_WORDS } from './credential-words';

const ReplaceDialog = later(() => import('./replace-dialog').then((file) => file.ReplaceDialog));

interface CredentialPanelProps extends Pick<ConnectionDetailProps, 'actions' | 'disabledReason'> {
  connection: ConnectionDetail;
}

/** Which credential stands there; it can be replaced and never read. */
export function CredentialPanel({ connection, actions, disabledReason }: CredentialPanelProps) {
  const { credential, app } = connection;
  const [open, setOpen] = useState(false);
  const ids = app
    ? [
        { name: 'App id', value: app.appId },
        { name: 'Installation id', value: app.installationId },
      ]
    : [];
  return (
    <Panel
      title="Credential"
      actions={
        <Button size="sm" icon={<KeyRound aria-hidden />} onClick={() => setOpen(true)} disabledReason={disabledReason}>
          {credential.present ? 'Replace…' : 'Enter…'}
        </Button>
      }
    >
      <Facts
        items={[
          { name: 'Kind', value: KIND_WORDS[credential.kind].long },
          {
            name: 'Stored',
            value: credential.present
              ? `sealed${credential.last4 ? `, ends in ${credential.last4}` : ''}`
              : 'no, enter one to use this connection',
          },
          { name: 'Sent only to', value: connection.sentTo.join(' and ') },
          ...ids,
        ]}
      />
      {open ? <ReplaceDialog connection={connection} actions={actions} onClose={() => setOpen(false)} /> : null}
    </Panel>
  );
}
