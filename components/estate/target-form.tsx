'use client';

import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { useAction } from '@/components/console/use-action';
import { Button } from '@/components/ui/button';
import { ButtonLink } from '@/components/ui/button-link';
import { Notice } from '@/components/ui/notice';
import { Panel } from '@/components/ui/panel';
import type { EstateTarget, EstateView } from '@/lib/targets/model/view';
import { CheckPanel } from './check-panel';
import type { TargetActions } from './estate-actions';
import { errorOf } from './field-text';
import { FixedInputs } from './fixed-inputs';
import { PlaceFields } from './place-fields';
import { probeOf } from './probe-draft';
import { ProbeFields } from './probe-fields';
import { savedPath } from './saved-target';
import { SettingsFields } from './settings-fields';
import { configOf, draftOf, inputProblems, type ProviderForm, type TargetDraft } from './target-draft';
import { useTargetCheck } from './use-target-check';

interface TargetFormProps extends TargetActions {
  estate: EstateView;
  providers: Record<string, ProviderForm>;
  /** Null for a new one. */
  target: EstateTarget | null;
  wanted: { component: string; environment: string };
}

/** Binds a component to an environment, with the provider's answer beside it before anything is stored. */
export function TargetForm({ estate, providers, target, wanted, create, update }: TargetFormProps) {
  const router = useRouter();
  const creation = useAction(create);
  const change = useAction(update);
  const { pending, refusal, fields: errors } = target ? change : creation;
  const [draft, setDraft] = useState<TargetDraft>(() => draftOf(target, estate, wanted));
  const edit = (changes: Partial<TargetDraft>) => setDraft((now) => ({ ...now, ...changes }));

  const connection = estate.connections.find((each) => each.id === draft.connectionId);
  const provider = connection ? (providers[connection.providerId] ?? null) : null;
  const environment = estate.environments.find((each) => each.id === draft.environmentId);
  const checking = useTargetCheck(draft, provider);
  const form = checking.check?.form ?? null;
  const inputsField = provider?.fields.find((field) => field.kind === 'inputs');
  const problems = inputProblems(draft.inputs, form);
  const doubtful = Boolean(checking.check?.problem) || Object.keys(problems).length > 0;

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const { connectionId, label } = draft;
    const config = configOf(draft, provider?.fields ?? []);
    const settings = { connectionId, label, config, probe: probeOf(draft.probe) };
    if (target) {
      const done = await change.run({ id: target.id, version: target.version, ...settings });
      if (done.ok) router.push(savedPath(target.id, done.value));
      return;
    }
    const { componentId, environmentId } = draft;
    const made = await creation.run({ componentId, environmentId, ...settings });
    if (made.ok) router.push(`/estate?saved=${made.value.id}`);
  }

  return (
    <div className="grid items-start gap-5 *:min-w-0 lg:grid-cols-[minmax(0,1fr)_minmax(0,26rem)]">
      <Panel>
        <form onSubmit={submit} noValidate className="grid gap-5 *:min-w-0">
          <PlaceFields estate={estate} target={target} draft={draft} errors={errors} onChange={edit} />
          {provider ? (
            <SettingsFields
              fields={provider.fields}
              values={draft.values}
              errors={{ ...checking.check?.fields, ...errors }}
              connectionId={draft.connectionId}
              onChange={(changes) => edit({ values: { ...draft.values, ...changes } })}
            />
          ) : null}
          {inputsField ? (
            <FixedInputs
              inputs={draft.inputs}
              form={form}
              problems={problems}
              error={errorOf(errors, `config.${inputsField.name}`)}
              environment={environment}
              onChange={(inputs) => edit({ inputs })}
            />
          ) : null}
          <ProbeFields draft={draft.probe} errors={errors} onChange={(probe) => edit({ probe })} />
          {refusal ? <Notice tone="bad" live title={refusal.sentence} /> : null}
          <div className="flex flex-wrap gap-2">
            <Button
              type="submit"
              variant="primary"
              pending={pending}
              disabledReason={environment?.refusal ?? estate.refusals.targets}
            >
              {doubtful ? 'Save anyway' : target ? 'Save' : 'Add target'}
            </Button>
            <ButtonLink href="/estate" variant="quiet">
              Back
            </ButtonLink>
          </div>
        </form>
      </Panel>
      <CheckPanel state={checking} example={provider?.example ?? null} />
    </div>
  );
}
