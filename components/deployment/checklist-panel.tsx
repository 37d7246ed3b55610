'use client';

import { ListChecks } from 'lucide-react';
import { useState } from 'react';
import { TickedList } from '@/components/approval/ticked-list';
import { useAction } from '@/components/console/use-action';
import { ChecklistFields } from '@/components/gates/request-fields';
import { Button } from '@/components/ui/button';
import { Notice } from '@/components/ui/notice';
import { Panel } from '@/components/ui/panel';
import type { DeploymentDetail } from '@/lib/deployments/model/view';
import type { DeploymentVerbs } from './verbs';

interface ChecklistPanelProps {
  deployment: DeploymentDetail;
  tick: DeploymentVerbs['tick'];
  onDone: () => void;
}

/** What nobody has ticked yet on a deployment that waits, and the boxes for it. */
export function ChecklistPanel({ deployment, tick, onDone }: ChecklistPanelProps) {
  const { run, pending, refusal } = useAction(tick);
  const [chosen, setChosen] = useState<string[]>([]);
  const { checklist, actions } = deployment;
  const open = checklist.filter((each) => !each.ticked).map((each) => each.item);
  const done = checklist.filter((each) => each.ticked);
  const items = chosen.filter((item) => open.includes(item));
  const why = actions.tick.allowed ? null : (actions.tick.refusal?.sentence ?? null);

  async function save() {
    const answer = await run({ deploymentId: deployment.id, items });
    if (!answer.ok) return;
    setChosen([]);
    onDone();
  }

  return (
    <Panel
      title={`Checklist: ${done.length} of ${checklist.length}`}
      description="It goes on when every item is ticked. Who ticked what is in the audit log."
    >
      <div className="grid gap-3">
        {done.length > 0 ? <TickedList items={done} /> : null}
        <ChecklistFields items={open} ticked={items} onChange={setChosen} />
        {refusal ? <Notice tone="bad" live title={refusal.sentence} /> : null}
        <Button
          variant="primary"
          className="w-full sm:w-fit"
          icon={<ListChecks aria-hidden />}
          pending={pending}
          disabledReason={why ?? (items.length === 0 ? 'Tick what was done first.' : null)}
          onClick={save}
        >
          Save what is ticked
        </Button>
      </div>
    </Panel>
  );
}
