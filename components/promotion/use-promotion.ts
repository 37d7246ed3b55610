'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { intentKeys } from '@/components/composer/intent';
import { useVerb } from '@/components/deployment/use-verb';
import { blockedByGates } from '@/components/gates/blocked';
import { useLiveQuery } from '@/components/live/use-live-query';
import { notify } from '@/components/ui/notify';
import type { PromotionPlan } from '@/lib/deployments/model/promotion';
import type { PromoteInput, Triggered } from '@/lib/deployments/model/schemas';
import type { Action } from '@/lib/kernel/result';
import { queryKeys } from '@/lib/realtime/protocol';

/** The plan for what is chosen, live. */
function usePlan(initial: PromotionPlan, chosenId: string | null) {
  const { id } = initial.target;
  const search = chosenId ? `?fromDeploymentId=${encodeURIComponent(chosenId)}` : '';
  const isInitial = chosenId === (initial.chosen?.deployment.id ?? null);
  return useLiveQuery<PromotionPlan>({
    queryKey: [...queryKeys.promotion(id), chosenId],
    path: `/api/v1/targets/${encodeURIComponent(id)}/promotion${search}`,
    ...(isInitial ? { initialData: initial } : {}),
  });
}

function useAnswers() {
  const [reason, setReason] = useState('');
  const [ticked, setTicked] = useState<string[]>([]);
  const [override, setOverride] = useState('');
  return { reason, setReason, ticked, setTicked, override, setOverride };
}

/** Everything the promotion page holds: the build, the reason, what the gates want, and the press. */
export function usePromotion(initial: PromotionPlan, promote: Action<PromoteInput, Triggered>) {
  const router = useRouter();
  const [chosenId, setChosenId] = useState(initial.chosen?.deployment.id ?? null);
  const live = usePlan(initial, chosenId);
  const plan = live.data ?? initial;
  const chosen = plan.chosen?.deployment.id === chosenId ? plan.chosen : null;
  const { reason, ticked, override, ...answers } = useAnswers();
  const [leaving, setLeaving] = useState(false);
  const [keys] = useState(() => intentKeys<Omit<PromoteInput, 'idempotencyKey'>>(initial.idempotencyKey));
  const verb = useVerb(promote);
  const checklist = chosen?.policy.checklist ?? [];
  const unknown = chosenId ? 'What this would bring about is being read.' : 'Choose which build to promote.';
  const blocked = chosen ? blockedByGates(chosen.allowed, chosen.gates, checklist, { ticked, override }) : unknown;

  async function submit() {
    if (!chosen || blocked || leaving) return;
    const draft = {
      targetId: plan.target.id,
      fromDeploymentId: chosen.deployment.id,
      reason: reason.trim(),
      checklist: ticked.filter((item) => checklist.includes(item)),
      freezeOverrideReason: override.trim() || null,
    };
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
