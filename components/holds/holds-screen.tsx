'use client';

import { Lock, Snowflake } from 'lucide-react';
import { useState } from 'react';
import { useAsked } from '@/components/console/use-asked';
import { FreshnessNotice } from '@/components/live/freshness';
import { useLiveQuery } from '@/components/live/use-live-query';
import { Button } from '@/components/ui/button';
import { later } from '@/components/ui/later';
import { PageHeader } from '@/components/ui/page-header';
import { Skeleton } from '@/components/ui/skeleton';
import type { FreezeEntry, HoldsView } from '@/lib/gates/model/view';
import { queryKeys } from '@/lib/realtime/protocol';
import type { HoldActions } from './hold-actions';
import { Freezes, Held, HeldByHosts } from './hold-lists';
import { NextFreeze } from './next-freeze';
import type { ScopeDraft } from './scope-fields';

const LockDialog = later(() => import('./lock-dialog').then((file) => file.LockDialog));
const FreezeDialog = later(() => import('./freeze-dialog').then((file) => file.FreezeDialog));
const FreezeCalendar = later(
  () => import('./freeze-calendar').then((file) => file.FreezeCalendar),
  <Skeleton className="h-112 rounded-lg" />,
);

type Open = { kind: 'lock' } | { kind: 'freeze'; freeze: FreezeEntry | null } | null;

interface HoldsScreenProps {
  initial: HoldsView;
  actions: HoldActions;
  /** What the lock form starts with: other pages come here with it. */
  scope: ScopeDraft;
}

/** Everything that keeps something from going live, and what waits because of it. Live. */
export function HoldsScreen({ initial, actions, scope }: HoldsScreenProps) {
  const live = useLiveQuery({
    queryKey: queryKeys.holds,
    path: '/api/v1/holds',
    initialData: initial,
    everyMs: 60_000,
  });
  const holds = live.data ?? initial;
  const { refusals } = holds;
  const [open, show] = useState<Open>(null);
  useAsked('add', 'lock', () => show(refusals.lock ? null : { kind: 'lock' }), ['environment', 'component']);
  useAsked('add', 'freeze', () => show(refusals.freeze ? null : { kind: 'freeze', freeze: null }));
  const close = () => show(null);
  return (
    <div className="grid gap-4 *:min-w-0">
      <PageHeader
        className="mb-0"
        title="Holds"
        description={<NextFreeze freezes={holds.freezes} />}
        actions={
          <>
            <Button icon={<Lock aria-hidden />} disabledReason={refusals.lock} onClick={() => show({ kind: 'lock' })}>
              Lock…
            </Button>
            <Button
              icon={<Snowflake aria-hidden />}
              disabledReason={refusals.freeze}
              onClick={() => show({ kind: 'freeze', freeze: null })}
            >
              Plan a freeze…
            </Button>
          </>
        }
      />
      <FreshnessNotice error={live.error} updatedAt={live.dataUpdatedAt} />
      <Held pins={holds.pins} lift={actions.lift} />
      <HeldByHosts hosts={holds.hosts} />
      <div className="grid items-start gap-4 *:min-w-0 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <FreezeCalendar />
        <Freezes
          freezes={holds.freezes}
          end={actions.endFreeze}
          onEdit={(freeze) => show({ kind: 'freeze', freeze })}
        />
      </div>
      {open?.kind === 'lock' ? (
        <LockDialog scopes={holds.scopes} lock={actions.lock} initial={scope} onClose={close} />
      ) : null}
      {open?.kind === 'freeze' ? (
        <FreezeDialog freeze={open.freeze} scopes={holds.scopes} actions={actions} onClose={close} />
      ) : null}
    </div>
  );
}
