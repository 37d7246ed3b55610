import { Mono } from '@/components/ui/code';
import { Notice } from '@/components/ui/notice';
import { RelativeTime } from '@/components/ui/relative-time';
import { ToneBadge } from '@/components/ui/tone';
import type { ChangePlan, ChangeResult, PlannedStep } from '@/lib/configuration/model/view';
import { OUTCOME, STEP } from './words';

/** What would be done in each place, by name and digest; then what became of it. */
export function PlanSteps({ plan, done }: { plan: ChangePlan; done: ChangeResult | null }) {
  return (
    <div className="grid gap-3">
      <p className="text-sm">
        {plan.kind === 'secret' ? 'Secret' : 'Variable'} <Mono className="font-medium">{plan.name}</Mono>
      </p>
      <ul className="grid gap-2">
        {plan.steps.map((step) => (
          <li key={step.place} className="rounded-md border border-line px-3 py-2 text-sm">
            <StepLine step={step} done={done?.places.find(({ place }) => place === step.place)} />
          </li>
        ))}
      </ul>
      {done ? <Notice live tone={done.complete ? 'good' : 'warn'} title={done.sentence} /> : null}
    </div>
  );
}

function StepLine({ step, done }: { step: PlannedStep; done: ChangeResult['places'][0] | undefined }) {
  const { word, tone } = done ? OUTCOME[done.outcome] : STEP[step.step];
  return (
    <>
      <p className="flex flex-wrap items-center gap-2">
        <ToneBadge tone={tone}>{word}</ToneBadge>
        <span className="wrap-anywhere">{step.label}</span>
        <span className="text-xs text-ink-faint">{step.scope}</span>
      </p>
      <p className="mt-1 text-ink-soft">{done && done.outcome !== 'left' ? done.sentence : <Before step={step} />}</p>
    </>
  );
}

function Before({ step: { because, changedAt, before, after, atOnce, alsoDoes, alsoReadBy } }: { step: PlannedStep }) {
  return (
    <>
      {because ?? (changedAt ? null : 'Nothing of this name is there.')}
      {because === null && changedAt ? (
        <>
          What is there was written <RelativeTime at={changedAt} />.
        </>
      ) : null}
      {(before ?? after) ? (
        <>
          {' '}
          Digest <Mono>{before ?? 'none'}</Mono> → <Mono>{after ?? 'none'}</Mono>.
        </>
      ) : null}
      {because === null && atOnce ? ' It counts at once: what runs there is started anew with it.' : null}
      {because === null && alsoDoes ? ` ${alsoDoes}` : null}
      {alsoReadBy.length > 0 ? ` Also read by ${alsoReadBy.join(', ')}.` : null}
    </>
  );
}
