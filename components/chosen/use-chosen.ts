'use client';

import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { intentKeys } from '@/components/composer/intent';
import { useVerb } from '@/components/deployment/use-verb';
import { blockedByGates, saidFor } from '@/components/gates/blocked';
import { useLiveQuery } from '@/components/live/use-live-query';
import { notify } from '@/components/ui/notify';
import type { Triggered } from '@/lib/deployments/model/schemas';
import type { Allowed, DeploymentSummary } from '@/lib/deployments/model/view';
import type { GateView } from '@/lib/gates/model/gate';
import type { Action } from '@/lib/kernel/result';

/** A page on which one earlier deployment is chosen, looked at and put live. */
export interface ChoicePlan {
  target: { id: string };
  chosen: {
    deployment: DeploymentSummary;
    gates: GateView[];
    policy: { approvals: number; checklist: string[] };
    allowed: Allowed;
  } | null;
  idempotencyKey: string;
}

/** What every such press sends, beside the field that names the chosen one. */
interface Said {
  targetId: string;
  reason: string;
  checklist: string[];
  freezeOverrideReason: string | null;
}

interface Choice<Field extends string> {
  /** The chosen deployment, in the address and in the input alike. */
  field: Field;
  path: string;
  queryKey: readonly unknown[];
  action: Action<Said & Record<Field, string> & { idempotencyKey: string }, Triggered>;
  /** Asks for a choice. */
  choose: string;
}

/** The plan for what is chosen, live; while another one is read, what is on screen is of the one before. */
function usePlan<P extends ChoicePlan, F extends string>(initial: P, chosenId: string | null, of: Choice<F>) {
  const search = chosenId ? `?${of.field}=${encodeURIComponent(chosenId)}` : '';
  const isInitial = chosenId === (initial.chosen?.deployment.id ?? null);
  return useLiveQuery<P>({
    queryKey: [...of.queryKey, chosenId],
    path: `${of.path}${search}`,
    ...(isInitial ? { initialData: initial } : {}),
  });
}

/** What the person says for it. */
function useAnswers() {
  const [reason, setReason] = useState('');
  const [ticked, setTicked] = useState<string[]>([]);
  const [override, setOverride] = useState('');
  return { reason, setReason, ticked, setTicked, override, setOverride };
}

/** Everything such a page holds: the choice, the reason, what the gates want, and the press. */
export function useChosen<P extends ChoicePlan, F extends string>(initial: P, of: Choice<F>) {
  const router = useRouter();
  const [chosenId, setChosenId] = useState(initial.chosen?.deployment.id ?? null);
  const live = usePlan(initial, chosenId, of);
  const plan = live.data ?? initial;
  const chosen: P['chosen'] = plan.chosen?.deployment.id === chosenId ? plan.chosen : null;
  const { reason, ticked, override, ...answers } = useAnswers();
  const [leaving, setLeaving] = useState(false);
  const [keys] = useState(() => intentKeys<Said & Record<F, string>>(initial.idempotencyKey));
  const verb = useVerb(of.action);
  const checklist = chosen?.policy.checklist ?? [];
  const unknown = chosenId ? 'What this would bring about is being read.' : of.choose;
  const blocked = chosen ? blockedByGates(chosen.allowed, chosen.gates, checklist, { ticked, override }) : unknown;

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (!chosen || blocked || leaving) return;
    const said: Said = {
      targetId: plan.target.id,
      reason: reason.trim(),
      ...saidFor(checklist, { ticked, override }),
    };
    const draft = Object.assign(said, { [of.field]: chosen.deployment.id } as Record<F, string>);
    const made = await verb.run({ ...draft, idempotencyKey: keys.keyFor(draft) });
    if (!made) return;
    keys.spent();
    setLeaving(true);
    if (made.outcome === 'joined') notify({ tone: 'neutral', title: `#${made.number} was on its way already` });
    router.push(`/deployments/${made.deploymentId}`);
  }

  return {
    ...{ live, plan, chosen, chosenId, choose: setChosenId, reason, ticked, override },
    ...answers,
    ...{ blocked, submit, pending: verb.pending || leaving, refusal: verb.refusal, fields: verb.fields },
  };
}

/** What bars and panels of such a page need, whatever its plan says besides. */
export type ChosenState = ReturnType<typeof useChosen<ChoicePlan, string>>;
