'use client';

import { type FormEvent, useRef } from 'react';
import { TargetHeader } from '@/components/deployments/target-header';
import { opensInMs } from '@/components/gates/opens-in';
import { FreshnessNotice } from '@/components/live/freshness';
import { useLiveQuery } from '@/components/live/use-live-query';
import type { LiftPin } from '@/components/matrix/lift-pin-button';
import { Field } from '@/components/ui/field';
import { Textarea } from '@/components/ui/input';
import { later } from '@/components/ui/later';
import { Notice } from '@/components/ui/notice';
import { Panel } from '@/components/ui/panel';
import { useShortcuts } from '@/components/ui/shortcuts';
import { Skeleton } from '@/components/ui/skeleton';
import type { Triggered, TriggerInput } from '@/lib/deployments/model/schemas';
import type { ComposerPlan, ComposerStart } from '@/lib/deployments/model/view';
import type { Action } from '@/lib/kernel/result';
import { queryKeys } from '@/lib/realtime/protocol';
import { DeployBar } from './deploy-bar';
import type { ChosenRevision } from './revision';
import { useComposer } from './use-composer';

/** The newest commit is chosen already; who wants another has the list a moment later. */
const RevisionPicker = later(
  () => import('./revision-picker').then((file) => file.RevisionPicker),
  <Skeleton className="h-14 rounded-md" />,
);

/** What the chosen commit changes, and what its workflow asks for; the server draws both, and the form knows without them. */
const PlanPanel = later(
  () => import('./plan-panel').then((file) => file.PlanPanel),
  <Skeleton className="h-40 rounded-lg" />,
);
const InputsPanel = later(
  () => import('./inputs-panel').then((file) => file.InputsPanel),
  <Skeleton className="h-40 rounded-lg" />,
);

/** What the host and the provider say besides; quiet where that is nothing. */
const Besides = later(() => import('./besides').then((file) => file.Besides), <span hidden />);

/** The button knows the gates without it. */
const GatesPanel = later(
  () => import('./gates-panel').then((file) => file.GatesPanel),
  <Skeleton className="h-24 rounded-lg" />,
);

/** Only for components that have an image repository. */
const ImagesPanel = later(
  () => import('./images-panel').then((file) => file.ImagesPanel),
  <Skeleton className="h-60 rounded-lg" />,
);

/** Quiet unless the provider says that something is wrong with it; beside the form, so that nothing moves under a finger. */
const ServiceNotice = later(
  () => import('@/components/standing/service-notice').then((file) => file.ServiceNotice),
  <span hidden />,
);

/** What stands beside the form; the button does not need it. */
const ComposerAside = later(
  () => import('./summary-panel').then((file) => file.ComposerAside),
  <Skeleton className="h-60 rounded-lg" />,
);

interface ComposerScreenProps {
  initial: ComposerStart;
  /** From the address, when somebody linked to a revision; else the newest of the default ref. */
  revision: ChosenRevision | null;
  trigger: Action<TriggerInput, Triggered>;
  liftPin: LiftPin;
  /** Why the person may not let it through a freeze; null when they may. */
  overrideRefusal: string | null;
}

function Warnings({ plan }: { plan: ComposerPlan | null }) {
  // What the workflow's file brings about stands with its inputs; here is what this revision brings about.
  const warnings = plan?.warnings.filter((warning) => !plan.form?.warnings.includes(warning)) ?? [];
  const [only] = warnings;
  if (!only) return null;
  return (
    <Notice
      tone="warn"
      live
      title={warnings.length === 1 ? only : `${warnings.length} things to know before you deploy`}
    >
      {warnings.length > 1 ? (
        <ul className="grid list-disc gap-0.5 pl-4">
          {warnings.map((warning) => (
            <li key={warning}>{warning}</li>
          ))}
        </ul>
      ) : null}
    </Notice>
  );
}

function ReasonPanel({ value, onChange }: { value: string; onChange: (reason: string) => void }) {
  return (
    <Panel title="Why">
      <Field label="Reason" hint="Shown with the deployment and kept in the audit log.">
        <Textarea rows={2} maxLength={500} value={value} onChange={(event) => onChange(event.target.value)} />
      </Field>
    </Panel>
  );
}

function RevisionPanel({ targetId, composer }: { targetId: string; composer: ReturnType<typeof useComposer> }) {
  const { plan, revision, choose } = composer;
  return (
    <Panel title="Revision">
      <RevisionPicker targetId={targetId} revision={revision} head={plan?.head ?? null} onChoose={choose} />
    </Panel>
  );
}

const newestOf = ({ settings }: ComposerStart): ChosenRevision => ({
  ref: settings.defaultRef,
  refKind: 'branch',
  sha: null,
});

function untilOpen(start: ComposerStart | undefined): number | null {
  return opensInMs(start?.gates ?? [], Date.now());
}

/** Choose a commit, see what it changes, fill in what the workflow asks for, deploy. */
export function ComposerScreen({ initial, revision, trigger, liftPin, overrideRefusal }: ComposerScreenProps) {
  const { id } = initial.target;
  const live = useLiveQuery({
    queryKey: [...queryKeys.matrix, 'composer', id],
    path: `/api/v1/targets/${encodeURIComponent(id)}/composer`,
    initialData: initial,
    everyMs: untilOpen,
  });
  const start = live.data ?? initial;
  const form = useRef<HTMLFormElement>(null);
  const composer = useComposer(start, revision ?? newestOf(initial), trigger);

  async function submit(event?: FormEvent) {
    event?.preventDefault();
    if ((await composer.submit()) !== 'invalid') return;
    // After the errors are on the page.
    requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
  }

  useShortcuts({ 'mod+enter': () => void submit() });

  return (
    <form
      ref={form}
      onSubmit={submit}
      noValidate
      className="grid gap-4 [&_:is(input,select,textarea,button,a)]:scroll-mb-44"
    >
      <TargetHeader target={start.target} page="Deploy" current={start.current} />
      <FreshnessNotice error={live.error} updatedAt={live.dataUpdatedAt} />
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="grid min-w-0 gap-4">
          <RevisionPanel targetId={id} composer={composer} />
          <Warnings plan={composer.plan} />
          <Besides start={start} composer={composer} />
          <PlanPanel
            start={start}
            plan={composer.plan}
            error={composer.error}
            onRetry={() => void composer.refetch()}
            onNewest={composer.chooseNewest}
          />
          {start.image ? <ImagesPanel targetId={id} source={start.image} composer={composer} /> : null}
          <InputsPanel
            start={composer.fresh ? { ...start, lastInputs: null } : start}
            plan={composer.plan}
            loading={composer.loading}
            values={composer.values}
            typed={composer.typed}
            problems={composer.problems}
            onChange={composer.setValue}
            onReset={composer.changed && composer.fields.length > 0 ? composer.reset : null}
          />
          <GatesPanel start={start} composer={composer} overrideRefusal={overrideRefusal} />
          <ReasonPanel value={composer.reason} onChange={composer.setReason} />
        </div>
        <div className="grid min-w-0 gap-4">
          <ComposerAside start={start} lift={liftPin} />
          <ServiceNotice targetId={id} />
        </div>
      </div>
      <DeployBar
        start={start}
        plan={composer.plan}
        reason={composer.blocked}
        pending={composer.pending}
        refusal={composer.refusal}
        problems={Object.keys(composer.problems).length}
      />
    </form>
  );
}
