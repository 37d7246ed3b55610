'use client';

import { Checkbox } from '@/components/ui/choice';
import { Mono } from '@/components/ui/code';
import { Field } from '@/components/ui/field';
import { Input, NativeSelect, Textarea } from '@/components/ui/input';
import type { FormField, InputValue } from '@/lib/providers/port';

interface InputFieldProps {
  field: FormField;
  value: InputValue;
  /** It stands as it was sent last time, not at its default. */
  asLastTime: boolean;
  error: string | undefined;
  onChange: (value: InputValue) => void;
}

/** GitHub's own limit for all inputs together; the schema checks the sum. */
const MAX_CHARACTERS = 65_535;

function hintOf({ field, asLastTime }: InputFieldProps): string | undefined {
  const parts = [
    field.description,
    asLastTime
      ? `As last time${field.default === null || field.default === '' ? '' : `; the default is ${field.default}`}.`
      : '',
  ].filter(Boolean);
  return parts.length > 0 ? parts.join(' ') : undefined;
}

function Choice({ field, value, onChange, ...rest }: Pick<InputFieldProps, 'field' | 'value' | 'onChange'>) {
  const open = value === '' || !field.options.includes(String(value));
  return (
    <NativeSelect
      {...rest}
      name={field.name}
      value={open ? '' : String(value)}
      onChange={(event) => onChange(event.target.value)}
    >
      {open || !field.required ? <option value="">{field.required ? 'Choose…' : 'None'}</option> : null}
      {field.options.map((option) => (
        <option key={option} value={option}>
          {option}
        </option>
      ))}
    </NativeSelect>
  );
}

function Text({ field, value, onChange, ...rest }: Pick<InputFieldProps, 'field' | 'value' | 'onChange'>) {
  const text = String(value);
  if (text.includes('\n') || text.length > 120) {
    return (
      <Textarea
        {...rest}
        name={field.name}
        rows={4}
        maxLength={MAX_CHARACTERS}
        value={text}
        onChange={(event) => onChange(event.target.value)}
      />
    );
  }
  return (
    <Input
      {...rest}
      name={field.name}
      inputMode={field.type === 'number' ? 'decimal' : undefined}
      autoComplete="off"
      spellCheck={false}
      maxLength={MAX_CHARACTERS}
      value={text}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

/** One declared input, drawn by its type. */
export function InputField(props: InputFieldProps) {
  const { field, value, error, onChange } = props;
  const label = <Mono>{field.name}</Mono>;
  if (field.type === 'boolean') {
    return (
      <Checkbox
        label={label}
        hint={hintOf(props)}
        error={error}
        name={field.name}
        checked={value === true || value === 'true'}
        onChange={(event) => onChange(event.target.checked)}
      />
    );
  }
  const choice = field.type === 'choice' || (field.type === 'environment' && field.options.length > 0);
  return (
    <Field label={label} hint={hintOf(props)} error={error} required={field.required}>
      {choice ? (
        <Choice field={field} value={value} onChange={onChange} />
      ) : (
        <Text field={field} value={value} onChange={onChange} />
      )}
    </Field>
  );
}
