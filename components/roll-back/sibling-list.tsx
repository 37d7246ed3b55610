import { Undo2 } from 'lucide-react';
import { ButtonLink } from '@/components/ui/button-link';
import { Mono } from '@/components/ui/code';
import { Panel } from '@/components/ui/panel';
import { formatSpan } from '@/components/ui/time-format';
import type { RollBackPlan } from '@/lib/deployments/model/roll-back';
import { withLabel } from '@/lib/targets/model/label';
import { HOW } from './how-words';

/** The other targets of the environment: what went out together often goes back together. */
export function SiblingList({ plan }: { plan: RollBackPlan }) {
  if (plan.siblings.length === 0) return null;
  return (
    <Panel title={`Also in ${plan.target.environment.name}`} body="flush">
      <ul className="divide-y divide-line">
        {plan.siblings.map((sibling) => (
          <li key={sibling.targetId} className="flex min-w-0 items-center gap-3 px-4 py-2 text-sm">
            <span className="grid min-w-0 flex-1">
              <span className="truncate font-medium">{withLabel(sibling.component, sibling.label)}</span>
              <span className="text-xs text-ink-faint">
                {HOW[sibling.how].word}
                {sibling.usualMs === null ? '' : `, usually ${formatSpan(sibling.usualMs)}`}
                {sibling.lastGood ? (
                  <>
                    {' · '}#{sibling.lastGood.number} <Mono>{sibling.lastGood.sha.slice(0, 7)}</Mono>
                  </>
                ) : (
                  ' · nothing to go back to'
                )}
              </span>
            </span>
            {sibling.lastGood ? (
              <ButtonLink
                href={`/targets/${sibling.targetId}/roll-back`}
                size="sm"
                variant="quiet"
                icon={<Undo2 aria-hidden />}
                aria-label={`Roll back ${sibling.component} in ${withLabel(sibling.environment, sibling.label)}`}
              >
                Roll back
              </ButtonLink>
            ) : null}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
