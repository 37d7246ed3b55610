'use client';

import { Lock, TriangleAlert } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { Mono } from '@/components/ui/code';
import { Notice } from '@/components/ui/notice';
import { Facts, Panel } from '@/components/ui/panel';
import { Loading, Skeleton } from '@/components/ui/skeleton';
import type { Inputs } from '@/lib/deployments/model/input-fields';
import type { ComposerPlan, ComposerStart } from '@/lib/deployments/model/view';
import type { InputValue } from '@/lib/providers/port';
import { InputField } from './input-field';
import { fixedFields, openFields, remembered } from './input-values';

interface InputsPanelProps {
  start: ComposerStart;
  plan: ComposerPlan | null;
  loading: boolean;
  values: Inputs;
  typed: Inputs;
  problems: Record<string, string>;
  onChange: (name: string, value: InputValue) => void;
  /** Puts every field back to its default. */
  onReset: (() => void) | null;
}

function Fixed({ start, plan }: { start: ComposerStart; plan: ComposerPlan }) {
  const fixed = fixedFields(plan.form?.fields ?? [], start.fixedInputs);
  if (fixed.length === 0) return null;
  return (
    <div className="rounded-md bg-raised px-3 py-2">
      <p className="mb-1 flex items-center gap-1.5 text-xs text-ink-faint">
        <Lock aria-hidden className="size-3" />
        Fixed by the target’s settings; an administrator can change them there.
      </p>
      <Facts items={fixed.map(({ field, value }) => ({ name: field.name, value: <Mono>{String(value)}</Mono> }))} />
    </div>
  );
}

function Body(props: InputsPanelProps) {
  const { start, plan, loading, values, typed, problems, onChange } = props;
  if (!plan) {
    if (!loading) return <p className="text-sm text-ink-soft">They appear when the revision can be read.</p>;
    return (
      <Loading label="Reading the form">
        <div className="grid gap-4">
          <Skeleton className="h-13" />
          <Skeleton className="h-13" />
        </div>
      </Loading>
    );
  }
  if (!plan.form)
    return (
      <p className="text-sm text-ink-soft">
        The form of this revision cannot be read; the reason stands at the button.
      </p>
    );
  const fields = openFields(plan.form.fields, start.fixedInputs);
  return (
    <div className="grid gap-4">
      {fields.length === 0 ? (
        <p className="text-sm text-ink-soft">
          This workflow asks for nothing{plan.form.fields.length > 0 ? ' else' : ''}.
        </p>
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
      <Fixed start={start} plan={plan} />
      {plan.form.warnings.map((warning) => (
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

/** The form that the workflow declares, at the chosen revision. */
export function InputsPanel(props: InputsPanelProps) {
  const source = props.plan?.form?.source;
  return (
    <Panel
      title="Inputs"
      description={
        source ? (
          <>
            as declared in{' '}
            <a href={source.url} target="_blank" rel="noreferrer" className="underline-offset-3 hover:underline">
              <Mono>{source.path}</Mono>
            </a>
          </>
        ) : undefined
      }
      actions={
        props.onReset ? (
          <Button size="sm" variant="quiet" onClick={props.onReset}>
            Back to defaults
          </Button>
        ) : null
      }
    >
      <Body {...props} />
    </Panel>
  );
}
