'use client';

import { useRouter } from 'next/navigation';
import { useEffect, useRef, useState } from 'react';
import { useVerb } from '@/components/deployment/use-verb';
import { type Brought, blockedByGates, saidFor } from '@/components/gates/blocked';
import { notify } from '@/components/ui/notify';
import type { Triggered, TriggerInput } from '@/lib/deployments/model/schemas';
import type { ComposerPlan, ComposerStart } from '@/lib/deployments/model/view';
import type { Action } from '@/lib/kernel/result';
import { type Draft, intentKeys } from './intent';
import type { ChosenRevision } from './revision';
import { useInputs } from './use-inputs';
import { usePlan } from './use-plan';

/** Server-side names (`inputs.level`) as field names. */
function byField(fields: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, sentence]) => [name.replace(/^inputs\./, ''), sentence]),
  );
}

/** Why the button cannot be pressed and who can lift that; null when it can. */
function blockedBy(start: ComposerStart, plan: ComposerPlan | null, unreadable: boolean, brought: Brought) {
  const { checklist } = (plan ?? start).policy;
  const before = blockedByGates(start.gate, start.gates, checklist, brought);
  if (before) return before;
  if (plan) return blockedByGates(plan.gate, plan.gates, checklist, brought);
  return unreadable
    ? 'What this would deploy cannot be read; the reason stands above.'
    : 'Reading what this would deploy…';
}

/** A gate opened or closed meanwhile: the plan carries its own copy of that answer and is read again. */
function useGateChange(start: ComposerStart, refetch: () => unknown) {
  const states = JSON.stringify([start.gate.allowed, start.gates.map(({ code, state }) => [code, state])]);
  const before = useRef(states);
  useEffect(() => {
    if (before.current === states) return;
    before.current = states;
    void refetch();
  }, [states, refetch]);
}

/** What the person says for it: why, what is ticked, why a freeze should let it through. */
function useWords() {
  const [reason, setReason] = useState('');
  const [ticked, setTicked] = useState<string[]>([]);
  const [override, setOverride] = useState('');
  return { reason, setReason, ticked, setTicked, override, setOverride };
}

function sayJoined(made: Triggered): void {
  if (made.outcome !== 'joined') return;
  const title = `#${made.number} was already on its way with the same content`;
  notify({ tone: 'neutral', title, body: 'Nothing new was started.' });
}

/** Everything the composer holds: revision, values, reason, and the press. */
export function useComposer(start: ComposerStart, first: ChosenRevision, trigger: Action<TriggerInput, Triggered>) {
  const router = useRouter();
  const chosen = usePlan(start.target.id, first);
  const { plan } = chosen;
  const { own, ...inputs } = useInputs(start, plan);
  const words = useWords();
  const [pressed, setPressed] = useState(false);
  const [leaving, setLeaving] = useState(false);
  const [keys] = useState(() => intentKeys(start.idempotencyKey));
  const verb = useVerb(trigger);
  useGateChange(start, chosen.refetch);
  const blocked = blockedBy(start, plan, Boolean(chosen.error), words);

  async function submit(): Promise<'invalid' | 'sent' | 'refused'> {
    if (!plan || blocked || leaving) return 'refused';
    setPressed(true);
    if (Object.keys(own).length > 0) return 'invalid';
    const draft: Draft = {
      targetId: start.target.id,
      revision: plan.revision,
      inputs: inputs.values,
      reason: words.reason,
      ...saidFor(plan.policy.checklist, words),
    };
    const made = await verb.run({ ...draft, idempotencyKey: keys.keyFor(draft) });
    if (!made) return 'refused';
    keys.spent();
    setLeaving(true);
    sayJoined(made);
    router.push(`/deployments/${made.deploymentId}`);
    return 'sent';
  }

  return {
    ...chosen,
    ...inputs,
    problems: pressed ? { ...byField(verb.fields), ...own } : {},
    ...words,
    chooseNewest: () => chosen.choose({ ...chosen.revision, sha: null }),
    blocked,
    pending: verb.pending || leaving,
    refusal: verb.refusal,
    submit,
  };
}
