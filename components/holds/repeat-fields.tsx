import { Checkbox } from '@/components/ui/choice';
import { Field, FieldError } from '@/components/ui/field';
import { Input, NativeSelect } from '@/components/ui/input';
import { type FreezeDraft, type Repeats, WEEKDAYS, weekdayOf } from './freeze-draft';

const CHOICES: readonly { value: Repeats; label: string }[] = [
  { value: 'once', label: 'Once' },
  { value: 'daily', label: 'Every day' },
  { value: 'weekly', label: 'Every week' },
  { value: 'yearly', label: 'Every year' },
  { value: 'rule', label: 'By a rule…' },
];

interface RepeatFieldsProps {
  draft: FreezeDraft;
  error: string | undefined;
  onChange: (part: Partial<FreezeDraft>) => void;
}

function Days({ draft, onChange }: Pick<RepeatFieldsProps, 'draft' | 'onChange'>) {
  const own = weekdayOf(draft.startsAt);
  const chosen = draft.days.length > 0 ? draft.days : own ? [own] : [];
  return (
    <fieldset className="grid gap-1">
      <legend className="mb-1 text-sm font-medium">On</legend>
      <div className="flex flex-wrap gap-x-4 gap-y-0.5">
        {WEEKDAYS.map(({ code, name }) => (
          <Checkbox
            key={code}
            label={<span title={name}>{name.slice(0, 3)}</span>}
            checked={chosen.includes(code)}
            onChange={(event) =>
              onChange({ days: event.target.checked ? [...chosen, code] : chosen.filter((day) => day !== code) })
            }
          />
        ))}
      </div>
    </fieldset>
  );
}

/** Once, or again and again. */
export function RepeatFields({ draft, error, onChange }: RepeatFieldsProps) {
  return (
    <>
      <Field label="Repeats" required>
        <NativeSelect value={draft.repeats} onChange={(event) => onChange({ repeats: event.target.value as Repeats })}>
          {CHOICES.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </NativeSelect>
      </Field>
      {draft.repeats === 'weekly' ? <Days draft={draft} onChange={onChange} /> : null}
      {draft.repeats === 'rule' ? (
        <Field
          label="Rule"
          required
          error={error}
          hint="As in a calendar file: FREQ=MONTHLY;BYMONTHDAY=-1 is the last day of every month."
        >
          <Input
            value={draft.rule}
            maxLength={200}
            spellCheck={false}
            autoComplete="off"
            className="font-mono"
            onChange={(event) => onChange({ rule: event.target.value })}
          />
        </Field>
      ) : error ? (
        <FieldError>{error}</FieldError>
      ) : null}
    </>
  );
}
