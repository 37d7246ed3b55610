'use client';

import { Button } from '@/components/ui/button';
import { Mono } from '@/components/ui/code';
import { later } from '@/components/ui/later';
import { Panel } from '@/components/ui/panel';
import { Loading, Skeleton } from '@/components/ui/skeleton';
import type { Inputs } from '@/lib/deployments/model/input-fields';
import type { ComposerPlan, ComposerStart } from '@/lib/deployments/model/view';
import type { InputValue } from '@/lib/providers/port';

export interface InputsPanelProps {
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

function Reading() {
  return (
    <Loading label="Reading the form">
      <div className="grid gap-4">
        <Skeleton className="h-13" />
        <Skeleton className="h-13" />
      </div>
    </Loading>
  );
}

const InputsForm = later(() => import('./inputs-form').then((file) => file.InputsForm), <Reading />);

function Body(props: InputsPanelProps) {
  const { plan, loading } = props;
  if (!plan) {
    if (!loading) return <p className="text-sm text-ink-soft">They appear when the revision can be read.</p>;
    return <Reading />;
  }
  if (plan.formless)
    return <p className="text-sm text-ink-soft">Nothing to fill in: the provider builds the commit as it is.</p>;
  if (!plan.form)
    return (
      <p className="text-sm text-ink-soft">
        The form of this revision cannot be read; the reason stands at the button.
      </p>
    );
  return <InputsForm {...props} form={plan.form} />;
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
