import type { ComposerPlan } from '@/lib/deployments/model/view';

function isUnread({ head, form, comparison }: ComposerPlan): boolean {
  return !head && !form && !comparison;
}

/** A provider that cannot be asked now takes no form away from under what was typed: only the gates are newer. */
export function keepReading(before: ComposerPlan | undefined, now: ComposerPlan): ComposerPlan {
  if (!before || isUnread(before) || !isUnread(now)) return now;
  const { head, form, formless, comparison, notIncluded } = before;
  return { ...now, ...{ head, form, formless, comparison, notIncluded } };
}
