'use client';

import { UserRoundCheck } from 'lucide-react';
import { useState } from 'react';
import { useAction } from '@/components/console/use-action';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { ConfirmButton } from '@/components/ui/confirm-button';
import { later } from '@/components/ui/later';
import { Notice } from '@/components/ui/notice';
import { Panel } from '@/components/ui/panel';
import { RelativeTime } from '@/components/ui/relative-time';
import type { OwnTokenView } from '@/lib/connections/model/own-token';
import type { Action } from '@/lib/kernel/result';

const OwnTokenDialog = later(() => import('./own-token-dialog').then((file) => file.OwnTokenDialog));

export interface OwnTokensProps {
  rows: readonly OwnTokenView[];
  store: Action<{ connectionId: string; origin: string; token: string }, { login: string; last4: string }>;
  check: Action<{ connectionId: string }, { login: string; accepted: boolean }>;
  remove: Action<{ connectionId: string }, unknown>;
}

/** One's own tokens at providers, for what a provider lets only people do. Nobody else sees or uses them. */
export function OwnTokens({ rows, store, check, remove }: OwnTokensProps) {
  const [entering, setEntering] = useState<OwnTokenView | null>(null);
  return (
    <Panel
      title="Your tokens"
      description="Of your own account at a provider, to answer where it asks people and not programs. Only you can use them; administrators cannot see that they are there."
      body="flush"
      id="own-tokens"
    >
      {rows.length === 0 ? (
        <p className="px-4 py-3 text-sm text-ink-soft">
          None is needed: nothing that you can see is deployed through a provider that holds runs for people.
        </p>
      ) : (
        <ul className="divide-y divide-line">
          {rows.map((row) => (
            <Line key={row.connection.id} {...{ row, check, remove }} onEnter={() => setEntering(row)} />
          ))}
        </ul>
      )}
      {entering ? <OwnTokenDialog row={entering} store={store} onClose={() => setEntering(null)} /> : null}
    </Panel>
  );
}

type LineProps = { row: OwnTokenView; onEnter: () => void } & Pick<OwnTokensProps, 'check' | 'remove'>;

function Line({ row, check, remove, onEnter }: LineProps) {
  const { connection, stored } = row;
  const checking = useAction(check);
  const removing = useAction(remove);
  const { id: connectionId } = connection;
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1.5 px-4 py-2.5 text-sm">
      <UserRoundCheck aria-hidden className="size-4 shrink-0 text-ink-faint" />
      <span className="grid min-w-0 flex-1 basis-48 gap-0.5">
        <span className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1">
          <span className="min-w-0 truncate">{connection.name}</span>
          <span className="text-xs text-ink-faint">{connection.providerLabel}</span>
          {stored ? <Badge>{stored.login}</Badge> : null}
        </span>
        {stored ? (
          <Facts stored={stored} />
        ) : (
          <span className="text-xs text-ink-faint">No token of yours is stored.</span>
        )}
        {stored?.problem ? <Notice tone="bad" title={stored.problem} className="mt-1" /> : null}
        {checking.refusal ? <Notice tone="bad" live title={checking.refusal.sentence} className="mt-1" /> : null}
      </span>
      <span className="flex flex-wrap gap-2">
        {stored ? (
          <>
            <Button size="sm" pending={checking.pending} onClick={() => void checking.run({ connectionId })}>
              Check
            </Button>
            <ConfirmButton
              size="sm"
              confirm={{
                title: `Remove your token for “${connection.name}”?`,
                description: `It is forgotten here. At ${connection.providerLabel} it stays good until you revoke it there.`,
                confirmLabel: 'Remove token',
                tone: 'danger',
              }}
              onConfirm={async () => {
                const done = await removing.run({ connectionId });
                return done.ok ? null : done.refusal.sentence;
              }}
            >
              Remove
            </ConfirmButton>
          </>
        ) : null}
        <Button size="sm" onClick={onEnter} aria-label={`Enter your token for ${connection.name}`}>
          {stored ? 'Replace' : 'Enter a token'}
        </Button>
      </span>
    </li>
  );
}

function Facts({ stored }: { stored: NonNullable<OwnTokenView['stored']> }) {
  return (
    <span className="text-xs text-ink-faint">
      ends in {stored.last4}, checked <RelativeTime at={stored.checkedAt} />,{' '}
      {stored.expiresAt ? (
        <>
          expires <RelativeTime at={stored.expiresAt} />
        </>
      ) : (
        'with no end that the provider tells'
      )}
      {stored.notes.map((note) => ` ${note}`)}
    </span>
  );
}
