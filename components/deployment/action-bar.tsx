'use client';

import { Ellipsis, RefreshCw, RotateCcw, Square, TimerOff, Undo2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { type ReactNode, useState } from 'react';
import { Button } from '@/components/ui/button';
import { ButtonLink } from '@/components/ui/button-link';
import { later } from '@/components/ui/later';
import type { MenuEntry } from '@/components/ui/menu';
import { MenuButton } from '@/components/ui/menu-button';
import { notify } from '@/components/ui/notify';
import type { Triggered } from '@/lib/deployments/model/schemas';
import type { DeploymentDetail } from '@/lib/deployments/model/view';
import { newId } from '@/lib/kernel/ids';
import type { Action } from '@/lib/kernel/result';
import { type ActionId, type PlannedAction, planActions, type VerbId } from './action-plan';
import { useVerb } from './use-verb';
import type { DeploymentVerbs } from './verbs';

const PressDialog = later(() => import('./press-dialog').then((file) => file.PressDialog));

const ICONS: Record<ActionId, ReactNode> = {
  cancel: <Square aria-hidden />,
  stopWaiting: <TimerOff aria-hidden />,
  retry: <RefreshCw aria-hidden />,
  redeploy: <RotateCcw aria-hidden />,
  rollBack: <Undo2 aria-hidden />,
  rollBackPrevious: <Undo2 aria-hidden />,
};

interface Press {
  id: VerbId;
  /** One per opening of the dialog: pressed twice it is still one deployment. */
  key: string;
}

/** The one action behind whatever was pressed. What only ends it makes nothing new: it answers this deployment. */
function send(verbs: DeploymentVerbs, deployment: DeploymentDetail): Action<Press, Triggered> {
  return async ({ id, key }) => {
    const deploymentId = deployment.id;
    switch (id) {
      case 'cancel':
      case 'stopWaiting': {
        const answer = await verbs[id]({ deploymentId });
        return answer.ok
          ? { ok: true, value: { deploymentId, number: deployment.number, outcome: 'created' } }
          : answer;
      }
      case 'retry':
        return verbs.retry({ deploymentId });
      case 'redeploy':
        return verbs.redeploy({ deploymentId, idempotencyKey: key });
    }
  };
}

function why(action: PlannedAction): string | null {
  return action.allowed.allowed ? null : (action.allowed.refusal?.sentence ?? 'This cannot be done now.');
}

interface ActionButtonProps {
  action: PlannedAction;
  onAsk: (id: VerbId) => void;
}

/** What leads to a page of its own is a link; what cannot be done now stays a button that says why. */
function ActionButton({ action, onAsk }: ActionButtonProps) {
  const { id, href, label } = action;
  const reason = why(action);
  if (href !== null && reason === null)
    return (
      <ButtonLink href={href} icon={ICONS[id]}>
        {label}
      </ButtonLink>
    );
  return (
    <Button icon={ICONS[id]} disabledReason={reason} onClick={() => href === null && onAsk(id as VerbId)}>
      {label}
    </Button>
  );
}

function entryOf(action: PlannedAction, onAsk: (id: VerbId) => void): MenuEntry {
  const { id, href, label } = action;
  const reason = why(action);
  if (href !== null && reason === null) return { kind: 'link', id, label, icon: ICONS[id], href };
  return {
    kind: 'action',
    id,
    label,
    icon: ICONS[id],
    disabledReason: reason,
    onSelect: () => href === null && onAsk(id as VerbId),
  };
}

interface ActionBarProps {
  deployment: DeploymentDetail;
  verbs: DeploymentVerbs;
  /** Something of this deployment changed: read it again. */
  onDone: () => void;
}

/** Cancel or stop waiting, re-run, deploy again, roll back: each says what follows before it does it. */
export function ActionBar({ deployment, verbs, onDone }: ActionBarProps) {
  const router = useRouter();
  const [press, setPress] = useState<Press | null>(null);
  const verb = useVerb(send(verbs, deployment));
  const { buttons, menu } = planActions(deployment);
  const planned = press ? [...buttons, ...menu].find((action) => action.id === press.id) : undefined;

  function ask(id: VerbId) {
    verb.clear();
    setPress({ id, key: newId('key') });
  }

  async function confirm() {
    if (!press) return;
    const made = await verb.run(press);
    if (made === null) return;
    setPress(null);
    onDone();
    if (made.outcome === 'joined')
      notify({
        tone: 'neutral',
        title: `#${made.number} was already on its way with the same content`,
        body: 'Nothing new was started.',
      });
    if (made.deploymentId !== deployment.id) router.push(`/deployments/${made.deploymentId}`);
  }

  return (
    <>
      {buttons.map((action) => (
        <ActionButton key={action.id} action={action} onAsk={ask} />
      ))}
      <MenuButton
        button={{ kind: 'icon', label: 'More actions', variant: 'secondary', icon: <Ellipsis aria-hidden /> }}
        entries={[
          { kind: 'link', id: 'compose', label: 'Deploy another commit…', href: `/deploy/${deployment.targetId}` },
          { kind: 'separator', id: 'line' },
          ...menu.map((action) => entryOf(action, ask)),
        ]}
      />
      {press ? (
        <PressDialog
          key={press.key}
          id={press.id}
          deployment={deployment}
          verb={verb}
          disabledReason={planned ? why(planned) : null}
          onClose={() => setPress(null)}
          onConfirm={confirm}
        />
      ) : null}
    </>
  );
}
