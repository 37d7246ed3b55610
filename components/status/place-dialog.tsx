'use client';

import { useState } from 'react';
import { useAction } from '@/components/console/use-action';
import { EditFrame } from '@/components/estate/edit-frame';
import { Switch } from '@/components/ui/choice';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { notify } from '@/components/ui/notify';
import type { StatusPlace } from '@/lib/status/model/view';
import { placeName } from './place-choice';
import type { StatusActions } from './status-actions';

interface PlaceDialogProps {
  place: StatusPlace;
  setShown: StatusActions['setShown'];
  onClose: () => void;
}

/** Whether everybody may see it, and what it is called there. */
export function PlaceDialog({ place, setShown, onClose }: PlaceDialogProps) {
  const { run, pending, refusal, fields } = useAction(setShown);
  const [isPublic, setPublic] = useState(place.isPublic);

  async function save(form: FormData) {
    const text = (name: string) => String(form.get(name) ?? '');
    const names = { name: text('name'), section: text('section') };
    const done = await run({ targetId: place.targetId, isPublic, ...names });
    if (!done.ok) return;
    notify({ tone: 'good', title: isPublic ? 'It is on the public status page' : 'It is not public any more' });
    onClose();
  }

  return (
    <EditFrame
      title={placeName(place)}
      submit="Save"
      pending={pending}
      refusal={refusal}
      onSubmit={save}
      onClose={onClose}
    >
      <Switch
        label="Show it to everybody"
        hint="Version, since when, last releases, and uptime where our own probes ask it. No person, repository or reason."
        checked={isPublic}
        onChange={(event) => setPublic(event.currentTarget.checked)}
      />
      <Field label="Name outside" hint={`Empty: ${place.component}`} error={fields['name']}>
        <Input name="name" defaultValue={place.publicName} maxLength={80} autoComplete="off" />
      </Field>
      <Field label="Heading outside" hint={`Empty: ${place.environment}`} error={fields['section']}>
        <Input name="section" defaultValue={place.publicSection} maxLength={80} autoComplete="off" />
      </Field>
    </EditFrame>
  );
}
