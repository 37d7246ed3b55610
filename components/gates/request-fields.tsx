'use client';

import { ShieldAlert } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Checkbox } from '@/components/ui/choice';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';

interface ChecklistFieldsProps {
  items: readonly string[];
  ticked: readonly string[];
  onChange: (ticked: string[]) => void;
}

/** What the environment wants ticked before anything is asked for. */
export function ChecklistFields({ items, ticked, onChange }: ChecklistFieldsProps) {
  return (
    <fieldset className="grid gap-1">
      <legend className="mb-1 text-sm font-medium">Checklist</legend>
      {items.map((item) => (
        <Checkbox
          key={item}
          label={item}
          checked={ticked.includes(item)}
          onChange={(event) =>
            onChange(event.target.checked ? [...ticked, item] : ticked.filter((each) => each !== item))
          }
        />
      ))}
    </fieldset>
  );
}

interface OverrideFieldProps {
  value: string;
  onChange: (reason: string) => void;
  /** Why the person may not; null when they may. */
  refusal: string | null;
  error?: string | undefined;
}

/** Lets one deployment through a freeze, for a reason that everybody can read. */
export function OverrideField({ value, onChange, refusal, error }: OverrideFieldProps) {
  const [open, setOpen] = useState(value !== '');
  if (!open)
    return (
      <Button
        size="sm"
        icon={<ShieldAlert aria-hidden />}
        disabledReason={refusal}
        className="w-fit"
        onClick={() => setOpen(true)}
      >
        Go through the freeze…
      </Button>
    );
  return (
    <div className="grid gap-2 rounded-md border border-warn/40 bg-warn-wash px-3 py-2.5">
      <Field
        label="Why this one goes through the freeze"
        required
        error={error}
        hint="Shown with the deployment and kept in the audit log."
      >
        <Input value={value} maxLength={500} autoComplete="off" onChange={(event) => onChange(event.target.value)} />
      </Field>
      <Button
        size="sm"
        variant="quiet"
        className="w-fit"
        onClick={() => {
          onChange('');
          setOpen(false);
        }}
      >
        Wait for the freeze to end instead
      </Button>
    </div>
  );
}
