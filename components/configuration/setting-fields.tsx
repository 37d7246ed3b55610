'use client';

import { Checkbox, RadioGroup } from '@/components/ui/choice';
import { Field, FieldError } from '@/components/ui/field';
import { Input, Textarea } from '@/components/ui/input';
import { Notice } from '@/components/ui/notice';
import type { ConfigurationView, PlaceView } from '@/lib/configuration/model/view';
import type { Edited } from './configuration-screen';

export interface SettingDraft {
  kind: 'secret' | 'variable';
  name: string;
  value: string;
  places: readonly string[];
}

/** What stands there already is chosen first; a new one begins in the environment's own place. */
export function draftOf({ places }: ConfigurationView, { row }: Edited): SettingDraft {
  const open = places.filter(({ refusal }) => refusal === null);
  const there = open.filter(({ key }) => row?.at.some(({ place }) => place === key));
  const own = open.filter(({ shared }) => !shared);
  const chosen = there.length > 0 ? there : own.slice(0, own.length === 1 ? 1 : 0);
  return { kind: row?.kind ?? 'secret', name: row?.name ?? '', value: '', places: chosen.map(({ key }) => key) };
}

export function inputOf(environment: string, { kind, name, value, places }: SettingDraft) {
  return { environment, kind, name, value, places: [...places] };
}

interface SettingFieldsProps {
  view: ConfigurationView;
  edited: Edited;
  draft: SettingDraft;
  onChange: (draft: SettingDraft) => void;
  errors: Record<string, string>;
}

export function SettingFields({ view, edited, draft, onChange, errors }: SettingFieldsProps) {
  const removing = edited.action === 'remove';
  const kinds = view.rules?.kinds ?? [];
  return (
    <>
      {edited.row ? null : (
        <RadioGroup
          legend="Kind"
          name="kind"
          value={draft.kind}
          onValueChange={(kind) => onChange({ ...draft, kind: kind === 'variable' ? 'variable' : 'secret' })}
          options={kinds.map(({ kind, expression, readable }) => ({
            value: kind,
            label: kind === 'secret' ? 'Secret' : 'Variable',
            hint: `${readable ? 'Whoever may see the place itself can read it.' : 'Nobody can read it back.'} It is read as ${expression}.`,
          }))}
        />
      )}
      {edited.row ? null : (
        <Field label="Name" required hint={view.rules?.name.says} error={errors.name}>
          <Input
            value={draft.name}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => onChange({ ...draft, name: event.target.value })}
          />
        </Field>
      )}
      {removing ? null : (
        <Field
          label="Value"
          required
          hint="Taken as it stands, with its spaces and line breaks. It replaces what is there."
          error={errors.value}
        >
          <Textarea
            value={draft.value}
            rows={3}
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            className="font-mono"
            onChange={(event) => onChange({ ...draft, value: event.target.value })}
          />
        </Field>
      )}
      {errors.shown ? <Notice tone="bad" title={errors.shown} /> : null}
      <Places places={view.places} draft={draft} onChange={onChange} error={errors.places} />
    </>
  );
}

interface PlacesProps extends Pick<SettingFieldsProps, 'draft' | 'onChange'> {
  places: readonly PlaceView[];
  error: string | undefined;
}

function Places({ places, draft, onChange, error }: PlacesProps) {
  function choose(key: string, wanted: boolean) {
    const others = draft.places.filter((each) => each !== key);
    onChange({ ...draft, places: wanted ? [...others, key] : others });
  }
  return (
    <fieldset className="grid gap-1">
      <legend className="mb-1 text-sm font-medium">Places</legend>
      {places.map(({ key, label, scope, shared, refusal }) => (
        <Checkbox
          key={key}
          label={<span className="wrap-anywhere">{label}</span>}
          hint={
            refusal ?? `${scope}${shared ? ': every environment of it, and other workflows there, read it too' : ''}`
          }
          disabled={refusal !== null}
          checked={draft.places.includes(key)}
          onChange={(event) => choose(key, event.target.checked)}
        />
      ))}
      {error ? <FieldError>{error}</FieldError> : null}
    </fieldset>
  );
}
