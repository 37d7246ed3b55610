'use client';

import { Checkbox } from '@/components/ui/choice';
import { Field, FieldError } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { EVENT_NAMES, EVENTS, type EventName } from '@/lib/notifications/model/events';

export type EventChoice = '*' | EventName;

interface EventFieldsProps {
  chosen: readonly EventChoice[];
  onChange: (chosen: EventChoice[]) => void;
  error: string | undefined;
}

/** Everything, or some of it. */
export function EventFields({ chosen, onChange, error }: EventFieldsProps) {
  const all = chosen.includes('*');
  const toggle = (name: EventName, on: boolean) =>
    onChange(on ? [...chosen, name] : chosen.filter((each) => each !== name));
  return (
    <fieldset className="grid gap-1">
      <legend className="mb-1 text-sm font-medium">What to tell</legend>
      <Checkbox
        label="Everything"
        hint="Also what later versions add."
        checked={all}
        onChange={(event) => onChange(event.target.checked ? ['*'] : ['deployment.failed', 'deployment.needs_person'])}
      />
      {all ? null : (
        <div className="mt-1 grid max-h-64 gap-0.5 overflow-y-auto rounded-md border border-line p-2 sm:grid-cols-2">
          {EVENT_NAMES.map((name) => (
            <Checkbox
              key={name}
              label={<span className="font-mono text-xs">{name}</span>}
              hint={EVENTS[name]}
              checked={chosen.includes(name)}
              onChange={(event) => toggle(name, event.target.checked)}
            />
          ))}
        </div>
      )}
      {error ? <FieldError>{error}</FieldError> : null}
    </fieldset>
  );
}

export function EnvironmentField({ value, error }: { value: string; error: string | undefined }) {
  return (
    <Field
      label="Environments"
      required
      hint="* for all, or for example production, preview-*. What belongs to none is told only to *."
      error={error}
    >
      <Input name="environmentPattern" defaultValue={value} maxLength={60} autoComplete="off" className="font-mono" />
    </Field>
  );
}
