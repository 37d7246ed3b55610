'use client';

import { Hand } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { SubmitButton } from '@/components/ui/button';
import { RadioGroup } from '@/components/ui/choice';
import { Field } from '@/components/ui/field';
import { Input, Textarea } from '@/components/ui/input';
import { Notice } from '@/components/ui/notice';
import { RelativeTime } from '@/components/ui/relative-time';
import { ResolveInput } from '@/lib/deployments/model/schemas';
import type { DeploymentDetail } from '@/lib/deployments/model/view';
import { useVerb } from './use-verb';
import type { DeploymentVerbs } from './verbs';

type Decision = ResolveInput['decision'];

function options(runsAt: string, environment: string, buildsNothing: boolean) {
  return [
    buildsNothing
      ? {
          value: 'adopt',
          label: 'It did: the host serves the build',
          hint: `${runsAt} is asked once more whether it serves it. Nothing is sent.`,
        }
      : {
          value: 'adopt',
          label: 'It did start: take over its run',
          hint: `You found it at ${runsAt}. This deployment follows that run from now on. Nothing is sent.`,
        },
    {
      value: 'send_again',
      label: 'It did not start: send it again',
      hint: `Sends one new request. If the first run exists after all, two runs will change ${environment}.`,
    },
    {
      value: 'give_up',
      label: 'Give up',
      hint: `Ends this deployment as errored and frees ${environment} for the next. A run that exists after all goes on unseen.`,
    },
  ] satisfies { value: Decision; label: string; hint: string }[];
}

function firstProblems(input: unknown): Record<string, string> {
  const parsed = ResolveInput.safeParse(input);
  if (parsed.success) return {};
  const fields: Record<string, string> = {};
  for (const issue of parsed.error.issues) fields[String(issue.path[0] ?? '')] ??= issue.message;
  return fields;
}

function Known({ deployment }: { deployment: DeploymentDetail }) {
  const { runsAt } = deployment.provider;
  return (
    <div className="flex gap-2.5">
      <Hand aria-hidden className="mt-0.5 size-4 shrink-0 text-warn" />
      <div className="grid min-w-0 gap-1">
        <h2 id="attention-title" className="font-semibold">
          It is not known whether {runsAt} started this
        </h2>
        <p className="max-w-prose text-ink-soft">
          {deployment.status === 'queued' ? (
            'The database was restored, so a request for it may have been sent that is not in it any more. No run of it was found.'
          ) : (
            <>
              The request was sent <RelativeTime at={deployment.statusSince} /> and no clear answer came back. Since
              then no run of it was found.
            </>
          )}
          {deployment.trouble ? ` ${deployment.trouble}` : ''} Nothing more is sent until a person decides; look at{' '}
          {runsAt} first.
        </p>
      </div>
    </div>
  );
}

interface AttentionPanelProps {
  deployment: DeploymentDetail;
  resolve: DeploymentVerbs['resolve'];
  onDone: () => void;
}

/** Nobody knows whether the provider started a run; a person who looked decides, once. */
export function AttentionPanel({ deployment, resolve, onDone }: AttentionPanelProps) {
  const { provider, environment, actions, buildsNothing } = deployment;
  const asksRun = !buildsNothing;
  const [decision, setDecision] = useState<Decision>('adopt');
  const [remoteId, setRemoteId] = useState('');
  const [reason, setReason] = useState('');
  const [own, setOwn] = useState<Record<string, string>>({});
  const verb = useVerb(resolve);
  const errors = { ...own, ...verb.fields };

  async function submit(event: FormEvent) {
    event.preventDefault();
    const input = {
      deploymentId: deployment.id,
      decision,
      reason,
      ...(decision === 'adopt' && asksRun ? { remoteId: remoteId.trim() } : {}),
    };
    const problems = firstProblems(input);
    setOwn(problems);
    if (Object.keys(problems).length === 0 && (await verb.run(input)) !== null) onDone();
  }

  return (
    <section
      aria-labelledby="attention-title"
      className="grid gap-4 rounded-lg border border-warn/40 bg-warn-wash px-4 py-4 text-sm"
    >
      <Known deployment={deployment} />
      <form onSubmit={submit} noValidate className="grid max-w-160 gap-4 rounded-md border border-line bg-surface p-4">
        <RadioGroup
          legend="What did you find?"
          name="decision"
          value={decision}
          onValueChange={(value) => setDecision(value as Decision)}
          options={options(provider.runsAt, environment.name, buildsNothing)}
        />
        {decision === 'adopt' && asksRun ? (
          <Field
            label="Run id"
            hint={`It is in the address of the run at ${provider.runsAt}.`}
            required
            error={errors['remoteId']}
          >
            <Input
              autoComplete="off"
              maxLength={100}
              value={remoteId}
              onChange={(event) => setRemoteId(event.target.value)}
              className="font-mono"
            />
          </Field>
        ) : null}
        <Field label="Reason" hint="What you saw. Kept in the audit log." required error={errors['reason']}>
          <Textarea rows={2} maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} />
        </Field>
        {verb.refusal ? <Notice tone="bad" live title={verb.refusal.sentence} /> : null}
        <div>
          <SubmitButton
            variant={decision === 'adopt' ? 'primary' : 'danger'}
            pending={verb.pending}
            disabledReason={
              actions.resolve.allowed ? null : (actions.resolve.refusal?.sentence ?? 'This cannot be settled now.')
            }
          >
            {decision === 'adopt'
              ? asksRun
                ? 'Take over this run'
                : 'Follow it'
              : decision === 'send_again'
                ? 'Send it again'
                : 'Give up'}
          </SubmitButton>
        </div>
      </form>
    </section>
  );
}
