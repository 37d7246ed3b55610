'use client';

import { Lock, Plus, X } from 'lucide-react';
import { useState } from 'react';
import { Button, IconButton } from '@/components/ui/button';
import { Mono } from '@/components/ui/code';
import { FieldError } from '@/components/ui/field';
import { Input, NativeSelect } from '@/components/ui/input';
import type { DeployForm, FormField, InputValue } from '@/lib/providers/port';
import { environmentInput, type FixedInput, typedValue } from './target-draft';

interface FixedInputsProps {
  inputs: readonly FixedInput[];
  /** What the workflow declares; null while it cannot be read. */
  form: DeployForm | null;
  /** By row. */
  problems: Record<string, string>;
  /** What the provider's schema found wrong with them as a whole. */
  error: string | undefined;
  environment: { slug: string; name: string } | undefined;
  onChange: (inputs: FixedInput[]) => void;
}

function firstValue(field: FormField | undefined): InputValue {
  if (!field) return '';
  return field.default ?? (field.type === 'boolean' ? false : (field.options[0] ?? ''));
}

/** Inputs that are the same with every deployment of this target and are not asked for. */
export function FixedInputs({ inputs, form, problems, error, environment, onChange }: FixedInputsProps) {
  const fixed = new Set(inputs.map((each) => each.name));
  const open = form?.fields.filter((field) => !fixed.has(field.name)) ?? [];
  const offer = environmentInput(form, inputs, environment?.slug);

  function add(name: string, value: InputValue) {
    onChange([...inputs, { key: crypto.randomUUID(), name, value }]);
  }

  return (
    <fieldset className="grid min-w-0 gap-2">
      <legend className="mb-1 text-sm font-medium">
        Fixed inputs <span className="ml-0.5 text-xs font-normal text-ink-faint">optional</span>
      </legend>
      <p className="text-xs text-ink-faint">
        Sent with every deployment of this target; all other inputs are asked for each time. One that the workflow does
        not have any more is settled by its name with an empty value, and is not sent.
      </p>
      {inputs.map((input) => (
        <InputRow
          key={input.key}
          input={input}
          field={form?.fields.find((field) => field.name === input.name)}
          problem={problems[input.key]}
          onChange={(next) => onChange(inputs.map((each) => (each.key === input.key ? next : each)))}
          onRemove={() => onChange(inputs.filter((each) => each.key !== input.key))}
        />
      ))}
      {error ? <FieldError>{error}</FieldError> : null}
      <div className="flex flex-wrap gap-2">
        {offer ? (
          <Button size="sm" icon={<Lock aria-hidden />} onClick={() => add(offer.name, offer.value)}>
            Always {offer.name} = {offer.value}
          </Button>
        ) : null}
        {open.length > 0 ? <AddDeclared fields={open} onAdd={(field) => add(field.name, firstValue(field))} /> : null}
        <Button size="sm" icon={<Plus aria-hidden />} onClick={() => add('', '')}>
          {open.length > 0 ? 'Fix one by name' : 'Fix an input'}
        </Button>
      </div>
    </fieldset>
  );
}

function AddDeclared({ fields, onAdd }: { fields: readonly FormField[]; onAdd: (field: FormField) => void }) {
  return (
    <NativeSelect
      aria-label="Fix an input"
      value=""
      onChange={(event) => {
        const field = fields.find((each) => each.name === event.target.value);
        if (field) onAdd(field);
      }}
      className="w-44"
    >
      <option value="">Fix an input…</option>
      {fields.map((field) => (
        <option key={field.name} value={field.name}>
          {field.name}
        </option>
      ))}
    </NativeSelect>
  );
}

interface InputRowProps {
  input: FixedInput;
  field: FormField | undefined;
  problem: string | undefined;
  onChange: (input: FixedInput) => void;
  onRemove: () => void;
}

function InputRow({ input, field, problem, onChange, onRemove }: InputRowProps) {
  const label = input.name || 'this input';
  // A name that is a declared one on the way to a longer one stays in its box.
  const [isTyped, setTyped] = useState(false);
  return (
    <div className="grid gap-1">
      <div className="flex items-center gap-2">
        {field && !isTyped ? (
          <span className="w-32 shrink-0 truncate text-sm sm:w-44" title={field.description || field.name}>
            <Mono>{field.name}</Mono>
          </span>
        ) : (
          <Input
            aria-label="Name of the input"
            value={input.name}
            onChange={(event) => {
              setTyped(true);
              onChange({ ...input, name: event.target.value });
            }}
            maxLength={100}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            className="w-32 shrink-0 font-mono sm:w-44"
          />
        )}
        <span aria-hidden className="text-ink-faint">
          =
        </span>
        <div className="min-w-0 flex-1">
          <InputValueControl
            label={`Value of ${label}`}
            input={input}
            field={field}
            invalid={problem !== undefined}
            onChange={(value) => onChange({ ...input, value })}
          />
        </div>
        <IconButton label={`Remove ${label}`} icon={<X aria-hidden />} size="sm" onClick={onRemove} />
      </div>
      {problem ? <FieldError>{problem}</FieldError> : null}
    </div>
  );
}

interface ValueControlProps extends Pick<InputRowProps, 'input' | 'field'> {
  label: string;
  invalid: boolean;
  onChange: (value: InputValue) => void;
}

function InputValueControl({ label, input, field, invalid, onChange }: ValueControlProps) {
  const options = field?.type === 'boolean' ? ['true', 'false'] : (field?.options ?? []);
  const value = String(input.value);
  const change = (text: string) => onChange(typedValue(field, text));
  if (options.length === 0) {
    return (
      <Input
        aria-label={label}
        aria-invalid={invalid || undefined}
        value={value}
        onChange={(event) => change(event.target.value)}
        autoComplete="off"
        spellCheck={false}
        className="font-mono"
      />
    );
  }
  return (
    <NativeSelect
      aria-label={label}
      aria-invalid={invalid || undefined}
      value={value}
      onChange={(event) => change(event.target.value)}
    >
      {options.includes(value) ? null : <option value={value}>{value || 'Choose…'}</option>}
      {options.map((option) => (
        <option key={option} value={option}>
          {option}
        </option>
      ))}
    </NativeSelect>
  );
}
