'use client';

import { useState } from 'react';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { ButtonLink } from '@/components/ui/button-link';
import { EmptyState } from '@/components/ui/empty-state';
import { later } from '@/components/ui/later';
import { Panel } from '@/components/ui/panel';
import type { StatusPlace } from '@/lib/status/model/view';
import { placeName } from './place-choice';
import type { StatusActions } from './status-actions';

const PlaceDialog = later(() => import('./place-dialog').then((file) => file.PlaceDialog));

interface PlaceListProps {
  places: readonly StatusPlace[];
  setShown: StatusActions['setShown'];
}

/** What is shown outside, and by which names. */
export function PlaceList({ places, setShown }: PlaceListProps) {
  const [chosen, setChosen] = useState<StatusPlace | null>(null);
  return (
    <Panel title="What is shown" description="Nothing is public until somebody says so." body="flush">
      {places.length === 0 ? (
        <EmptyState title="There is no target yet" action={<ButtonLink href="/estate">What you deploy</ButtonLink>}>
          Add a component and where it goes; then choose here what everybody may see of it.
        </EmptyState>
      ) : (
        <ul className="divide-y divide-line">
          {places.map((place) => (
            <li key={place.targetId} className="flex flex-wrap items-center justify-between gap-2 px-4 py-2">
              <div className="min-w-0 flex-1 basis-32">
                <p className="break-words text-sm">{placeName(place)}</p>
                <p className="text-xs text-ink-soft">{shownAs(place)}</p>
              </div>
              <span className="flex items-center gap-2">
                {place.isPublic ? <Badge variant="accent">Public</Badge> : <Badge>Not shown</Badge>}
                <Button
                  size="sm"
                  disabledReason={place.refusal}
                  aria-label={`Change how ${placeName(place)} is shown`}
                  onClick={() => setChosen(place)}
                >
                  Change…
                </Button>
              </span>
            </li>
          ))}
        </ul>
      )}
      {chosen ? <PlaceDialog place={chosen} setShown={setShown} onClose={() => setChosen(null)} /> : null}
    </Panel>
  );
}

function shownAs({ isPublic, isMeasured, publicName, publicSection }: StatusPlace): string {
  if (!isPublic) return 'Nobody outside knows of it.';
  const name = publicName || publicSection ? `As ${[publicName, publicSection].filter(Boolean).join(', ')}. ` : '';
  return `${name}${isMeasured ? 'With its uptime.' : 'No uptime: our own probes do not ask it.'}`;
}
