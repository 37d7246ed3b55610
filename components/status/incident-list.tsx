'use client';

import { Megaphone } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { later } from '@/components/ui/later';
import { Link } from '@/components/ui/link';
import { Panel } from '@/components/ui/panel';
import { RelativeTime } from '@/components/ui/relative-time';
import { ToneBadge } from '@/components/ui/tone';
import type { IncidentView, StatusPageView } from '@/lib/status/model/view';
import { IMPACT_WORDS, INCIDENT_WORDS } from '@/lib/status/model/words';
import { EntryHead } from './entry-head';
import { placeName } from './place-choice';
import type { StatusActions } from './status-actions';

const IncidentDialog = later(() => import('./incident-dialog').then((file) => file.IncidentDialog));
const UpdateDialog = later(() => import('./update-dialog').then((file) => file.UpdateDialog));

interface IncidentListProps {
  incidents: readonly IncidentView[];
  page: StatusPageView;
  actions: Pick<StatusActions, 'open' | 'change' | 'post'>;
}

/** Incidents, those that go on first, with who said what. */
export function IncidentList({ incidents, page, actions }: IncidentListProps) {
  return (
    <Panel title="Incidents" description="Those that go on first." body="flush">
      {incidents.length === 0 ? (
        <EmptyState icon={<Megaphone aria-hidden />} title="There was no incident">
          When something is wrong, write an incident: it is on the public page at once, and followers are told.
        </EmptyState>
      ) : (
        <ul className="divide-y divide-line">
          {incidents.map((incident) => (
            <Incident key={incident.id} incident={incident} page={page} actions={actions} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

type Shown = 'update' | 'resolve' | 'about' | null;

function Incident({ incident, page, actions }: Omit<IncidentListProps, 'incidents'> & { incident: IncidentView }) {
  const [dialog, setDialog] = useState<Shown>(null);
  const close = () => setDialog(null);
  const { title, places, deployment, startedAt, by } = incident;
  return (
    <li className="grid gap-2 px-4 py-3">
      <EntryHead title={title} standing={<Standing incident={incident} />}>
        {places.length > 0 ? `${places.map(placeName).join(', ')} · ` : ''}since <RelativeTime at={startedAt} /> · {by}
        {deployment ? (
          <>
            {' · after '}
            <Link href={`/deployments/${deployment.id}`} className="underline">
              #{deployment.number}
            </Link>
          </>
        ) : null}
      </EntryHead>
      <Updates incident={incident} />
      <Presses incident={incident} refusal={page.refusal} open={setDialog} />
      {dialog === 'update' || dialog === 'resolve' ? (
        <UpdateDialog incident={incident} resolve={dialog === 'resolve'} post={actions.post} onClose={close} />
      ) : null}
      {dialog === 'about' ? <IncidentDialog incident={incident} page={page} actions={actions} onClose={close} /> : null}
    </li>
  );
}

function Standing({ incident: { state, impact } }: { incident: IncidentView }) {
  const [stands, feels] = [INCIDENT_WORDS[state], IMPACT_WORDS[impact]];
  return (
    <div className="flex flex-wrap gap-2">
      <ToneBadge tone={state === 'resolved' ? 'neutral' : feels.tone} plain>
        {feels.label}
      </ToneBadge>
      <ToneBadge tone={stands.tone}>{stands.label}</ToneBadge>
    </div>
  );
}

/** What was said last; the rest when somebody asks. */
function Updates({ incident: { updates } }: { incident: IncidentView }) {
  const [newest, ...older] = updates;
  return (
    <div className="grid gap-1 text-sm">
      {newest ? <Said update={newest} /> : null}
      {older.length > 0 ? (
        <details>
          <summary className="w-fit cursor-pointer py-0.5 text-xs text-ink-soft">
            {older.length === 1 ? '1 update before' : `${older.length} updates before`}
          </summary>
          <div className="mt-1 grid gap-2">
            {older.map((update) => (
              <Said key={update.id} update={update} />
            ))}
          </div>
        </details>
      ) : null}
    </div>
  );
}

function Said({ update: { state, text, at, by } }: { update: IncidentView['updates'][number] }) {
  return (
    <div>
      <p className="max-w-prose whitespace-pre-line break-words">
        <bdi>{text}</bdi>
      </p>
      <p className="text-xs text-ink-faint">
        {INCIDENT_WORDS[state].label} · {by} · <RelativeTime at={at} />
      </p>
    </div>
  );
}

interface PressesProps {
  incident: IncidentView;
  refusal: string | null;
  open: (dialog: Shown) => void;
}

function Presses({ incident: { state, title }, refusal, open }: PressesProps) {
  const over = state === 'resolved';
  return (
    <div className="flex flex-wrap gap-2">
      <Button
        size="sm"
        disabledReason={refusal}
        aria-label={`${over ? 'Add a note' : 'Post an update'}: ${title}`}
        onClick={() => open('update')}
      >
        {over ? 'Add a note' : 'Post an update'}
      </Button>
      {over ? null : (
        <Button size="sm" disabledReason={refusal} aria-label={`Resolve ${title}`} onClick={() => open('resolve')}>
          Resolve
        </Button>
      )}
      <Button
        size="sm"
        variant="quiet"
        disabledReason={refusal}
        aria-label={`Change what ${title} is about`}
        onClick={() => open('about')}
      >
        Change…
      </Button>
    </div>
  );
}
