'use client';

import { Field } from '@/components/ui/field';
import { Input, NativeSelect } from '@/components/ui/input';
import type { EstateTarget, EstateView } from '@/lib/targets/model/view';
import type { TargetDraft } from './target-draft';

interface PlaceFieldsProps {
  estate: EstateView;
  /** Component and environment of a stored target stay as they are. */
  target: EstateTarget | null;
  draft: TargetDraft;
  errors: Record<string, string>;
  onChange: (changes: Partial<TargetDraft>) => void;
}

interface Option {
  id: string;
  name: string;
  refusal?: string | null;
}

/** Which component, to which environment, through which connection. */
export function PlaceFields({ estate, target, draft, errors, onChange }: PlaceFieldsProps) {
  return (
    <>
      {target ? null : (
        <div className="grid gap-5 sm:grid-cols-2">
          <Field label="Component" required error={chooseOr(errors.componentId)}>
            <Select
              options={estate.components}
              value={draft.componentId}
              onChange={(componentId) => onChange({ componentId })}
            />
          </Field>
          <Field label="Environment" required error={chooseOr(errors.environmentId)}>
            <Select
              options={estate.environments}
              value={draft.environmentId}
              onChange={(environmentId) => onChange({ environmentId })}
            />
          </Field>
        </div>
      )}
      <Field
        label="Connection"
        required
        error={chooseOr(errors.connectionId)}
        hint={
          !estate.connections.some((each) => each.use.deploys)
            ? 'There is none yet. Add one under Connections.'
            : undefined
        }
      >
        <Select
          options={estate.connections.filter((each) => each.use.deploys)}
          value={draft.connectionId}
          onChange={(connectionId) => onChange({ connectionId })}
        />
      </Field>
      <Field
        label="Label"
        error={errors.label}
        hint="Only when a component has several targets in one environment, such as eu and us."
      >
        <Input
          name="label"
          value={draft.label}
          onChange={(event) => onChange({ label: event.target.value })}
          maxLength={40}
          autoComplete="off"
          className="max-w-60"
        />
      </Field>
    </>
  );
}

/** An id is chosen, never typed: whatever is wrong with it, choosing one mends it. */
function chooseOr(error: string | undefined): string | undefined {
  return error === undefined ? undefined : 'Choose one.';
}

interface SelectProps {
  options: readonly Option[];
  value: string;
  onChange: (id: string) => void;
}

function Select({ options, value, onChange, ...control }: SelectProps) {
  return (
    <NativeSelect {...control} value={value} onChange={(event) => onChange(event.target.value)}>
      {value === '' ? <option value="">Choose…</option> : null}
      {options.map((option) => (
        <option key={option.id} value={option.id} disabled={Boolean(option.refusal)}>
          {option.refusal ? `${option.name} (not yours to change)` : option.name}
        </option>
      ))}
    </NativeSelect>
  );
}
