'use client';

import { Plug } from 'lucide-react';
import { useState } from 'react';
import { ConnectionState } from '@/components/connections/connection-state';
import { QuotaText } from '@/components/connections/quota-line';
import { FreshnessNotice } from '@/components/live/freshness';
import { useLiveQuery } from '@/components/live/use-live-query';
import { EmptyState } from '@/components/ui/empty-state';
import { Link } from '@/components/ui/link';
import { Facts, Panel } from '@/components/ui/panel';
import { RelativeTime } from '@/components/ui/relative-time';
import { ToneBadge } from '@/components/ui/tone';
import { type DoctorConnection, type DoctorView, worstFirst } from '@/lib/doctor/model/view';
import { queryKeys } from '@/lib/realtime/protocol';
import { FindingList } from './finding-list';
import { CheckButton, type DoctorActions } from './mend-button';

interface DoctorScreenProps {
  initial: DoctorView;
  actions: DoctorActions;
  /** Why this person may not check or replay; null when they may. */
  disabledReason: string | null;
}

/** Every connection with what is wrong with it. Stored knowledge: only *Check again* asks a provider. */
export function DoctorScreen({ initial, actions, disabledReason }: DoctorScreenProps) {
  const {
    data = initial,
    error,
    dataUpdatedAt,
  } = useLiveQuery({ queryKey: [...queryKeys.connections, 'doctor'], path: '/api/v1/doctor', initialData: initial });
  // As it was when the page was opened: what is mended stays where somebody is looking.
  const [order] = useState(() => worstFirst(initial.connections).map(({ id }) => id));
  const place = ({ id }: DoctorConnection) => (order.includes(id) ? order.indexOf(id) : order.length);
  return (
    <div className="grid gap-5 *:min-w-0">
      <FreshnessNotice error={error} updatedAt={dataUpdatedAt} />
      <Verdict counts={data.counts} />
      {data.connections.length === 0 ? (
        <EmptyState icon={<Plug aria-hidden />} title="No connection yet">
          A connection is an account at a provider, with its credential.
        </EmptyState>
      ) : null}
      {data.connections
        .toSorted((a, b) => place(a) - place(b))
        .map((each) => (
          <ConnectionPanel key={each.id} connection={each} actions={actions} disabledReason={disabledReason} />
        ))}
      {data.subscriptions && data.subscriptions.length > 0 ? (
        <Panel title="Notifications">
          <FindingList findings={data.subscriptions} actions={actions} disabledReason={disabledReason} />
        </Panel>
      ) : null}
    </div>
  );
}

function Verdict({ counts: { broken, warning, note } }: Pick<DoctorView, 'counts'>) {
  if (broken + warning + note === 0)
    return (
      <p>
        <ToneBadge tone="good">Nothing is known to be wrong</ToneBadge>
      </p>
    );
  return (
    <p className="flex flex-wrap gap-2">
      {broken > 0 ? <ToneBadge tone="bad">{broken} broken</ToneBadge> : null}
      {warning > 0 ? <ToneBadge tone="warn">{warning === 1 ? '1 warning' : `${warning} warnings`}</ToneBadge> : null}
      {note > 0 ? <ToneBadge tone="neutral">{note === 1 ? '1 note' : `${note} notes`}</ToneBadge> : null}
    </p>
  );
}

interface ConnectionPanelProps extends Pick<DoctorScreenProps, 'actions' | 'disabledReason'> {
  connection: DoctorConnection;
}

function ConnectionPanel({ connection, actions, disabledReason }: ConnectionPanelProps) {
  const { id, name, provider, state, findings } = connection;
  return (
    <Panel
      title={
        <Link href={`/connections/${id}`} className="rounded-sm hover:underline">
          {name}
        </Link>
      }
      description={provider.label}
      actions={
        <>
          <ConnectionState state={state} plain />
          <CheckButton id={id} label="Check again" check={actions.check} disabledReason={disabledReason} />
        </>
      }
    >
      <div className="grid gap-4">
        {findings.length > 0 ? (
          <FindingList findings={findings} actions={actions} disabledReason={disabledReason} />
        ) : (
          <p>
            <ToneBadge tone="good" plain>
              Nothing is known to be wrong
            </ToneBadge>
          </p>
        )}
        <KnownFacts connection={connection} />
      </div>
    </Panel>
  );
}

function KnownFacts({ connection }: { connection: DoctorConnection }) {
  const { account, checkedAt, expiresAt, scopes, quotas, webhook, uses } = connection;
  const when = (at: string | null, none: string) => (at ? <RelativeTime at={at} /> : none);
  return (
    <Facts
      items={[
        { name: 'Acts as', value: account ?? 'not known' },
        { name: 'Checked', value: when(checkedAt, 'never') },
        { name: 'Expires', value: when(expiresAt, 'no date known') },
        { name: 'May do', value: scopes.length > 0 ? scopes.join(', ') : 'the provider does not list it' },
        { name: 'Used by', value: uses === 1 ? '1 target or component' : `${uses} targets and components` },
        ...quotas.map((quota) => ({ name: `Limit: ${quota.resource}`, value: <QuotaText quota={quota} /> })),
        ...(webhook.supported
          ? [
              { name: 'Last webhook', value: when(webhook.lastReceivedAt, 'none came') },
              { name: 'Last one that failed', value: when(webhook.lastFailedAt, 'none that is kept') },
            ]
          : []),
      ]}
    />
  );
}
