'use client';

import { useRouter } from 'next/navigation';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useVerb } from '@/components/deployment/use-verb';
import { notify } from '@/components/ui/notify';
import type { Inputs } from '@/lib/deployments/model/input-fields';
import type { Triggered, TriggerInput } from '@/lib/deployments/model/schemas';
import type { ComposerStart } from '@/lib/deployments/model/view';
import type { Action } from '@/lib/kernel/result';
import { openFields, problemsOf, shownValues } from './input-values';
import { type Draft, intentKeys } from './intent';
import { usePlan } from './use-plan';

/** Server-side names (`inputs.level`) as field names. */
function byField(fields: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, sentence]) => [name.replace(/^inputs\./, ''), sentence]),
  );
}

/** Everything the composer holds: revision, values, reason, and the press. */
export function useComposer(
  start: ComposerStart,
  first: { ref: string; refKind: 'branch' | 'tag'; sha: string | null },
  trigger: Action<TriggerInput, Triggered>,
) {
  const router = useRouter();
  const chosen = usePlan(start.target.id, first);
  const [typed, setTyped] = useState<Inputs>({});
  const [fresh, setFresh] = useState(false);
  const [reason, setReason] = useState('');
  const [pressed, setPressed] = useState(false);
  const [leaving, setLeaving] = useState(false);
  const [keys] = useState(() => intentKeys(start.idempotencyKey));
  const verb = useVerb(trigger);

  const { plan, refetch } = chosen;
  const open = start.gate.allowed;
  const wasOpen = useRef(open);
  useEffect(() => {
    if (wasOpen.current === open) return;
    // A pin was set or lifted meanwhile; the plan carries its own copy of that answer.
    wasOpen.current = open;
    void refetch();
  }, [open, refetch]);
  const fields = useMemo(() => openFields(plan?.form?.fields ?? [], start.fixedInputs), [plan, start.fixedInputs]);
  const values = shownValues(fields, fresh ? null : start.lastInputs, typed);
  const own = problemsOf(fields, values);
  const problems = pressed ? { ...byField(verb.fields), ...own } : {};

  const gate = start.gate.allowed && plan ? plan.gate : start.gate;
  const blocked = gate.allowed
    ? plan
      ? null
      : chosen.error
        ? 'What this would deploy cannot be read; the reason stands above.'
        : 'Reading what this would deploy…'
    : (gate.refusal?.sentence ?? 'This target cannot be deployed to now.');

  async function submit(): Promise<'invalid' | 'sent' | 'refused'> {
    if (!plan || blocked || leaving) return 'refused';
    setPressed(true);
    if (Object.keys(own).length > 0) return 'invalid';
    const draft: Draft = { targetId: start.target.id, revision: plan.revision, inputs: values, reason };
    const made = await verb.run({ ...draft, idempotencyKey: keys.keyFor(draft) });
    if (!made) return 'refused';
    keys.spent();
    setLeaving(true);
    if (made.outcome === 'joined')
      notify({
        tone: 'neutral',
        title: `#${made.number} was already on its way with the same content`,
        body: 'Nothing new was started.',
      });
    router.push(`/deployments/${made.deploymentId}`);
    return 'sent';
  }

  return {
    ...chosen,
    fields,
    values,
    typed,
    problems,
    reason,
    setReason,
    setValue: (name: string, value: Inputs[string]) => setTyped((old) => ({ ...old, [name]: value })),
    reset: () => {
      setTyped({});
      setFresh(true);
    },
    changed: Object.keys(typed).length > 0 || (!fresh && start.lastInputs !== null),
    fresh,
    blocked,
    pending: verb.pending || leaving,
    refusal: verb.refusal,
    submit,
  };
}
