'use client';

import { Lock, LockOpen, Snowflake } from 'lucide-react';
import { useState } from 'react';
import { useAsked } from '@/components/console/use-asked';
import { FreshnessNotice } from '@/components/live/freshness';
import { useLiveQuery } from '@/components/live/use-live-query';
import { Button } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { later } from '@/components/ui/later';
import { PageHeader } from '@/components/ui/page-header';
import { Panel } from '@/components/ui/panel';
import { Skeleton } from '@/components/ui/skeleton';
import type { FreezeEntry, HoldsView } from '@/lib/gates/model/view';
import { queryKeys } from '@/lib/realtime/protocol';
import { FreezeCard } from './freeze-card';
import type { HoldActions } from './hold-actions';
import { NextFreeze } from './next-freeze';
import { PinCard } from './pin-card';
import type { ScopeDraft } from './scope-fields';

const LockDialog = later(() => import('./lock-dialog').then((file) => file.LockDialog));
const FreezeDialog = later(() => import('./freeze-dialog').then((file) => file.FreezeDialog));
const FreezeCalendar = later(
  () => import('./freeze-calendar').then((file) => file.FreezeCalendar),
  <Skeleton className="h-112 rounded-lg" />,
);

function Held({ pins, lift }: { pins: HoldsView['pins']; lift: HoldActions['lift'] }) {
  return (
    <Panel title={pins.length > 0 ? `Held now (${pins.length})` : 'Held now'} body="flush">
      {pins.length === 0 ? (
        <EmptyState icon={<LockOpen aria-hidden />} title="Nothing is held" className="py-7">
          A roll-back holds its target; a lock holds whatever you choose until you lift it.
        </EmptyState>
      ) : (
        <ul className="divide-y divide-line">
          {pins.map((pin) => (
            <PinCard key={pin.id} pin={pin} lift={lift} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

interface FreezesProps {
  freezes: HoldsView['freezes'];
  end: HoldActions['endFreeze'];
  onEdit: (freeze: FreezeEntry) => void;
}

function Freezes({ freezes, end, onEdit }: FreezesProps) {
  return (
    <Panel title={freezes.length > 0 ? `Freezes (${freezes.length})` : 'Freezes'} body="flush">
      {freezes.length === 0 ? (
        <EmptyState icon={<Snowflake aria-hidden />} title="No freeze is planned" className="py-7">
          A freeze keeps everything as it is at times you know before: the end of a quarter, every Friday evening.
        </EmptyState>
      ) : (
        <ul className="divide-y divide-line">
          {freezes.map((freeze) => (
            <FreezeCard key={freeze.id} freeze={freeze} end={end} onEdit={onEdit} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

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
