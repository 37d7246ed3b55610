'use client';

import { useState } from 'react';
import { useAction } from '@/components/console/use-action';
import { EditFrame } from '@/components/estate/edit-frame';
import { Field } from '@/components/ui/field';
import { Input, NativeSelect, Textarea } from '@/components/ui/input';
import { later } from '@/components/ui/later';
import { notify } from '@/components/ui/notify';
import { Optional } from '@/components/ui/optional';
import { SkeletonText } from '@/components/ui/skeleton';
import type { FreezeEntry, HoldsView } from '@/lib/gates/model/view';
import { draftOf, type FreezeDraft, inputOf, newDraft, UNITS, type Unit } from './freeze-draft';
import type { HoldActions } from './hold-actions';
import { RepeatFields } from './repeat-fields';
import { ScopeFields } from './scope-fields';
import { TimeZoneField } from './time-zone-field';

/** The calendar's arithmetic is heavy: only whoever plans a freeze fetches it. */
const FreezePreview = later(
  () => import('./freeze-preview').then((file) => file.FreezePreview),
  <SkeletonText lines={3} />,
);

interface FreezeDialogProps {
  /** Null for a new one. */
  freeze: FreezeEntry | null;
  scopes: HoldsView['scopes'];
  actions: Pick<HoldActions, 'freeze' | 'updateFreeze'>;
  onClose: () => void;
}

interface PartProps {
  draft: FreezeDraft;
  fields: Record<string, string>;
  onChange: (part: Partial<FreezeDraft>) => void;
}

function Naming({ draft, fields, onChange }: PartProps) {
  return (
    <>
      <Field label="Name" required error={fields['name']}>
        <Input
          value={draft.name}
          maxLength={80}
          autoComplete="off"
          placeholder="End of the quarter"
          onChange={(event) => onChange({ name: event.target.value })}
        />
      </Field>
      <Field label="Reason" required error={fields['reason']} hint="Everybody who is held back reads it.">
        <Textarea
          rows={2}
          maxLength={500}
          value={draft.reason}
          onChange={(event) => onChange({ reason: event.target.value })}
        />
      </Field>
    </>
  );
}

function Timing({ draft, fields, onChange }: PartProps) {
  return (
    <>
      <div className="grid gap-3 sm:grid-cols-2">
        <Field label="Begins" required error={fields['startsAt']} className="content-start">
          <Input
            type="datetime-local"
            value={draft.startsAt}
            onChange={(event) => onChange({ startsAt: event.target.value })}
          />
        </Field>
        <fieldset className="grid grid-cols-[minmax(0,1fr)_7rem] content-start items-end gap-1.5">
          <legend className="sr-only">How long</legend>
          <Field label="Lasts" required error={fields['durationMinutes']} className="content-start">
            <Input
              inputMode="decimal"
              autoComplete="off"
              value={draft.length}
              onChange={(event) => onChange({ length: event.target.value })}
            />
          </Field>
          <NativeSelect
            aria-label="Unit of the length"
            value={draft.unit}
            onChange={(event) => onChange({ unit: event.target.value as Unit })}
          >
            {Object.keys(UNITS).map((unit) => (
              <option key={unit} value={unit}>
                {unit}
              </option>
            ))}
          </NativeSelect>
        </fieldset>
      </div>
      <TimeZoneField
        value={draft.timeZone}
        onChange={(timeZone) => onChange({ timeZone })}
        error={fields['timeZone']}
      />
      <RepeatFields draft={draft} error={fields['recurrence']} onChange={onChange} />
    </>
  );
}

/** Plans a freeze, or changes one; says in words when it would hold before it is saved. */
export function FreezeDialog({ freeze, scopes, actions, onClose }: FreezeDialogProps) {
  const [draft, setDraft] = useState<FreezeDraft>(() =>
    freeze ? draftOf(freeze) : newDraft(new Date(), Intl.DateTimeFormat().resolvedOptions().timeZone),
  );
  const creation = useAction(actions.freeze);
  const change = useAction(actions.updateFreeze);
  const { pending, refusal, fields } = freeze ? change : creation;
  const edit = (part: Partial<FreezeDraft>) => setDraft((before) => ({ ...before, ...part }));

  async function save() {
    const input = inputOf(draft);
    const done = freeze
      ? await change.run({ id: freeze.id, version: freeze.version, ...input })
      : await creation.run(input);
    if (!done.ok) return;
    notify({ tone: 'good', title: freeze ? `Changed: ${input.name}` : `Planned: ${input.name}` });
    onClose();
  }

  return (
    <EditFrame
      title={freeze ? `Change “${freeze.name}”` : 'Plan a freeze'}
      submit={freeze ? 'Save' : 'Plan the freeze'}
      size="md"
      pending={pending}
      refusal={refusal}
      onSubmit={() => void save()}
      onClose={onClose}
    >
      <Naming draft={draft} fields={fields} onChange={edit} />
      <ScopeFields scopes={scopes} value={draft.scope} onChange={(scope) => edit({ scope })} />
      <Timing draft={draft} fields={fields} onChange={edit} />
      <section
        aria-label="When it would hold"
        aria-live="polite"
        className="grid gap-1 rounded-md bg-raised px-3 py-2.5"
      >
        <Optional>
          <FreezePreview times={inputOf(draft)} />
        </Optional>
      </section>
    </EditFrame>
  );
}
