'use client';

import { useState } from 'react';
import { useAction } from '@/components/console/use-action';
import { EditFrame } from '@/components/estate/edit-frame';
import { Field } from '@/components/ui/field';
import { NativeSelect, Textarea } from '@/components/ui/input';
import { notify } from '@/components/ui/notify';
import type { IncidentView, StatusPageView } from '@/lib/status/model/view';
import { IMPACT_WORDS, IMPACTS, INCIDENT_STATES, INCIDENT_WORDS } from '@/lib/status/model/words';
import { PlaceChoice, placeName } from './place-choice';
import type { StatusActions } from './status-actions';
import { TitleField } from './title-field';

interface IncidentDialogProps {
  /** Null for a new one. */
  incident: IncidentView | null;
  page: StatusPageView;
  actions: Pick<StatusActions, 'open' | 'change'>;
  onClose: () => void;
}

/** Tells everybody about trouble; or changes what an incident is about, and nothing of what was said. */
export function IncidentDialog({ incident, page, actions, onClose }: IncidentDialogProps) {
  const opening = useAction(actions.open);
  const changing = useAction(actions.change);
  const { pending, refusal, fields } = incident ? changing : opening;
  const [targetIds, setTargetIds] = useState(incident?.places.map(({ targetId }) => targetId) ?? []);

  async function save(form: FormData) {
    const text = (name: string) => String(form.get(name) ?? '');
    const impact = IMPACTS.find((each) => each === text('impact')) ?? 'minor';
    const about = { title: text('title'), impact, targetIds, deploymentId: text('deploymentId') || null };
    const state = INCIDENT_STATES.find((each) => each === text('state')) ?? 'investigating';
    const done = incident
      ? await changing.run({ ...about, incidentId: incident.id, version: incident.version })
      : await opening.run({ ...about, state, text: text('text') });
    if (!done.ok) return;
    notify({ tone: 'good', title: incident ? 'Changed on the status page' : 'It is on the status page' });
    onClose();
  }

  return (
    <EditFrame
      title={incident ? 'What the incident is about' : 'Write an incident'}
      submit={incident ? 'Save' : 'Tell everybody'}
      size="md"
      pending={pending}
      refusal={refusal}
      onSubmit={save}
      onClose={onClose}
    >
      <TitleField title={incident?.title} error={fields['title']} />
      <div className="grid gap-3 sm:grid-cols-2">
        <Field label="Impact" required error={fields['impact']}>
          <NativeSelect name="impact" defaultValue={incident?.impact ?? 'minor'}>
            {IMPACTS.map((impact) => (
              <option key={impact} value={impact}>
                {IMPACT_WORDS[impact].label}
              </option>
            ))}
          </NativeSelect>
        </Field>
        {incident ? null : <StateField usual="investigating" error={fields['state']} />}
      </div>
      {incident ? null : <TextField error={fields['text']} />}
      <PlaceChoice places={page.places} chosen={targetIds} onChange={setTargetIds} error={fields['targetIds']} />
      <ReleaseField page={page} incident={incident} error={fields['deploymentId']} />
    </EditFrame>
  );
}

function ReleaseField({
  page,
  incident,
  error,
}: Pick<IncidentDialogProps, 'page' | 'incident'> & { error: string | undefined }) {
  const linked = incident?.deployment;
  return (
    <Field
      label="Released before it"
      hint="Outside, only its version, place and time are told, and only when that place is public."
      error={error}
    >
      <NativeSelect name="deploymentId" defaultValue={linked?.id ?? ''}>
        <option value="">Nothing</option>
        {linked && !page.recent.some(({ id }) => id === linked.id) ? (
          <option value={linked.id}>#{linked.number}</option>
        ) : null}
        {page.recent.map(({ id, number, version, ...where }) => (
          <option key={id} value={id}>
            #{number} {placeName(where)}: {version}
          </option>
        ))}
      </NativeSelect>
    </Field>
  );
}

export function StateField({ usual, error }: { usual: string; error: string | undefined }) {
  return (
    <Field label="How it stands" required error={error}>
      <NativeSelect name="state" defaultValue={usual}>
        {INCIDENT_STATES.map((state) => (
          <option key={state} value={state}>
            {INCIDENT_WORDS[state].label}
          </option>
        ))}
      </NativeSelect>
    </Field>
  );
}

export function TextField({ error }: { error: string | undefined }) {
  return (
    <Field
      label="What people should know"
      required
      hint="What they notice, what you do about it, when you say more. It cannot be taken back."
      error={error}
    >
      <Textarea name="text" rows={4} maxLength={2000} />
    </Field>
  );
}
