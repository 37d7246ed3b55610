'use client';

import { LockOpen, Snowflake } from 'lucide-react';
import { EmptyState } from '@/components/ui/empty-state';
import { Panel } from '@/components/ui/panel';
import type { FreezeEntry, HoldsView } from '@/lib/gates/model/view';
import { FreezeCard } from './freeze-card';
import type { HoldActions } from './hold-actions';
import { HostCard } from './host-card';
import { PinCard } from './pin-card';

/** Pins and locks, with what waits because of each. */
export function Held({ pins, lift }: { pins: HoldsView['pins']; lift: HoldActions['lift'] }) {
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

/** Holds of the hosts' own; nothing where there are none. */
export function HeldByHosts({ hosts }: Pick<HoldsView, 'hosts'>) {
  if (hosts.length === 0) return null;
  return (
    <Panel
      title={`Held by their host (${hosts.length})`}
      description="A build is put live from the page of its component. A lock or a setting of the host is lifted there."
      body="flush"
    >
      <ul className="divide-y divide-line">
        {hosts.map((hold) => (
          <HostCard key={hold.targetId} hold={hold} />
        ))}
      </ul>
    </Panel>
  );
}

interface FreezesProps {
  freezes: HoldsView['freezes'];
  end: HoldActions['endFreeze'];
  onEdit: (freeze: FreezeEntry) => void;
}

/** Freezes that nobody has ended. */
export function Freezes({ freezes, end, onEdit }: FreezesProps) {
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
