import type { ConnectionFacts } from './facts';
import { named } from './permissions';
import type { Finding } from './view';

/** What targets go by and the provider said that its plan does not have: they are deployed without it. One for each sentence. */
export function planFindings({ targets }: Pick<ConnectionFacts, 'targets'>): Finding[] {
  const lacking = targets.flatMap(({ id, name, planLacks }) => (planLacks ? [{ id, name, planLacks }] : []));
  return [...Map.groupBy(lacking, ({ planLacks }) => planLacks)].map(([sentence, about]) => ({
    code: 'plan_lacks',
    severity: 'warning',
    sentence: `${named(about)}: ${sentence} Deployments go on all the same: no rule of such an environment is known to hold one back, and whether a secret or variable is missing is not known either. Where somebody shall look first, have the environment’s policy ask for approvals.`,
    mend: { kind: 'link', label: 'Open the target', to: `/estate/targets/${about[0]?.id}` },
  }));
}
