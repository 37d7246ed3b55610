'use client';

import { CalendarClock } from 'lucide-react';
import { useState } from 'react';
import { useAction } from '@/components/console/use-action';
import { Button } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { later } from '@/components/ui/later';
import { Link } from '@/components/ui/link';
import { notify } from '@/components/ui/notify';
import { Panel } from '@/components/ui/panel';
import { RelativeTime } from '@/components/ui/relative-time';
import { formatUtc } from '@/components/ui/time-format';
import { ToneBadge } from '@/components/ui/tone';
import type { MaintenanceView, StatusPageView } from '@/lib/status/model/view';
import { MAINTENANCE_WORDS } from '@/lib/status/model/words';
import { EntryHead } from './entry-head';
import { placeName } from './place-choice';
import type { StatusActions } from './status-actions';

const MaintenanceDialog = later(() => import('./maintenance-dialog').then((file) => file.MaintenanceDialog));
const ConfirmDialog = later(() => import('@/components/ui/confirm-dialog').then((file) => file.ConfirmDialog));

interface MaintenanceListProps {
  maintenances: readonly MaintenanceView[];
  page: StatusPageView;
  actions: Pick<StatusActions, 'plan' | 'changePlan' | 'end'>;
}

/** Announced work, what is to come first. */
export function MaintenanceList({ maintenances, page, actions }: MaintenanceListProps) {
  return (
    <Panel title="Maintenance" description="What is to come first; it begins and ends by the clock." body="flush">
      {maintenances.length === 0 ? (
        <EmptyState icon={<CalendarClock aria-hidden />} title="No work is announced">
          Plan maintenance to say beforehand when something will not work.
        </EmptyState>
      ) : (
        <ul className="divide-y divide-line">
          {maintenances.map((maintenance) => (
            <Maintenance key={maintenance.id} maintenance={maintenance} page={page} actions={actions} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

type OneProps = Omit<MaintenanceListProps, 'maintenances'> & { maintenance: MaintenanceView };

function Maintenance({ maintenance, page, actions }: OneProps) {
  const { title, text, state, startsAt, endsAt, endedAt, places, freeze, by } = maintenance;
  const { label, tone } = MAINTENANCE_WORDS[state];
  return (
    <li className="grid gap-2 px-4 py-3">
      <EntryHead title={title} standing={<ToneBadge tone={tone}>{label}</ToneBadge>}>
        {formatUtc(Date.parse(startsAt))} to {formatUtc(Date.parse(endedAt ?? endsAt))}
        {places.length > 0 ? ` · ${places.map(placeName).join(', ')}` : ''} · {by}
        {freeze ? (
          <>
            {' · with the freeze '}
            <Link href="/holds" className="underline">
              {freeze.name}
            </Link>
          </>
        ) : null}
      </EntryHead>
      <p className="max-w-prose whitespace-pre-line break-words text-sm">
        <bdi>{text}</bdi>
      </p>
      {state === 'scheduled' ? (
        <p className="text-xs text-ink-soft">
          Begins <RelativeTime at={startsAt} />
        </p>
      ) : null}
      {state === 'done' || state === 'cancelled' ? null : (
        <Presses maintenance={maintenance} page={page} actions={actions} />
      )}
    </li>
  );
}

function Presses({ maintenance, page, actions }: OneProps) {
  const [dialog, setDialog] = useState<'change' | 'end' | null>(null);
  const ending = useAction(actions.end);
  const { id, title, state } = maintenance;
  const off = state === 'scheduled' ? 'Call off' : 'End now';

  async function end() {
    const done = await ending.run({ maintenanceId: id });
    if (!done.ok) return;
    setDialog(null);
    notify({ tone: 'good', title: done.value.state === 'cancelled' ? 'Called off' : 'Ended' });
  }

  return (
    <div className="flex flex-wrap gap-2">
      <Button
        size="sm"
        disabledReason={page.refusal}
        aria-label={`Change ${title}`}
        onClick={() => setDialog('change')}
      >
        Change…
      </Button>
      <Button size="sm" disabledReason={page.refusal} aria-label={`${off}: ${title}`} onClick={() => setDialog('end')}>
        {off}
      </Button>
      {dialog === 'change' ? (
        <MaintenanceDialog maintenance={maintenance} page={page} actions={actions} onClose={() => setDialog(null)} />
      ) : null}
      {dialog === 'end' ? (
        <ConfirmDialog
          open
          onOpenChange={(next) => !next && setDialog(null)}
          title={`${off}: ${title}?`}
          description="Followers are told. A freeze that goes with it stays until it is ended under Holds."
          confirmLabel={off}
          error={ending.refusal?.sentence}
          onConfirm={end}
        />
      ) : null}
    </div>
  );
}
