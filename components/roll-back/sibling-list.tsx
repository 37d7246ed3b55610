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
          <Sibling key={sibling.targetId} sibling={sibling} />
        ))}
      </ul>
    </Panel>
  );
}

/** What goes only forwards has no way back to offer: its page would refuse it. */
function Sibling({ sibling }: { sibling: RollBackPlan['siblings'][number] }) {
  const { how, usualMs, lastGood, component, environment, label } = sibling;
  const isOneWay = how === 'roll-forward';
  return (
    <li className="flex min-w-0 items-center gap-3 px-4 py-2 text-sm">
      <span className="grid min-w-0 flex-1">
        <span className="truncate font-medium">{withLabel(component, label)}</span>
        <span className="text-xs text-ink-faint">
          {HOW[how].word}
          {isOneWay || usualMs === null ? '' : `, usually ${formatSpan(usualMs)}`}
          {isOneWay ? (
            ' · a newer version replaces what is out'
          ) : lastGood ? (
            <>
              {' · '}#{lastGood.number} <Mono>{lastGood.sha.slice(0, 7)}</Mono>
            </>
          ) : (
            ' · nothing to go back to'
          )}
        </span>
      </span>
      {lastGood && !isOneWay ? (
        <ButtonLink
          href={`/targets/${sibling.targetId}/roll-back`}
          size="sm"
          variant="quiet"
          icon={<Undo2 aria-hidden />}
          aria-label={`Roll back ${component} in ${withLabel(environment, label)}`}
        >
          Roll back
        </ButtonLink>
      ) : null}
    </li>
  );
}
