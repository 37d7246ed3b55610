'use client';

import { useState } from 'react';
import { useAction } from '@/components/console/use-action';
import { Switch } from '@/components/ui/choice';
import { Notice } from '@/components/ui/notice';
import { notify } from '@/components/ui/notify';
import { Panel } from '@/components/ui/panel';
import type { Action } from '@/lib/kernel/result';
import type { SetPublicInput } from '@/lib/public-status/model/schemas';
import { withLabel } from '@/lib/targets/model/label';
import type { EstateTarget } from '@/lib/targets/model/view';

interface PublicSwitchProps {
  target: EstateTarget;
  set: Action<SetPublicInput, void>;
}

/** Whether everybody may see what is live on a target. Off until somebody says so. */
export function PublicSwitch({ target, set }: PublicSwitchProps) {
  const { run, pending, refusal } = useAction(set);
  const [shown, setShown] = useState(target.isPublic);
  const name = `${target.component.name} in ${withLabel(target.environment.name, target.label)}`;

  async function choose(isPublic: boolean) {
    if (pending) return;
    setShown(isPublic);
    const done = await run({ targetId: target.id, isPublic });
    if (!done.ok) {
      setShown(!isPublic);
      return;
    }
    notify({
      tone: 'good',
      title: isPublic ? `${name} is on the public status page` : `${name} is not public any more`,
    });
  }

  return (
    <Panel
      title="Public status page"
      description="What everybody may read at /status, without signing in: names, version, since when."
      className="mt-5 max-w-3xl"
    >
      <div className="grid gap-3">
        <Switch
          label="Show what is live here to everybody"
          hint={
            target.refusal ??
            'Its last releases are shown too. No person, repository or reason is, and nothing of other targets.'
          }
          checked={shown}
          disabled={target.refusal !== null}
          onChange={(event) => choose(event.currentTarget.checked)}
        />
        {refusal ? <Notice tone="bad" live title={refusal.sentence} /> : null}
      </div>
    </Panel>
  );
}
