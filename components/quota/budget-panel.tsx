'use client';

import { type FormEvent, useState } from 'react';
import { useAction } from '@/components/console/use-action';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Notice } from '@/components/ui/notice';
import { notify } from '@/components/ui/notify';
import { Panel } from '@/components/ui/panel';
import { ProgressBar } from '@/components/ui/progress-bar';
import type { QuotaDetail } from '@/lib/connections/model/view';
import type { Action } from '@/lib/kernel/result';

const figures = new Intl.NumberFormat('en');

export interface BudgetPanelProps {
  connectionId: string;
  budget: QuotaDetail['budget'];
  setBudget: Action<{ id: string; percent: number }, unknown>;
  /** Why this person may not change it; null when they may. */
  disabledReason: string | null;
}

/** Of a connection that only measures no share is taken: a verdict asks more in half an hour than one would let through. */
export function MeasuringPanel() {
  return (
    <Panel
      title="What the console may use by itself"
      description="Nothing is deployed through this connection: it measures."
    >
      <p className="text-sm">
        Measuring waits while less than a fifth of a limit is left, whoever used it; that is for people and their other
        tools.
      </p>
    </Panel>
  );
}

/** The share that the console may use by itself; looks give way, clicks and deployments never do. */
export function BudgetPanel({ connectionId, budget, setBudget, disabledReason }: BudgetPanelProps) {
  const change = useAction(setBudget);
  const [percent, setPercent] = useState(String(budget.percent));

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const done = await change.run({ id: connectionId, percent: Number(percent) });
    if (done.ok) notify({ tone: 'good', title: `The console may use ${percent} % by itself`, id: 'budget' });
  }

  return (
    <Panel
      title="What the console may use by itself"
      description="Looks at runs and at what is live give way when it is used up. Clicks and deployments go on."
    >
      <div className="grid gap-4">
        {budget.share === null ? (
          <p className="text-sm text-ink-faint">The provider has not told its limit yet, so nothing is held back.</p>
        ) : (
          <div className="grid gap-1.5 text-sm">
            <p className="tabular-nums">
              {figures.format(budget.used)} of {figures.format(budget.share)} used in this hour
            </p>
            <ProgressBar
              label="Budget used in this hour"
              fraction={budget.used / budget.share}
              tone={budget.used >= budget.share ? 'bad' : budget.used >= budget.share * 0.8 ? 'warn' : 'good'}
              bare
            />
          </div>
        )}
        <form onSubmit={submit} noValidate className="flex flex-wrap items-end gap-2">
          <Field label="Share of the limit, in percent" required error={change.fields.percent}>
            <Input
              type="number"
              inputMode="numeric"
              min={1}
              max={100}
              value={percent}
              onChange={(event) => setPercent(event.target.value)}
              className="w-28 tabular-nums"
            />
          </Field>
          <Button type="submit" pending={change.pending} disabledReason={disabledReason}>
            Save
          </Button>
        </form>
        {change.refusal ? <Notice tone="bad" live title={change.refusal.sentence} /> : null}
      </div>
    </Panel>
  );
}
