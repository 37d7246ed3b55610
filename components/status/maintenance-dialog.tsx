'use client';

import { useState } from 'react';
import { useAction } from '@/components/console/use-action';
import { EditFrame } from '@/components/estate/edit-frame';
import { Field } from '@/components/ui/field';
import { Input, NativeSelect, Textarea } from '@/components/ui/input';
import { notify } from '@/components/ui/notify';
import type { MaintenanceView, StatusPageView } from '@/lib/status/model/view';
import { fromField, toField } from './local-moment';
import { PlaceChoice } from './place-choice';
import type { StatusActions } from './status-actions';
import { TitleField } from './title-field';

interface MaintenanceDialogProps {
  /** Null for a new one. */
  maintenance: MaintenanceView | null;
  page: StatusPageView;
  actions: Pick<StatusActions, 'plan' | 'changePlan'>;
  onClose: () => void;
}

const NO_MOMENT = 'Enter a day and a time.';
const HOUR_MS = 3_600_000;

/** Announces work. It is in the viewer's own time here and in UTC on the page. */
export function MaintenanceDialog({ maintenance, page, actions, onClose }: MaintenanceDialogProps) {
  const planning = useAction(actions.plan);
  const changing = useAction(actions.changePlan);
  const { pending, refusal, fields } = maintenance ? changing : planning;
  const [targetIds, setTargetIds] = useState(maintenance?.places.map(({ targetId }) => targetId) ?? []);
  const [moments, setMoments] = useState<Record<string, string>>({});

  async function save(form: FormData) {
    const text = (name: string) => String(form.get(name) ?? '');
    const [startsAt, endsAt] = [
      momentOf(text('startsAt'), maintenance?.startsAt),
      momentOf(text('endsAt'), maintenance?.endsAt),
    ];
    setMoments({ ...(startsAt ? {} : { startsAt: NO_MOMENT }), ...(endsAt ? {} : { endsAt: NO_MOMENT }) });
    if (!startsAt || !endsAt) return;
    const plan = {
      title: text('title'),
      text: text('text'),
      startsAt,
      endsAt,
      targetIds,
      freezeId: text('freezeId') || null,
    };
    const done = maintenance
      ? await changing.run({ ...plan, maintenanceId: maintenance.id, version: maintenance.version })
      : await planning.run(plan);
    if (!done.ok) return;
    notify({ tone: 'good', title: maintenance ? 'Changed on the status page' : 'Announced on the status page' });
    onClose();
  }

  return (
    <EditFrame
      title={maintenance ? 'Change the maintenance' : 'Plan maintenance'}
      submit={maintenance ? 'Save' : 'Announce'}
      size="md"
      pending={pending}
      refusal={refusal}
      onSubmit={save}
      onClose={onClose}
    >
      <TitleField title={maintenance?.title} error={fields['title']} />
      <Field label="What people should know" required error={fields['text']}>
        <Textarea name="text" rows={3} maxLength={2000} defaultValue={maintenance?.text ?? ''} />
      </Field>
      <Times maintenance={maintenance} errors={{ ...fields, ...moments }} />
      <PlaceChoice places={page.places} chosen={targetIds} onChange={setTargetIds} error={fields['targetIds']} />
      <FreezeField page={page} chosen={maintenance?.freeze ?? null} error={fields['freezeId']} />
    </EditFrame>
  );
}

/** A field shows minutes: what nobody touched keeps its seconds, or a beginning in the past would seem moved. */
function momentOf(typed: string, before: string | undefined): string | null {
  return before !== undefined && typed === toField(before) ? before : fromField(typed);
}

function Times({ maintenance, errors }: { maintenance: MaintenanceView | null; errors: Record<string, string> }) {
  const [soon] = useState(() => Math.ceil(Date.now() / HOUR_MS) * HOUR_MS);
  const usual = (hours: number) => new Date(soon + hours * HOUR_MS).toISOString();
  return (
    <div className="grid gap-3 sm:grid-cols-2">
      <Field label="From" required hint="In your own time." error={errors['startsAt']}>
        <Input name="startsAt" type="datetime-local" defaultValue={toField(maintenance?.startsAt ?? usual(0))} />
      </Field>
      <Field label="To" required error={errors['endsAt']}>
        <Input name="endsAt" type="datetime-local" defaultValue={toField(maintenance?.endsAt ?? usual(1))} />
      </Field>
    </div>
  );
}

interface FreezeFieldProps {
  page: StatusPageView;
  chosen: MaintenanceView['freeze'];
  error: string | undefined;
}

function FreezeField({ page: { freezes }, chosen, error }: FreezeFieldProps) {
  const all = chosen && !freezes.some(({ id }) => id === chosen.id) ? [chosen, ...freezes] : freezes;
  return (
    <Field
      label="Freeze"
      hint="What holds deployments back meanwhile; plan it under Holds. It is not told outside."
      error={error}
    >
      <NativeSelect name="freezeId" defaultValue={chosen?.id ?? ''}>
        <option value="">None: deployments go on</option>
        {all.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </NativeSelect>
    </Field>
  );
}
