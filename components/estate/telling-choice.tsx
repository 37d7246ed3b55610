'use client';

import { useState } from 'react';
import { useAction } from '@/components/console/use-action';
import { Button } from '@/components/ui/button';
import { RadioGroup } from '@/components/ui/choice';
import { Notice } from '@/components/ui/notice';
import { notify } from '@/components/ui/notify';
import { Panel } from '@/components/ui/panel';
import type { SetTellingInput } from '@/lib/announcements/model/tell';
import { TELLING_VIEW, TELLINGS, type Telling } from '@/lib/announcements/model/telling';
import type { Action } from '@/lib/kernel/result';
import type { EstateTarget } from '@/lib/targets/model/view';

const HINTS: Record<Telling, string> = {
  nothing: 'What was told before stays there.',
  record: 'Its pages then show what is live where. Where a workflow makes such a record itself, none is added.',
  record_and_commit: 'A failed deployment shows as a red mark at the commit, which may keep others from merging it.',
  record_and_check:
    'The same with a page of its own beside the commit’s other checks. Only an App may write one; with a token it is a status.',
};

interface TellingChoiceProps {
  target: EstateTarget;
  set: Action<SetTellingInput, void>;
  /** How the provider is called. */
  to: string;
}

/** What the provider's own pages are told about deployments from here. */
export function TellingChoice({ target, set, to }: TellingChoiceProps) {
  const [telling, setTelling] = useState<Telling>(target.tell);
  const { run, pending, refusal } = useAction(set);

  async function save() {
    const done = await run({ targetId: target.id, telling });
    if (done.ok) notify({ tone: 'good', title: `${to} is told: ${TELLING_VIEW[telling].toLowerCase()}` });
  }

  const unchanged = telling === target.tell ? 'Nothing is changed.' : null;
  return (
    <Panel
      title={`Tell ${to}`}
      description="No deployment waits for it, and none fails through it."
      className="mt-5 max-w-3xl"
    >
      <div className="grid gap-4">
        <RadioGroup
          legend="About each deployment"
          name="telling"
          value={telling}
          onValueChange={(value) => setTelling(TELLINGS.find((each) => each === value) ?? telling)}
          options={TELLINGS.map((value) => ({ value, label: TELLING_VIEW[value], hint: HINTS[value] }))}
        />
        {refusal ? <Notice tone="bad" live title={refusal.sentence} /> : null}
        <Button
          className="justify-self-start"
          pending={pending}
          disabledReason={target.refusal ?? unchanged}
          onClick={save}
        >
          Save
        </Button>
      </div>
    </Panel>
  );
}
