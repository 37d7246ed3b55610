'use client';

import { Circle, CircleCheck, Grid3x3 } from 'lucide-react';
import { useLiveQuery } from '@/components/live/use-live-query';
import { ButtonLink } from '@/components/ui/button-link';
import { EmptyState } from '@/components/ui/empty-state';
import { Skeleton } from '@/components/ui/skeleton';
import { queryKeys } from '@/lib/realtime/protocol';
import type { EstateProgress } from '@/lib/targets/model/view';

interface Step {
  id: string;
  done: boolean;
  title: string;
  text: string;
  href: string;
  action: string;
}

function stepsOf(progress: EstateProgress): Step[] {
  return [
    {
      id: 'connection',
      done: progress.connections > 0,
      title: 'Connect a provider',
      text: 'The account that runs your deployments, with its credential.',
      href: '/connections/new',
      action: 'Add a connection',
    },
    {
      id: 'environment',
      done: progress.environments > 0,
      title: 'Add an environment',
      text: 'Where your software runs: production, staging.',
      href: '/estate?add=environment',
      action: 'Add an environment',
    },
    {
      id: 'component',
      done: progress.components > 0,
      title: 'Add a component',
      text: 'What you release on its own: a backend, an app, docs.',
      href: '/estate?add=component',
      action: 'Add a component',
    },
    {
      id: 'target',
      done: progress.targets > 0,
      title: 'Add a target',
      text: 'Which workflow brings the component to the environment. Then you can deploy.',
      href: '/estate/targets/new',
      action: 'Add a target',
    },
  ];
}

/** The way from nothing to the first deployment, with what is done ticked off. */
export function SetupSteps({ progress }: { progress: EstateProgress }) {
  const steps = stepsOf(progress);
  const next = steps.find((step) => !step.done);
  return (
    <section aria-label="Set up" className="rounded-lg border border-line bg-surface px-4 py-5">
      <div className="mx-auto grid max-w-140 gap-4">
        <div>
          <h2 className="text-base font-semibold">Four steps to the first deployment</h2>
          {progress.refusal ? <p className="mt-0.5 text-sm text-ink-soft">{progress.refusal}</p> : null}
        </div>
        <ol className="grid gap-1">
          {steps.map((step) => (
            <StepLine key={step.id} step={step} isNext={step === next && progress.refusal === null} />
          ))}
        </ol>
      </div>
    </section>
  );
}

function StepLine({ step, isNext }: { step: Step; isNext: boolean }) {
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 rounded-md py-2">
      {step.done ? (
        <CircleCheck aria-hidden className="size-4.5 shrink-0 text-good" />
      ) : (
        <Circle aria-hidden className="size-4.5 shrink-0 text-ink-faint" />
      )}
      <div className="min-w-40 flex-1 text-sm">
        <p className={step.done ? 'text-ink-soft' : 'font-medium'}>
          {step.title}
          {step.done ? <span className="sr-only"> (done)</span> : null}
        </p>
        {step.done ? null : <p className="text-pretty text-xs text-ink-faint">{step.text}</p>}
      </div>
      {isNext ? (
        <ButtonLink href={step.href} variant="primary" className="max-sm:w-full">
          {step.action}
        </ButtonLink>
      ) : null}
    </li>
  );
}

/** In the place of a board without a single target. */
export function SetupGuide() {
  const { data } = useLiveQuery<EstateProgress>({
    // Below the matrix, so that what makes that stale makes this stale.
    queryKey: [...queryKeys.matrix, 'progress'],
    path: '/api/v1/estate/progress',
  });
  if (data && data.targets === 0) return <SetupSteps progress={data} />;
  return (
    <div className="rounded-lg border border-line bg-surface">
      {data ? (
        <EmptyState icon={<Grid3x3 aria-hidden />} title="There is nothing here that you may see yet">
          Targets exist, but in environments that you have no role on. An administrator can grant one under Members.
        </EmptyState>
      ) : (
        <div aria-busy className="grid justify-items-center gap-3 px-4 py-10">
          <Skeleton className="w-60" />
          <Skeleton className="w-80 max-w-full" />
        </div>
      )}
    </div>
  );
}
