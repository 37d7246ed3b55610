'use client';

import { FileBadge } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { later } from '@/components/ui/later';
import { Panel } from '@/components/ui/panel';
import { RelativeTime } from '@/components/ui/relative-time';
import type { AuthorityProps } from './authority-dialog';

const AuthorityDialog = later(() => import('./authority-dialog').then((file) => file.AuthorityDialog));

interface AuthorityPanelProps extends AuthorityProps {
  disabledReason: string | null;
}

/** By whose word the server is believed to be the one that was meant. */
export function AuthorityPanel({ connection, actions, disabledReason }: AuthorityPanelProps) {
  const { trusted } = connection.authorities;
  const [open, setOpen] = useState(false);
  return (
    <Panel
      title="Certificate authority"
      actions={
        <Button
          size="sm"
          icon={<FileBadge aria-hidden />}
          onClick={() => setOpen(true)}
          disabledReason={disabledReason}
        >
          {trusted.length > 0 ? 'Change authority…' : 'Enter authority…'}
        </Button>
      }
    >
      {trusted.length === 0 ? (
        <p className="text-sm text-ink-soft">The usual ones, as in a browser. A server of your own may have its own.</p>
      ) : (
        <ul className="grid gap-3">
          {trusted.map(({ subject, validFrom, expiresAt, fingerprint }) => (
            <li key={fingerprint} className="grid min-w-0 gap-0.5 text-sm">
              <span className="font-medium wrap-anywhere">{subject}</span>
              <span className="text-ink-soft">
                {validFrom ? `Valid from ${validFrom.slice(0, 10)}, expires` : 'Expires'}{' '}
                <RelativeTime at={expiresAt} />
              </span>
              <span className="font-mono text-xs break-all text-ink-faint">SHA-256 {fingerprint}</span>
            </li>
          ))}
        </ul>
      )}
      {open ? <AuthorityDialog connection={connection} actions={actions} onClose={() => setOpen(false)} /> : null}
    </Panel>
  );
}
