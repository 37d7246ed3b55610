'use client';

import { Lock, TriangleAlert } from 'lucide-react';
import { Mono } from '@/components/ui/code';
import { Notice } from '@/components/ui/notice';
import { Facts } from '@/components/ui/panel';
import type { ComposerPlan, ComposerStart } from '@/lib/deployments/model/view';
import type { FormField, InputValue } from '@/lib/providers/port';
import { InputField } from './input-field';
import { isDecided, openFields, remembered } from './input-values';
import type { InputsPanelProps } from './inputs-panel';

type WorkflowForm = NonNullable<ComposerPlan['form']>;

function Fixed({ start, decided }: { start: ComposerStart; decided: readonly FormField[] }) {
  const fixed = Object.entries(start.fixedInputs);
  const own = decided.map((field): [string, InputValue] => [field.name, field.default ?? '']);
  if (fixed.length + own.length === 0) return null;
  return (
    <div className="rounded-md bg-raised px-3 py-2">
      <p className="mb-1 flex items-center gap-1.5 text-xs text-ink-faint">
        <Lock aria-hidden className="size-3" />
        {[...(fixed.length > 0 ? [settingsSay(start)] : []), ...(own.length > 0 ? [environmentSays(start)] : [])].join(
          ' ',
        )}
      </p>
      <Facts
        items={[...own, ...fixed].map(([name, value]) => ({
          name,
          value: value === '' ? 'nothing' : <Mono>{String(value)}</Mono>,
        }))}
      />
    </div>
  );
}

function settingsSay({ rendering }: ComposerStart): string {
  return rendering
    ? 'Fixed by the target: its settings, which an administrator can change, and how it renders.'
    : 'Fixed by the target’s settings; an administrator can change them there.';
}

function environmentSays({ target }: ComposerStart): string {
  return `This target is ${target.environment.name}; any other environment has a target of its own.`;
}

interface InputsFormProps extends Pick<InputsPanelProps, 'start' | 'values' | 'typed' | 'problems' | 'onChange'> {
  form: WorkflowForm;
}

/** The fields that are open, those that the target's settings decide, and what the workflow warns of. */
export function InputsForm({ start, form, values, typed, problems, onChange }: InputsFormProps) {
  const open = openFields(form.fields, start.fixedInputs);
  const decided = open.filter(isDecided);
  const fields = open.filter((field) => !decided.includes(field));
  return (
    <div className="grid gap-4">
      {fields.length === 0 ? (
        <p className="text-sm text-ink-soft">This workflow asks for nothing{form.fields.length > 0 ? ' else' : ''}.</p>
      ) : null}
      {fields.map((field) => (
        <InputField
          key={field.name}
          field={field}
          value={values[field.name] ?? ''}
          asLastTime={typed[field.name] === undefined && remembered(field, start.lastInputs) !== undefined}
          error={problems[field.name]}
          onChange={(value) => onChange(field.name, value)}
        />
      ))}
      {problems[''] ? <Notice tone="bad" live title={problems['']} /> : null}
      <Fixed start={start} decided={decided} />
      {form.warnings.map((warning) => (
        <p key={warning} className="flex items-start gap-1.5 text-xs text-ink-soft">
          <TriangleAlert aria-hidden className="mt-px size-3.5 shrink-0 text-warn" />
          <span className="min-w-0 break-words">
            <span className="sr-only">Warning: </span>
            {warning}
          </span>
        </p>
      ))}
    </div>
  );
}
