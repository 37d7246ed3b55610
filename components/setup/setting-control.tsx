import { Checkbox, Switch } from '@/components/ui/choice';
import { Field, FieldError } from '@/components/ui/field';
import { Input, NativeSelect, Textarea } from '@/components/ui/input';
import type { SettingField } from '@/lib/blueprints/model/settings-fields';

interface SettingControlProps {
  field: SettingField;
  /** As it was typed; undefined when nobody has filled it in. */
  text: string | undefined;
  error: string | undefined;
  onChange: (text: string) => void;
}

/** One setting, drawn as its row in the table of fields says. */
export function SettingControl({ field, text, error, onChange }: SettingControlProps) {
  if (field.as === 'several') return <Several options={field.options} {...{ field, text, error, onChange }} />;
  if (field.as === 'switch') {
    return (
      <Switch
        label={field.label}
        hint={field.help}
        error={error}
        checked={text === 'true'}
        onChange={(event) => onChange(String(event.target.checked))}
      />
    );
  }
  const given = { value: text ?? '', spellCheck: false, autoComplete: 'off' };
  const wide = field.as === 'lines' || field.as === 'pairs';
  return (
    <Field
      label={field.label}
      hint={field.help}
      error={error}
      filter
      className={wide ? 'content-start sm:col-span-2' : 'content-start'}
    >
      {field.as === 'choice' ? (
        <NativeSelect value={text ?? ''} onChange={(event) => onChange(event.target.value)}>
          {withOwn(field.options, text ?? '').map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </NativeSelect>
      ) : wide ? (
        <Textarea {...given} rows={rowsOf(text)} onChange={(event) => onChange(event.target.value)} />
      ) : (
        <Input
          {...given}
          inputMode={field.as === 'number' ? 'numeric' : undefined}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

type Options = readonly (readonly [string, string])[];

/** A kept value that is not offered any more stays to be seen, until somebody chooses another. */
function withOwn(options: Options, value: string): Options {
  if (options.some(([each]) => each === value)) return options;
  return [[value, value === '' ? 'Choose…' : value], ...options];
}

function rowsOf(text = ''): number {
  return Math.min(10, Math.max(3, text.split('\n').length));
}

function Several({ options, field, text = '', error, onChange }: SettingControlProps & { options: Options }) {
  const chosen = text.split('\n').filter(Boolean);
  return (
    <fieldset className="grid min-w-0 content-start gap-1">
      <legend className="mb-1 text-sm font-medium">{field.label}</legend>
      {withOwnAll(options, chosen).map(([value, label]) => (
        <Checkbox
          key={value}
          label={label}
          checked={chosen.includes(value)}
          aria-invalid={error ? true : undefined}
          onChange={(event) => {
            const others = chosen.filter((each) => each !== value);
            onChange((event.target.checked ? [...others, value] : others).join('\n'));
          }}
        />
      ))}
      {error ? <FieldError>{error}</FieldError> : null}
    </fieldset>
  );
}

function withOwnAll(options: Options, values: readonly string[]): Options {
  return values.reduce(withOwn, options);
}
